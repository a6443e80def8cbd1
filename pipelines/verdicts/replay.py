"""Verdicts to compare: those of an export, or those that a model would give over a store."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from linkcrawler.errors import UsageError
from linkcrawler.records import Evidence, Link, Verdict
from linkcrawler.vocabulary import Channel, Mode
from pipelines.evidence import load_signals
from pipelines.queries.scratch import scratch
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


_decode_line = msgspec.json.Decoder(_Line).decode


def read_export(path: Path) -> Iterator[Judged]:
    """The links of an export in the order of their ids, in flat memory. Raises UsageError with the line that does not
    fit."""
    with path.open("rb") as file, closing(scratch(_PLACES)) as places:
        _note(path, file, places)
        for (place,) in places.execute("SELECT place FROM places ORDER BY id"):
            file.seek(place)
            yield _judged_in(_decode_line(file.readline()))


_PLACES = "CREATE TABLE places (id TEXT PRIMARY KEY NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID"


def _note(path: Path, file: IO[bytes], places: sqlite3.Connection) -> None:
    """Where in the file each link's line begins: very many links are exported in another order than that of ids."""
    place = 0
    for number, text in enumerate(file, 1):
        try:
            places.execute("INSERT INTO places VALUES (?, ?)", (_decode_line(text).id, place))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{path}, line {number}: {error}; expected what `linkcrawler links --format jsonl` writes"
            ) from error
        except sqlite3.IntegrityError as error:
            raise UsageError(f"{path}, line {number}: a link that an earlier line has; expected each once") from error
        place += len(text)


def _judged_in(line: _Line) -> Judged:
    verdict = line.judged or line
    return Judged(
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
