"""Copies of one text on unrelated sites that link the same address: near-equal fingerprints of the main text.

Fingerprints of 64 bits are cut into four bands of 16. Two that differ in at most three bits agree in a band at least
(Manku, Jain and Das Sarma, WWW 2007); so each bucket of a band is searched by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from linkcrawler.records import Evidence
from linkcrawler.urls import digest
from pipelines.patterns.groups import Group, Hands
from pipelines.patterns.records import UNKNOWN, Finding, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import WRITTEN, Subject

KIND = "y"
DATED = "z"
"""Marks that tell when which link brought a text; they sort after the buckets, so that copies are known by then."""
SIGNAL = "syndicated-text"
_BANDS = 4
_DIGITS = 4
_DAY_DIGITS = 6
SEARCHED = 4000
"""Distinct fingerprints of one bucket that are compared; beyond it a bucket holds template text, not copies."""


def marks(subject: Subject, _: Settings) -> Iterator[str]:
    simhash = subject.page.simhash
    if len(simhash) != _BANDS * _DIGITS or subject.placement.region not in WRITTEN:
        return
    for band in range(_BANDS):
        bits = simhash[band * _DIGITS : (band + 1) * _DIGITS]
        yield mark(f"{KIND}:{subject.target_id}:{band}{bits}", subject.site, simhash)
    if subject.day != UNKNOWN:
        yield mark(f"{DATED}:{subject.target_id}:{simhash}", subject.site, subject.day + subject.link.id)


@dataclass(slots=True)
class Copies:
    """Clusters of near-equal texts. Memory: the copies found, not the texts searched."""

    bits: int
    _parent: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _sites: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _dated: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    """By text: day and link of each of its copies that is dated, and their sites."""
    skipped: int = 0
    """Buckets that were too full to be searched."""

    def add(self, bucket: Group) -> None:
        by_text: dict[str, set[str]] = {}
        for site, simhash in bucket.members:
            by_text.setdefault(simhash, set()).add(site)
        if len(by_text) > SEARCHED:
            self.skipped += 1
            by_text = {text: sites for text, sites in by_text.items() if len(sites) > 1}
        numbers = [(int(text, 16), text) for text in by_text]
        for place, (number, text) in enumerate(numbers):
            near = [other for value, other in numbers[place + 1 :] if (number ^ value).bit_count() <= self.bits]
            for one in near if near or len(by_text[text]) < 2 else (text,):
                self._join((bucket.target_id, text), (bucket.target_id, one), by_text[text] | by_text[one])

    def date(self, group: Group) -> None:
        """Note when the copies of a text appeared; texts that are no copies are passed over."""
        target_id, text = group.target_id, group.rest
        if (target_id, text) in self._sites:
            self._dated[target_id, text] = [(more, site) for site, more in group.members]

    def findings(self, hands: Hands, settings: Settings) -> dict[str, Finding]:
        """By target id and fingerprint."""
        clusters: dict[tuple[str, str], set[str]] = {}
        dated: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for member, sites in self._sites.items():
            clusters.setdefault(self._root(member), set()).update(sites)
            dated.setdefault(self._root(member), []).extend(self._dated.get(member, ()))
        found = {}
        for member in self._sites:
            sites = clusters[self._root(member)]
            unrelated = {hands.of(site) for site in sites}
            if len(unrelated) >= settings.limits.least_sites:
                act = digest("copy", *self._root(member))
                detail = f"act {act}: copies of one text on {len(unrelated)} sites: {', '.join(sorted(sites)[:3])}"
                found[key_of(*member)] = Finding(SIGNAL, detail + _origin_in(dated[self._root(member)]))
        return found

    def _join(self, one: tuple[str, str], other: tuple[str, str], sites: set[str]) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        if low != high:
            self._parent[high] = low
        for member in (one, other):
            self._sites.setdefault(member, set()).update(sites)

    def _root(self, member: tuple[str, str]) -> tuple[str, str]:
        while (parent := self._parent.get(member)) is not None:
            member = parent
        return member


def _origin_in(dated: list[tuple[str, str]]) -> str:
    """Names the link that was there first; empty if none of the copies is dated or two are of the first day."""
    first, *others = sorted(dated)[:2] or [("", "")]
    day, link = first[0][:_DAY_DIGITS], first[0][_DAY_DIGITS:]
    if not day or (others and others[0][0].startswith(day)):
        return ""
    return f"; origin: link {link} on {first[1]}, {date.fromordinal(int(day))}"


def key_of(target_id: str, simhash: str) -> str:
    return f"{target_id}:{simhash}"


def act_in(evidence: Iterable[Evidence]) -> str:
    """Names the one act that all copies of a text come of; empty if the link is in no copied text."""
    return next((item.detail[:20] for item in evidence if item.signal == SIGNAL), "")
