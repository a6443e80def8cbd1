"""All figures of the report in one pass over the links."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from linkcrawler.records import Link
from pipelines.queries.placements import lead_placement
from pipelines.queries.standing import standing_of
from pipelines.reports.figures.accrual import Accruals, Curve, PageAccrual
from pipelines.reports.figures.coverage import Coverage, Coverages
from pipelines.reports.figures.disclosure import Audit, Audits
from pipelines.reports.figures.survival import LOST, Lives, Step
from pipelines.reports.report import GROUPS, MODES, Collector, Counts, Summary
from pipelines.stores.protocol import UNCLASSIFIED
from pipelines.verdicts.model import Model

ANCHOR_CHARS = 200
"""Longer anchors are told by their beginning; those that begin alike count together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the HTML report shows."""

    summary: Summary
    anchors: dict[str, Counts]
    """The most frequent ones (by their first :data:`ANCHOR_CHARS`) to groups, most links first."""
    anchors_total: int
    accruing: tuple[PageAccrual, ...]
    curves: tuple[Curve, ...]
    survival: dict[str, tuple[Step, ...]]
    """By mode."""
    watched_days: dict[str, int]
    """By mode: the longest observation."""
    lost: dict[str, Counts]
    """Month of the newest visit that found a link that is lost now, to groups, oldest first."""
    known_active: Audit
    judged_active: Audit
    coverage: Coverage
    from_visit: datetime | None
    """Of all links, the first sighting; None without links."""
    to_visit: datetime | None
    """The newest sighting."""


class FigureCollector:
    """Takes links one by one. Memory grows with distinct pages, domains and anchors, not with links."""

    def __init__(self, model: Model) -> None:
        self._summary = Collector(model)
        self._anchors: dict[str, Counter[str]] = {}
        self._accruals, self._audits, self._coverages = Accruals(), Audits(), Coverages()
        self._lives = {mode: Lives() for mode in MODES}
        self._lost: dict[str, Counter[str]] = {}
        self._first: datetime | None = None
        self._last: datetime | None = None

    def add(self, link: Link) -> None:
        lead, standing = lead_placement(link), standing_of(link)
        group: str = standing.mode.value if standing else UNCLASSIFIED
        self._summary.add(link)
        self._anchors.setdefault(lead.anchor[:ANCHOR_CHARS], Counter())[group] += 1
        self._accruals.add(link)
        self._audits.add(link, lead, standing)
        self._coverages.add(link)
        if standing:
            self._lives[group].add(link)
        if link.status == LOST:
            self._lost.setdefault(f"{link.last_seen:%Y-%m}", Counter())[group] += 1
        self._first = min(self._first or link.first_seen, link.first_seen)
        self._last = max(self._last or link.last_seen, link.last_seen)

    def figures(self, *, top: int) -> Figures:
        """The figures so far, with the ``top`` most linked target pages and most frequent anchors."""
        anchors = sorted(self._anchors.items(), key=lambda entry: (-entry[1].total(), entry[0]))
        return Figures(
            summary=self._summary.summary(top=top),
            anchors={text: {group: found[group] for group in GROUPS} for text, found in anchors[:top]},
            anchors_total=len(anchors),
            accruing=self._accruals.pages(top=top),
            curves=self._accruals.curves(),
            survival={mode: lives.steps() for mode, lives in self._lives.items()},
            watched_days={mode: lives.longest for mode, lives in self._lives.items()},
            lost={month: {group: self._lost[month][group] for group in GROUPS} for month in sorted(self._lost)},
            known_active=self._audits.known,
            judged_active=self._audits.judged,
            coverage=self._coverages.coverage(),
            from_visit=self._first,
            to_visit=self._last,
        )


async def figures_of(links: AsyncIterator[Link], model: Model, *, top: int) -> Figures:
    """One pass over the links; ``model`` is the one whose measured errors shares are corrected for."""
    collector = FigureCollector(model)
    async for link in links:
        collector.add(link)
    return collector.figures(top=top)
