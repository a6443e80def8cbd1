"""One of the processes that write an export: reads ids, a list a line, and answers each list with finished lines.

Started by :mod:`pipelines.reports.export.shared`; ends with its input.
"""

import asyncio
import gc
import io
import sys
from concurrent.futures import ThreadPoolExecutor

import msgspec

from pipelines.reports.export.shared import LENGTHS, Start
from pipelines.reports.export.text_files import write_lines
from pipelines.stores.connect import open_store
from pipelines.stores.link_filter import LinkFilter


async def _work() -> None:
    # One thread reads: each has memory of its own, which grows to that of a batch and stays.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    start = msgspec.json.decode(sys.stdin.buffer.readline(), type=Start)
    async with open_store(start.store, create=False) as store:
        while line := sys.stdin.buffer.readline():
            ids = msgspec.json.decode(line, type=tuple[str, ...])
            answer = io.BytesIO()
            count = await write_lines(store, LinkFilter(ids=ids, sort=start.sort), start.form, answer)
            lines = answer.getbuffer()
            sys.stdout.buffer.write(LENGTHS.pack(count, len(lines)))
            sys.stdout.buffer.write(lines)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    gc.disable()  # rows and records hold no cycles; looking for some takes a tenth of the time
    asyncio.run(_work())
