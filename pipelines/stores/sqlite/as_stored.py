"""Links of the SQLite store in the order of the file."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from pipelines.stores.flat import FlatRow
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.sqlite import filter as filtering
from pipelines.stores.sqlite import flat as of_rows
from pipelines.stores.sqlite import records as of_records
from pipelines.stores.sqlite.readers import Readers

T = TypeVar("T")
Row = tuple[Any, ...]

AT_ONCE = 500
"""Places in a batch."""
TOGETHER = 32
"""Links that are read at a time: they and what is made of them stay in a core's own cache; 500 cost a fifth more."""
_CACHE = "PRAGMA cache_size = -1024"
"""What is read as it lies is read once: more makes nothing faster, and each process of an export has its own."""


class SqliteAsStored:
    """Implements :class:`pipelines.stores.protocol.AsStored`; a place is the number of a row."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def places(self, where: LinkFilter) -> AsyncIterator[Sequence[int]]:
        with await self._readers.lend() as connection:
            connection.execute(_CACHE)
            rows = await asyncio.to_thread(connection.execute, *filtering.select_as_stored(where))
            while batch := await asyncio.to_thread(lambda: [row for (row,) in islice(rows, AT_ONCE)]):
                yield batch

    def flat(self, places: Sequence[int]) -> AsyncIterator[Sequence[FlatRow]]:
        return self._at(places, of_rows.FIELDS, of_rows.flat_rows)

    def records(self, places: Sequence[int]) -> AsyncIterator[Sequence[object]]:
        return self._at(places, of_records.FIELDS, of_records.records)

    async def _at(
        self, places: Sequence[int], fields: str, decode: Callable[[Iterator[Row]], list[T]]
    ) -> AsyncIterator[list[T]]:
        with await self._readers.lend() as connection:
            connection.execute(_CACHE)
            rows = connection.execute(fields, (json.dumps(places),))
            while batch := decode(islice(rows, TOGETHER)):
                yield batch
