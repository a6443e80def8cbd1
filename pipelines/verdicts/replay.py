"""Verdicts to compare: those of an export, or those that a model would give over a store."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from linkcrawler.errors import UsageError
from linkcrawler.records import Evidence, Link, Verdict
from linkcrawler.vocabulary import Channel, Mode
from pipelines.evidence import load_signals
from pipelines.stores.protocol import LinkFilter, Store
from pipelines.verdicts.beyond import Beyond
from pipelines.verdicts.classification import judge_batch
from pipelines.verdicts.differences import Judged
from pipelines.verdicts.model import Model

BATCH = 500


class _Said(msgspec.Struct):
    mode: Mode | None = None
    channel: Channel | None = None
    confidence: float | None = None


class _Line(_Said, kw_only=True):
    """The fields of ``links --format jsonl`` that matter here; ``judged`` is the verdict, also if it is overruled."""

    id: str
    source_url: str
    target_url: str
    evidence: tuple[Evidence, ...]
    model: str | None
    judged: _Said | None = None


def read_export(path: Path) -> Iterator[Judged]:
    """The links of an export, in flat memory. Raises UsageError with the line that does not fit or is out of order."""
    decode = msgspec.json.Decoder(_Line).decode
    last = ""
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            try:
                line = decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise UsageError(
                    f"{path}, line {number}: {error}; expected what `linkcrawler links --format jsonl` writes"
                ) from error
            if line.id <= last:
                raise UsageError(f"{path}, line {number}: links must stand in the order of their ids, each once")
            last = line.id
            verdict = line.judged or line
            yield Judged(
                id=line.id,
                source_url=line.source_url,
                target_url=line.target_url,
                mode=verdict.mode,
                channel=verdict.channel,
                confidence=verdict.confidence or 0.0,
                evidence=line.evidence,
                model=line.model or "",
            )


async def replayed(store: Store, before: Model, after: Model, at: datetime) -> AsyncIterator[tuple[Judged, Judged]]:
    """What each model says of every link, from the stored records; nothing is written."""
    beyond = await Beyond.of(store)
    signals = [(model, load_signals(model)) for model in (before, after)]
    async for batch in _batches(store.links(LinkFilter())):
        more = await beyond.evidence(batch)
        pair = [judge_batch(batch, model, gathered, at=at, beyond=more) for model, gathered in signals]
        for link, (_, one), (_, other) in zip(batch, *pair, strict=True):
            yield _judged(link, one), _judged(link, other)


async def _batches(links: AsyncIterator[Link]) -> AsyncIterator[Sequence[Link]]:
    batch: list[Link] = []
    async for link in links:
        batch.append(link)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _judged(link: Link, verdict: Verdict) -> Judged:
    return Judged(
        id=link.id,
        source_url=link.source_url,
        target_url=link.target_url,
        mode=verdict.mode,
        channel=verdict.channel,
        confidence=verdict.confidence,
        evidence=verdict.evidence,
        model=verdict.model,
    )
