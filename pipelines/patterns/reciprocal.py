"""Links both ways between watched targets, and circles of them, with order and lag.

What a target links to is known only where the crawl watches both ends: without that nothing is found.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from linkcrawler.domains import domain_of
from pipelines.patterns.groups import Group
from pipelines.patterns.records import Finding, mark
from pipelines.patterns.settings import Limits
from pipelines.patterns.subject import Subject

KIND = "r"
_CHANCE = 0.1
"""Two links that fall near each other by chance more often than this say nothing."""


def marks(subject: Subject, watched: Collection[str]) -> Iterator[str]:
    source, target = domain_of(subject.link.source_url), domain_of(subject.link.target_url)
    if source != target and source in watched and target in watched:
        yield mark(key_of(source, target), source, subject.day)


def key_of(source: str, target: str) -> str:
    return f"{KIND}:{'/'.join(sorted((source, target)))}"


@dataclass(slots=True)
class Exchange:
    """The pairs of watched domains that link. Memory: the pairs, at most the square of the watched domains."""

    pairs: dict[str, dict[str, int]] = field(default_factory=dict)
    """By key: the linking domains of the pair and the first day of their link, 0 if unknown."""

    def add(self, group: Group) -> None:
        self.pairs[group.key] = dict(group.first)

    def findings(self, span: int, limits: Limits) -> dict[str, Finding]:
        """By key. ``span``: the days over which links were seen to appear, whatever they link."""
        return {**self._mutual(span, limits), **self._rings(limits)}

    def _mutual(self, span: int, limits: Limits) -> dict[str, Finding]:
        both = {key: days for key, days in self.pairs.items() if len(days) == 2}
        chance = min(1.0, 2 * limits.reciprocal_days / span) if span else 1.0
        base = f"{len(both)} of {len(self.pairs)} linked pairs are mutual"
        found = {}
        for key, days in both.items():
            (one, first), (other, second) = sorted(days.items(), key=lambda item: item[1])
            lag = second - first
            if first and lag <= limits.reciprocal_days and chance <= _CHANCE:
                detail = f"{one} linked first, {other} {lag} days later; by chance in {chance:.0%}; {base}"
                found[key] = Finding("reciprocal-near", detail)
            else:
                found[key] = Finding("reciprocal", base)
        return found

    def _rings(self, limits: Limits) -> dict[str, Finding]:
        leads: dict[str, dict[str, int]] = {}
        for key, days in self.pairs.items():
            ends = key.partition(":")[2].split("/")
            if len(days) == 1:  # where both link each other it is a pair, no circle
                ((source, day),) = days.items()
                if day and source in ends:
                    leads.setdefault(source, {})[ends[1 - ends.index(source)]] = day
        found: dict[str, Finding] = {}
        for start in sorted(leads):
            for ring in _circles(leads, (start,), limits):
                detail = f"{' > '.join((*ring, ring[0]))} within {limits.ring_days} days"
                for source, target in zip(ring, (*ring[1:], ring[0]), strict=True):
                    found.setdefault(key_of(source, target), Finding("link-ring", detail))
        return found


def _circles(leads: dict[str, dict[str, int]], path: tuple[str, ...], limits: Limits) -> Iterator[tuple[str, ...]]:
    """Circles of three or more that begin at their smallest name, each link near in time to the first."""
    begun = leads[path[0]][path[1]] if len(path) > 1 else 0
    for target, day in sorted(leads.get(path[-1], {}).items()):
        if begun and abs(day - begun) > limits.ring_days:
            continue
        if target == path[0] and len(path) > 2:
            yield path
        elif target > path[0] and target not in path and len(path) < limits.ring_sites:
            yield from _circles(leads, (*path, target), limits)
