"""The post-processing stage: streams links that are due, gathers their evidence, judges them, stores the verdicts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from linkcrawler.records import Evidence, Link, Verdict, in_milliseconds
from pipelines.evidence import Signals, gather
from pipelines.stores.ids import ALL_IDS, IdRange
from pipelines.stores.protocol import Store
from pipelines.verdicts.beyond import Beyond
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import Model

Progress = Callable[[int, int], None]
"""Told how many links are done so far, of about how many."""

WRITTEN_AT_ONCE = 4_000
"""Verdicts of a transaction, at least: pages of indexes are written once for more of them than with a thousand."""


async def classify(
    store: Store,
    model: Model,
    signals: Signals,
    *,
    everything: bool = False,
    within: IdRange = ALL_IDS,
    on_progress: Progress = lambda done, total: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Counter[str]:
    """Judge every link that has no verdict of this model or has changed since; all links if ``everything``.

    Verdicts are written by thousands: stopped at any point, it goes on from there. ``within`` leaves the other
    links to others: ranges that make up all ids give what one run gives. Returns the number of links by mode.
    """
    counts = Counter[str]()
    waiting: list[tuple[str, Verdict]] = []
    totals = await store.totals()
    expected = int((totals.links if everything else totals.by_mode.get(None, 0)) * within.share)
    async for batch in store.unjudged(model.id, everything=everything, within=within):
        # Read after the batch: what is stored later than this raises its links out of the state that is judged here.
        sources = await Beyond.of(store)
        beyond = await sources.evidence(batch)
        waiting += judge_batch(batch, model, signals, at=in_milliseconds(now()), beyond=beyond)
        if len(waiting) >= WRITTEN_AT_ONCE:
            await _write(store, waiting, counts)
            on_progress(counts.total(), max(expected, counts.total()))
    if waiting:
        await _write(store, waiting, counts)
        on_progress(counts.total(), max(expected, counts.total()))
    return counts


async def _write(store: Store, waiting: list[tuple[str, Verdict]], counts: Counter[str]) -> None:
    await store.put_verdicts(waiting)
    counts.update(verdict.mode for _, verdict in waiting)
    waiting.clear()


def judge_batch(
    links: Sequence[Link],
    model: Model,
    signals: Signals,
    *,
    at: datetime,
    beyond: Mapping[str, Sequence[Evidence]] = MappingProxyType({}),
) -> list[tuple[str, Verdict]]:
    """The verdict of each link by its id; ``beyond`` holds evidence from beyond the page, by link id. Pure."""
    return [
        (link.id, judge((*gather(link, signals), *beyond.get(link.id, ())), model, at=at, state=link.state))
        for link in links
    ]
