"""Of links that are known to be active: how many pages say so.

Known means known from elsewhere than the page: a person said so, the outreach log names the placement, or the user
names the site as the target's own. What the model judges active is told beside it and must not be mixed up with it: the
model finds a link all the more easily for being declared.
"""

from collections import Counter
from dataclasses import dataclass

from linkcrawler.records import Link, Placement
from linkcrawler.vocabulary import Mode
from pipelines.queries.standing import Standing
from pipelines.verdicts.axes import Disclosure, axes

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

    def add(self, link: Link, lead: Placement, standing: Standing | None) -> None:
        if standing is None or standing.mode is not Mode.ACTIVE:
            return
        evidence = link.verdict.evidence if link.verdict else ()
        told = axes(standing.channel, evidence, lead).disclosure
        (self._known if is_known(link) else self._judged).add(told, lead)

    @property
    def known(self) -> Audit:
        return self._known.audit()

    @property
    def judged(self) -> Audit:
        return self._judged.audit()


def is_known(link: Link) -> bool:
    """Whether something other than the page says how the link came about."""
    evidence = link.verdict.evidence if link.verdict else ()
    return link.override is not None or any(item.signal in KNOWN_BY and item.weight > 0 for item in evidence)


class _Tally:
    def __init__(self) -> None:
        self._links = 0
        self._declared: Counter[str] = Counter()
        self._rels: Counter[str] = Counter()

    def add(self, told: tuple[Disclosure, ...], lead: Placement) -> None:
        self._links += 1
        self._declared.update(kind.value for kind in told)
        self._rels.update(token for token in UNDECLARED_RELS if token in lead.rel)

    def audit(self) -> Audit:
        return Audit(
            links=self._links,
            declared={kind.value: self._declared[kind.value] for kind in Disclosure},
            rels={token: self._rels[token] for token in UNDECLARED_RELS},
        )
