"""Streams what an export writes: pieces of a file go out as soon as there is enough of them.

A workbook goes out once it is whole.
"""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from importlib.util import find_spec
from typing import IO, Any, TypeVar

from linkcrawler.errors import UsageError
from pipelines.reports.export.parquet import write_parquet
from pipelines.reports.export.text_files import write_csv, write_jsonl
from pipelines.reports.export.xlsx import write_xlsx
from pipelines.stores.flat import FlatRow
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store

T = TypeVar("T")
Write = Callable[[AsyncIterator[Any], IO[bytes]], Awaitable[int]]

FORMS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
"""Form of the file to its content type."""

_NEEDS = {"xlsx": "xlsxwriter", "parquet": "pyarrow"}
_PIECE = 64 * 1024
_AHEAD = 4
"""Pieces that may wait for a slow reader; writing waits then."""


def export(store: Store, where: LinkFilter, form: str) -> AsyncIterator[bytes]:
    """The links that fit, in one of :data:`FORMS`. Raises UsageError where what writes it is not installed."""
    if form in _NEEDS and find_spec(_NEEDS[form]) is None:
        raise UsageError(f"exports as {form} need a package that is not installed: pip install 'linkcrawler[{form}]'")
    if form == "xlsx":
        return _workbook(store.flat(where))
    if form == "jsonl":
        return _stream(write_jsonl, store.records(where))
    return _stream(write_csv if form == "csv" else write_parquet, store.flat(where))


async def _workbook(source: AsyncIterator[Sequence[FlatRow]]) -> AsyncIterator[bytes]:
    """On disk until it is whole: its table of contents comes last and is written by a library that does not wait."""
    with tempfile.TemporaryFile() as file:
        await write_xlsx(source, file)
        file.seek(0)
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


class _Outlet(io.RawIOBase):
    """A file that can only be written, from which what was written can be taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._place = 0
        self.waiting = 0
        """Bytes that were not taken yet."""

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        piece = bytes(data)
        self._pieces.append(piece)
        self._place += len(piece)
        self.waiting += len(piece)
        return len(piece)

    def take(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces.clear()
        self.waiting = 0
        return found


async def _stream(write: Write, source: AsyncIterator[T]) -> AsyncIterator[bytes]:
    """What ``write`` makes of the source, in pieces; memory holds a few of them."""
    outlet = _Outlet()
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)

    async def fed() -> AsyncIterator[T]:
        async for item in source:
            yield item
            if outlet.waiting >= _PIECE:
                await pieces.put(outlet.take())

    async def run() -> None:
        try:
            await write(fed(), outlet)  # type: ignore[arg-type]  # RawIOBase is all that the writers need
            await pieces.put(outlet.take())
        except Exception:
            await pieces.put(None)
            raise
        await pieces.put(None)

    task = asyncio.create_task(run())
    try:
        while (piece := await pieces.get()) is not None:
            if piece:
                yield piece
        await task
    finally:
        task.cancel()
