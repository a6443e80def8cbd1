"""Where seeds come from, in the SQLite store."""

import json
import sqlite3
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from linkcrawler.vocabulary import Outcome
from pipelines.stores.fold import timestamp
from pipelines.stores.seeds import KnownSeed
from pipelines.stores.sqlite.days import day_text, read_day
from pipelines.stores.sqlite.history import Connected

Row = tuple[Any, ...]

DDL = """
CREATE TABLE seeds (
    id TEXT PRIMARY KEY NOT NULL,
    url TEXT NOT NULL,
    origin TEXT NOT NULL,
    source TEXT NOT NULL,
    row INTEGER NOT NULL,
    target TEXT NOT NULL,
    target_url TEXT NOT NULL,
    since TEXT,
    last TEXT,
    lost TEXT,
    noted_at TEXT NOT NULL
);
CREATE INDEX seeds_url ON seeds (url);
CREATE INDEX seeds_source ON seeds (origin, source, url);
"""

_NEW = "INSERT OR IGNORE INTO seeds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_WIDER = """
UPDATE seeds SET
    row = min(row, ?1), since = min(ifnull(since, ?2), ifnull(?2, since)),
    last = max(ifnull(last, ?3), ifnull(?3, last)), lost = max(ifnull(lost, ?4), ifnull(?4, lost)),
    noted_at = min(noted_at, ?5)
WHERE id = ?6
"""
_COLUMNS = "url, origin, source, row, target, target_url, since, last, lost, noted_at"
_ALL = f"SELECT {_COLUMNS} FROM seeds ORDER BY origin, source, url, id"  # noqa: S608 - constants only
_OF_PAGES = f"SELECT {_COLUMNS} FROM seeds WHERE url IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608
_FORGET = "DELETE FROM seeds WHERE origin = ? AND source = ?"
_VISITED = "SELECT url, outcome, detail FROM visits WHERE url IN (SELECT value FROM json_each(?)) ORDER BY url, at, id"
_LINKS_ON = """
SELECT source_url, count(*) FROM links WHERE source_url IN (SELECT value FROM json_each(?)) GROUP BY source_url
"""


class SqliteSeeds:
    """Implements :class:`pipelines.stores.seeds.SeedStore`."""

    def __init__(self, store: Connected) -> None:
        self._store = store

    async def put(self, seeds: Sequence[KnownSeed]) -> int:
        return await self._store._run(self._store._in_transaction, _put, seeds)

    def all(self) -> AsyncIterator[Sequence[KnownSeed]]:
        return self._store._read(_ALL, decode=_read)

    async def of_pages(self, urls: Collection[str]) -> list[KnownSeed]:
        return _read(await self._rows(_OF_PAGES, urls))

    async def forget(self, origin: str, source: str) -> int:
        def forget(connection: sqlite3.Connection) -> int:
            return connection.execute(_FORGET, (origin, source)).rowcount

        return await self._store._run(self._store._in_transaction, forget)

    async def visited(self, urls: Collection[str]) -> Mapping[str, str]:
        rows = await self._rows(_VISITED, urls)
        return {url: detail if outcome == Outcome.REDIRECTED else "" for url, outcome, detail in rows}

    async def links_on(self, urls: Collection[str]) -> Mapping[str, int]:
        return dict(await self._rows(_LINKS_ON, urls))

    async def _rows(self, statement: str, urls: Collection[str]) -> list[Row]:
        found = self._store._read(statement, (json.dumps(sorted(urls)),), decode=list)
        return [row async for batch in found for row in batch]


def _put(connection: sqlite3.Connection, seeds: Sequence[KnownSeed]) -> int:
    new = max(0, connection.executemany(_NEW, map(_row, seeds)).rowcount)
    connection.executemany(
        _WIDER,
        (
            (one.row, day_text(one.since), day_text(one.last), day_text(one.lost), timestamp(one.noted_at), one.id)
            for one in seeds
        ),
    )
    return new


def _row(seed: KnownSeed) -> Row:
    return (
        seed.id,
        seed.url,
        seed.origin,
        seed.source,
        seed.row,
        seed.target,
        seed.target_url,
        day_text(seed.since),
        day_text(seed.last),
        day_text(seed.lost),
        timestamp(seed.noted_at),
    )


def _read(rows: Iterable[Row]) -> list[KnownSeed]:
    return [
        KnownSeed(
            url=url,
            origin=origin,
            source=source,
            row=row,
            target=target,
            target_url=target_url,
            since=read_day(since),
            last=read_day(last),
            lost=read_day(lost),
            noted_at=datetime.fromisoformat(noted_at),
        )
        for url, origin, source, row, target, target_url, since, last, lost, noted_at in rows
    ]
