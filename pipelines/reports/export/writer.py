"""One of the processes that write an export: reads ids, a list a line, and answers each list with finished lines.

With a spool it answers lists with the number of lines that it put there, an empty list once the rest is there, too, and
the number of a part with the lines of that part. Started by :mod:`pipelines.reports.export.shared`; ends with its
input.
"""

import asyncio
import gc
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from pipelines.reports.export.shared import LENGTHS, Start
from pipelines.reports.export.spool import Spool
from pipelines.reports.export.text_files import lines_of, write_lines
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
    async with open_store(start.store, create=False) as store:
        while line := sys.stdin.buffer.readline():
            order = msgspec.json.decode(line, type=tuple[str, ...] | int)
            if spool is None or isinstance(order, int):
                count, lines = await _finished(store, start, spool, order)
            else:
                count, lines = await _spooled(store, start, spool, order), []
            sys.stdout.buffer.write(LENGTHS.pack(count, sum(map(len, lines))))
            for at in range(0, len(lines), _AT_ONCE):
                sys.stdout.buffer.write(b"".join(lines[at : at + _AT_ONCE]))
            sys.stdout.buffer.flush()
            del lines


async def _finished(
    store: Store, start: Start, spool: Spool | None, order: tuple[str, ...] | int
) -> tuple[int, list[bytes]]:
    if isinstance(order, int):
        part = spool.take(order) if spool else []
        return len(part), part
    answer = io.BytesIO()
    count = await write_lines(store, LinkFilter(ids=order, sort=start.sort), start.form, answer)
    return count, [answer.getvalue()]


async def _spooled(store: Store, start: Start, spool: Spool, ids: tuple[str, ...]) -> int:
    if not ids:
        spool.flush()
        return 0
    count = 0
    async for lines in lines_of(store, LinkFilter(ids=ids), start.form):
        spool.add(lines)
        count += len(lines)
    return count


if __name__ == "__main__":
    gc.disable()  # rows and records hold no cycles; looking for some takes a tenth of the time
    asyncio.run(_work())
