"""Of links that are known to be active: how many pages say so.

Known means known from elsewhere than the page: a person said so, the outreach log names the placement, or the user
names the site as the target's own. What the model judges active is told beside it and must not be mixed up with it: the
model finds a link all the more easily for being declared.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from linkcrawler.vocabulary import Mode
from pipelines.stores.brief import Brief
from pipelines.verdicts.axes import Disclosure, disclosed

KNOWN_BY = frozenset(("outreach-placed", "outreach-placed-on-site", "owned-listed"))
"""Signals that rest on what the user told, not on the page."""

UNDECLARED_RELS = ("nofollow", "ugc")
"""Rel tokens that keep search engines from following and declare no arrangement."""


@dataclass(frozen=True, slots=True)
class Audit:
    """Active links, and how their pages declare them. A page that declares in two ways counts in both."""

    links: int
    declared: dict[str, int]
    """By kind of disclosure (text, rel, schema, legal); ``none`` counts those without any."""
    rels: dict[str, int]
    """By rel token that is no disclosure."""


class Audits:
    """Counts active links, known ones and judged ones apart."""

    def __init__(self) -> None:
        self._known, self._judged = _Tally(), _Tally()

    def add(self, links: Iterable[Brief]) -> None:
        active = Mode.ACTIVE.value
        for link in links:
            if link.mode == active:
                told = disclosed(link.evidence, link.addresses)
                (self._known if is_known(link) else self._judged).add(told, link.rel)

    @property
    def known(self) -> Audit:
        return self._known.audit()

    @property
    def judged(self) -> Audit:
        return self._judged.audit()


def is_known(link: Brief) -> bool:
    """Whether something other than the page says how an active link came about."""
    return link.overruled or any(item.signal in KNOWN_BY and item.weight > 0 for item in link.evidence)


class _Tally:
    def __init__(self) -> None:
        self._counts: Counter[tuple[tuple[Disclosure, ...], str]] = Counter()

    def add(self, told: tuple[Disclosure, ...], rel: str) -> None:
        self._counts[told, rel] += 1

    def audit(self) -> Audit:
        return Audit(
            links=self._counts.total(),
            declared={
                kind.value: sum(count for (told, _), count in self._counts.items() if kind in told)
                for kind in Disclosure
            },
            rels={
                token: sum(count for (_, rel), count in self._counts.items() if token in rel.split())
                for token in UNDECLARED_RELS
            },
        )
