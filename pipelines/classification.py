"""The post-processing stage: streams links that are due, gathers their evidence, judges them, stores the verdicts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from linkcrawler.records import Link, Verdict
from pipelines.evidence import Signals, gather
from pipelines.judge import judge
from pipelines.model import Model
from pipelines.stores.protocol import Store

Progress = Callable[[int, int], None]
"""Told how many links are done so far, of about how many."""


async def classify(
    store: Store,
    model: Model,
    signals: Signals,
    *,
    everything: bool = False,
    on_progress: Progress = lambda done, total: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Counter[str]:
    """Judge every link that has no verdict of this model or has changed since; all links if ``everything``.

    Verdicts are written batch by batch: stopped at any point, it goes on where it was. Returns the number of links
    by mode.
    """
    counts = Counter[str]()
    totals = await store.totals()
    expected = totals.links if everything else totals.by_mode.get(None, 0)
    async for batch in store.unjudged(model.id, everything=everything):
        verdicts = judge_batch(batch, model, signals, at=_milliseconds(now()))
        await store.put_verdicts(verdicts)
        counts.update(verdict.mode for _, verdict in verdicts)
        on_progress(counts.total(), max(expected, counts.total()))
    return counts


def judge_batch(links: Sequence[Link], model: Model, signals: Signals, *, at: datetime) -> list[tuple[str, Verdict]]:
    """The verdict of each link by its id. Pure."""
    return [(link.id, replace(judge(gather(link, signals), model, at=at), state=link.state)) for link in links]


def _milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
