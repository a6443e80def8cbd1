"""Links of the SQLite store in the order of the file."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from pipelines.stores.flat import FlatRow
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.sqlite import filter as filtering
from pipelines.stores.sqlite import flat as of_rows
from pipelines.stores.sqlite import records as of_records

T = TypeVar("T")
Row = tuple[Any, ...]

AT_ONCE = 500
"""Places in a batch; their rows are some 2 MB."""
CACHE_KB = 4_096
"""Links and pages that are read as they lie are read once: more makes nothing faster."""


class Connected(Protocol):
    """What the store lends: its streams, and the connections of its readers."""

    def _read(
        self, statement: str, arguments: Sequence[object] = (), *, decode: Callable[[Iterator[Row]], list[T]], size: int
    ) -> AsyncIterator[list[T]]: ...
    def _reading(self) -> AbstractAsyncContextManager[sqlite3.Connection]: ...


class SqliteAsStored:
    """Implements :class:`pipelines.stores.protocol.AsStored`; a place is the number of a row."""

    def __init__(self, store: Connected) -> None:
        self._store = store

    async def places(self, where: LinkFilter) -> AsyncIterator[Sequence[int]]:
        async for rows in self._store._read(*filtering.select_as_stored(where), decode=list, size=AT_ONCE):
            yield [row for (row,) in rows]

    async def flat(self, places: Sequence[int]) -> Sequence[FlatRow]:
        return await self._at(places, of_rows.FIELDS, of_rows.flat_rows)

    async def records(self, places: Sequence[int]) -> Sequence[object]:
        return await self._at(places, of_records.FIELDS, of_records.records)

    async def _at(self, places: Sequence[int], fields: str, decode: Callable[[Iterator[Row]], list[T]]) -> list[T]:
        async with self._store._reading() as connection:

            def read() -> list[T]:
                connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
                return decode(connection.execute(fields, (json.dumps(places),)))

            return await asyncio.to_thread(read)
