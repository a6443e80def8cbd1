"""One of the processes that write an export: reads orders, a line each, and answers each with finished lines.

Started by :mod:`pipelines.reports.export.shared`, which says what the orders are; ends with its input.
"""

import asyncio
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from pipelines.reports.export.shared import LENGTHS, Order, Start
from pipelines.reports.export.spool import Spool
from pipelines.reports.export.text_files import LINES, lines_of
from pipelines.stores.connect import open_store
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store

_AT_ONCE = 500
"""Lines that are joined: a part as a whole would be in memory twice."""


async def _work() -> None:
    # One thread reads: each has memory of its own, which grows to that of a batch and stays.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    start = msgspec.json.decode(sys.stdin.buffer.readline(), type=Start)
    spool = Spool(Path(start.spool), start.form) if start.spool else None
    decode = msgspec.json.Decoder(Order).decode
    async with open_store(start.store, create=False) as store:
        while line := sys.stdin.buffer.readline():
            order = decode(line)
            lines = await _spooled(store, start, spool, order) if spool else await _in_order(store, start, order)
            sys.stdout.buffer.write(LENGTHS.pack(len(lines), sum(map(len, lines))))
            for at in range(0, len(lines), _AT_ONCE):
                sys.stdout.buffer.write(b"".join(lines[at : at + _AT_ONCE]))
            sys.stdout.buffer.flush()
            del lines


async def _in_order(store: Store, start: Start, order: Order) -> list[bytes]:
    batches = lines_of(store, LinkFilter(ids=order.ids, sort=start.sort), start.form)
    return [line async for lines in batches for line in lines]


async def _spooled(store: Store, start: Start, spool: Spool, order: Order) -> list[bytes]:
    if order.part is not None:
        return spool.take(order.part)
    if not order.places:
        spool.flush()
    elif store.as_stored:
        read = store.as_stored.records if start.form == "jsonl" else store.as_stored.flat
        spool.add(LINES[start.form](await read(order.places)))
    return []


if __name__ == "__main__":
    gc.disable()  # rows and records hold no cycles; looking for some takes a tenth of the time
    asyncio.run(_work())
