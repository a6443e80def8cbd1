"""One of the processes that write an export: reads orders, a line each, and answers each with finished lines.

Started by :mod:`pipelines.reports.export.shared`, which says what the orders are; ends with its input.
"""

import asyncio
import gc
import io
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, ParamSpec, TypeVar

import msgspec

from pipelines.reports.export.shared import AT_ONCE, PART, Order, Start
from pipelines.reports.export.text_files import LINES
from pipelines.stores.connect import open_store
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store

P = ParamSpec("P")
T = TypeVar("T")


class _Here(ThreadPoolExecutor):
    """Does at once what a thread is to do: this process has nothing else to do meanwhile, and what one core read and
    another one writes out is in the caches of neither (a twentieth of the time)."""

    def submit(self, job: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done = Future[T]()
        try:
            done.set_result(job(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


async def _work() -> None:
    asyncio.get_running_loop().set_default_executor(_Here())
    start = msgspec.json.decode(sys.stdin.buffer.readline(), type=Start)
    decode = msgspec.json.Decoder(Order).decode
    out = io.BufferedWriter(io.FileIO(sys.stdout.fileno(), "w", closefd=False), AT_ONCE)
    async with open_store(start.store, create=False) as store:
        while line := sys.stdin.buffer.readline():
            await _answer(store, start, decode(line), out)


async def _answer(store: Store, start: Start, order: Order, out: IO[bytes]) -> None:
    """A part for each batch that the store reads."""
    async for rows in _batches(store, start, order):
        if rows:
            lines = LINES[start.form](rows)
            out.write(PART.pack(len(rows), len(lines)))
            out.write(lines)
    out.write(PART.pack(0, 0))
    out.flush()


def _batches(store: Store, start: Start, order: Order) -> AsyncIterator[Sequence[Any]]:
    if order.places and store.as_stored:
        return (store.as_stored.records if start.form == "jsonl" else store.as_stored.flat)(order.places)
    where = LinkFilter(ids=order.ids, sort=start.sort)
    return store.records(where) if start.form == "jsonl" else store.flat(where)


if __name__ == "__main__":
    gc.disable()  # rows and records hold no cycles; looking for some takes a tenth of the time
    asyncio.run(_work())
