"""All figures of the report in one pass over the links."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from pipelines.reports.figures.accrual import Accruals, Curve, PageAccrual
from pipelines.reports.figures.coverage import Coverage, Coverages
from pipelines.reports.figures.disclosure import Audit, Audits
from pipelines.reports.figures.losses import Losses
from pipelines.reports.figures.survival import LOST, Lives, Step
from pipelines.reports.figures.tally import Tally
from pipelines.reports.report import GROUPS, MODES, Collector, Counts, Summary
from pipelines.stores.brief import Brief
from pipelines.stores.protocol import HYPERLINK, LinkFilter, Store
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
    """Takes links batch by batch; what may have very many names is counted on disk."""

    def __init__(self, model: Model) -> None:
        self._summary = Collector(model)
        self._anchors = Tally(GROUPS)
        self._audits, self._coverages = Audits(), Coverages()
        self._lives = {mode: Lives() for mode in MODES}
        self._lost: dict[str, Counter[str]] = {}
        self._first = self._last = ""

    def add(self, links: Sequence[Brief], stood: Mapping[str, datetime]) -> None:
        """``stood``: the newest visit that found a link before its first loss, as far as events tell."""
        self._summary.add(links)
        self._anchors.add([(link.anchor[:ANCHOR_CHARS], "", link.mode) for link in links])
        self._audits.add(links)
        self._coverages.add(links)
        for link in links:
            if link.mode in self._lives:
                self._lives[link.mode].add(link, stood.get(link.id))
            if link.status == LOST:
                self._lost.setdefault(link.last_seen[:_MONTH], Counter())[link.mode] += 1
        first = min(link.first_seen for link in links)
        self._first = min(self._first or first, first)
        self._last = max(self._last, *(link.last_seen for link in links))

    def figures(self, *, top: int) -> Figures:
        """The figures so far, with the ``top`` most linked target pages and most frequent anchors."""
        accruals = Accruals(top=top)
        for url, entries in self._summary.target_pages.entries():
            accruals.add(url, entries)
        return Figures(
            summary=self._summary.summary(top=top),
            anchors=self._anchors.ranked(top),
            anchors_total=self._anchors.names()["total"],
            accruing=accruals.pages(),
            curves=accruals.curves(self._last[:_MONTH]),
            survival={mode: lives.steps() for mode, lives in self._lives.items()},
            watched_days={mode: lives.longest for mode, lives in self._lives.items()},
            lost={month: {group: self._lost[month][group] for group in GROUPS} for month in sorted(self._lost)},
            known_active=self._audits.known,
            judged_active=self._audits.judged,
            coverage=self._coverages.coverage(),
            from_visit=datetime.fromisoformat(self._first) if self._first else None,
            to_visit=datetime.fromisoformat(self._last) if self._last else None,
        )

    def close(self) -> None:
        self._summary.close()
        self._anchors.close()


async def figures_of(
    store: Store, model: Model, *, target: str = "", top: int, on_progress: Callable[[int], None] = lambda _: None
) -> Figures:
    """One pass over the links (to one target, if one is given) that a reader can follow.

    ``model`` is the one whose measured errors shares are corrected for. ``on_progress``: how many links are read.
    """
    read = 0
    with closing(FigureCollector(model)) as collector, closing(Losses()) as losses:
        await losses.read(store, target)
        async for batch in store.briefs(LinkFilter(target=target, kind=HYPERLINK)):
            collector.add(batch, losses.of(link.id for link in batch))
            read += len(batch)
            on_progress(read)
        return await asyncio.to_thread(collector.figures, top=top)


_MONTH = len("2026-01")
