"""Events, due pages, watched targets and what was refused, in the SQLite store."""

import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec

from linkcrawler.records import DuePage, Event, Placement, Sighting
from pipelines.stores.fold import VisitRow, timestamp
from pipelines.stores.history import Derive, EventFilter, Forgotten, Refused, Watched
from pipelines.stores.sqlite import events as of_events

T = TypeVar("T")
Row = tuple[Any, ...]

TABLES = """
CREATE TABLE targets (
    target TEXT PRIMARY KEY NOT NULL,
    project TEXT NOT NULL,
    owned TEXT NOT NULL,
    brands TEXT NOT NULL,
    competitors TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE quarantine (
    id TEXT PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,
    record TEXT NOT NULL
) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX pages_due ON pages (next_due, url) WHERE next_due IS NOT NULL;
"""

_OF_TARGETS = """
EXISTS (SELECT 1 FROM links WHERE source_url = pages.url AND target IN (SELECT value FROM json_each(?)))
"""
_PAGES = "SELECT url, next_due, last_visit, etag, last_modified FROM pages"
_DUE = f"""{_PAGES}
WHERE next_due <= ? AND {_OF_TARGETS} ORDER BY next_due, url LIMIT ?
"""
_KNOWN = f"""{_PAGES}
WHERE url IN (SELECT value FROM json_each(?)) AND next_due IS NOT NULL ORDER BY url
"""  # noqa: S608 - constants only
_STANDING = """
SELECT l.target_url, l.target, l.last_seen, l.placements FROM links AS l JOIN pages AS p ON p.url = l.source_url
WHERE l.source_url = ? AND l.last_seen >= p.validated_at AND l.status <> 'lost' ORDER BY l.id
"""
# The newest successful visit before the bound stays: what follows is told apart from it.
_BASELINES = """
SELECT url, newest
FROM (SELECT url, max(at) AS newest FROM visits WHERE outcome = 'ok' AND at < ? GROUP BY url) AS found
WHERE EXISTS (SELECT 1 FROM visits WHERE visits.url = found.url AND at < newest)
"""

_decode_links = msgspec.json.Decoder(tuple[str, ...]).decode
_decode_placements = msgspec.json.Decoder(tuple[Placement, ...]).decode


class Connected(Protocol):
    """What the store lends: its thread, its transactions, its streams."""

    async def _run(self, job: Callable[..., T], *arguments: object) -> T: ...
    def _in_transaction(self, job: Callable[..., T], *arguments: object) -> T: ...
    def _read(
        self, statement: str, arguments: Sequence[object] = (), *, decode: Callable[[Iterator[Row]], list[T]]
    ) -> AsyncIterator[list[T]]: ...


class SqliteHistory:
    """Implements :class:`pipelines.stores.history.HistoryStore`."""

    def __init__(self, store: Connected) -> None:
        self._store = store

    async def settle(self, derive: Derive, *, now: datetime, most: int = 200) -> int:
        return await self._write(of_events.settle, derive, now, most)

    def events(self, where: EventFilter) -> AsyncIterator[Sequence[Event]]:
        return self._store._read(*of_events.select_events(where), decode=of_events.read_events)

    async def visits(self, url: str, *, most: int) -> list[VisitRow]:
        found = self._store._read(of_events.VISITS_OF_PAGE, (url, most), decode=of_events.read_visits)
        return [visit async for batch in found for visit in batch]

    async def unsent(
        self, channel: str, kinds: Collection[str], *, target: str, noted_from: datetime, most: int
    ) -> list[Event]:
        return await self._write(of_events.unsent, channel, kinds, target, noted_from, most)

    async def mark_sent(self, channel: str, events: Collection[str]) -> None:
        await self._write(of_events.mark_sent, channel, events)

    async def due_pages(self, targets: Collection[str], *, by: datetime, most: int = 0) -> list[DuePage]:
        return await self._write(_due_pages, targets, by, most)

    async def known_pages(self, urls: Collection[str]) -> list[DuePage]:
        return await self._write(_known_pages, urls)

    async def standing(self, url: str) -> tuple[Sighting, ...]:
        return await self._write(_standing, url)

    async def placements(self, url: str) -> list[Placement]:
        return await self._write(_placements, url)

    async def count_pages(self, targets: Collection[str]) -> int:
        return await self._write(_count_pages, targets)

    async def put_watched(self, watched: Sequence[Watched]) -> None:
        await self._write(_put_watched, watched)

    async def drop_watched(self, targets: Collection[str]) -> int:
        return await self._write(_drop_watched, targets)

    async def watched(self) -> list[Watched]:
        return await self._write(_watched)

    async def quarantine(self, refused: Sequence[Refused]) -> None:
        await self._write(_quarantine, refused)

    async def quarantined(self) -> list[Refused]:
        return await self._write(_quarantined)

    async def forget(self, before: datetime) -> Forgotten:
        return await self._write(_forget, before)

    async def _write(self, job: Callable[..., T], *arguments: object) -> T:
        return await self._store._run(self._store._in_transaction, job, *arguments)


