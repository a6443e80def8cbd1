"""One of the processes that write an export: reads orders, a line each, and answers each with finished lines.

Started by :mod:`pipelines.reports.export.shared`, which says what the orders are; ends with its input.
"""

import asyncio
import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import msgspec

from pipelines.reports.export.shared import LENGTHS, Order, Start
from pipelines.reports.export.text_files import LINES, lines_of
from pipelines.stores.connect import open_store
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store


async def _work() -> None:
    # One thread reads: each has memory of its own, which grows to that of a batch and stays.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    start = msgspec.json.decode(sys.stdin.buffer.readline(), type=Start)
    decode = msgspec.json.Decoder(Order).decode
    async with open_store(start.store, create=False) as store:
        while line := sys.stdin.buffer.readline():
            count, lines = await _lines(store, start, decode(line))
            sys.stdout.buffer.write(LENGTHS.pack(count, len(lines)))
            sys.stdout.buffer.write(lines)
            sys.stdout.buffer.flush()


async def _lines(store: Store, start: Start, order: Order) -> tuple[int, bytes]:
    if order.places and store.as_stored:
        read = store.as_stored.records if start.form == "jsonl" else store.as_stored.flat
        return len(order.places), LINES[start.form](await read(order.places))
    batches = [batch async for batch in lines_of(store, LinkFilter(ids=order.ids, sort=start.sort), start.form)]
    return sum(count for count, _ in batches), b"".join(lines for _, lines in batches)


if __name__ == "__main__":
    gc.disable()  # rows and records hold no cycles; looking for some takes a tenth of the time
    asyncio.run(_work())