def _due_pages(connection: sqlite3.Connection, targets: Collection[str], by: datetime, most: int) -> list[DuePage]:
    return _read_pages(connection.execute(_DUE, (timestamp(by), json.dumps([*targets]), most or -1)))


def _known_pages(connection: sqlite3.Connection, urls: Collection[str]) -> list[DuePage]:
    return _read_pages(connection.execute(_KNOWN, (json.dumps([*urls]),)))


def _read_pages(rows: Iterable[Row]) -> list[DuePage]:
    return [
        DuePage(
            url=url,
            next_due=datetime.fromisoformat(next_due),
            last_visit=datetime.fromisoformat(last_visit),
            etag=etag,
            last_modified=last_modified,
        )
        for url, next_due, last_visit, etag, last_modified in rows
    ]


def _standing(connection: sqlite3.Connection, url: str) -> tuple[Sighting, ...]:
    return tuple(
        Sighting(
            source_url=url,
            target_url=target_url,
            target=target,
            seen_at=datetime.fromisoformat(last_seen),
            placements=_decode_placements(placements),
        )
        for target_url, target, last_seen, placements in connection.execute(_STANDING, (url,))
    )


def _placements(connection: sqlite3.Connection, url: str) -> list[Placement]:
    rows = connection.execute("SELECT placements FROM links WHERE source_url = ? ORDER BY id", (url,))
    return [placement for (text,) in rows for placement in _decode_placements(text)]


def _count_pages(connection: sqlite3.Connection, targets: Collection[str]) -> int:
    statement = "SELECT count(DISTINCT source_url) FROM links WHERE target IN (SELECT value FROM json_each(?))"
    return int(connection.execute(statement, (json.dumps([*targets]),)).fetchone()[0])


def _put_watched(connection: sqlite3.Connection, watched: Sequence[Watched]) -> None:
    rows = [(one.target, one.project, _json(one.owned), _json(one.brands), _json(one.competitors)) for one in watched]
    connection.executemany("INSERT OR REPLACE INTO targets VALUES (?, ?, ?, ?, ?)", rows)


def _drop_watched(connection: sqlite3.Connection, targets: Collection[str]) -> int:
    statement = "DELETE FROM targets WHERE target IN (SELECT value FROM json_each(?))"
    return connection.execute(statement, (json.dumps([*targets]),)).rowcount


def _watched(connection: sqlite3.Connection) -> list[Watched]:
    rows = connection.execute("SELECT * FROM targets ORDER BY project, target")
    return [
        Watched(
            target=target,
            project=project,
            owned=_decode_links(owned),
            brands=_decode_links(brands),
            competitors=_decode_links(competitors),
        )
        for target, project, owned, brands, competitors in rows
    ]


def _quarantine(connection: sqlite3.Connection, refused: Sequence[Refused]) -> None:
    rows = [(one.id, timestamp(one.at), one.url, one.reason, one.record) for one in refused]
    connection.executemany("INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?)", rows)


def _quarantined(connection: sqlite3.Connection) -> list[Refused]:
    rows = connection.execute("SELECT id, at, url, reason, record FROM quarantine ORDER BY at, id")
    return [
        Refused(id=one, at=datetime.fromisoformat(at), url=url, reason=reason, record=record)
        for one, at, url, reason, record in rows
    ]


def _forget(connection: sqlite3.Connection, before: datetime) -> Forgotten:
    bound, visits = timestamp(before), 0
    for url, at in connection.execute(_BASELINES, (bound,)).fetchall():
        visits += connection.execute("DELETE FROM visits WHERE url = ? AND at < ?", (url, at)).rowcount
        connection.execute("UPDATE pages SET told_until = max(ifnull(told_until, ''), ?) WHERE url = ?", (at, url))
    events = connection.execute("DELETE FROM events WHERE at < ?", (bound,)).rowcount
    return Forgotten(visits=visits, events=events)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
