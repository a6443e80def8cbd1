"""Writes very many links as CSV, JSON Lines or Parquet, by as many processes as there are cores.

The lines are those of :mod:`pipelines.reports.export.text_files`, in the same order; Parquet is made of lines by this
process. It reads which links fit and hands their ids out in turn; each writer (:mod:`pipelines.reports.export.writer`)
opens the store for itself and gives back finished lines. What they tell each other is JSON and bytes; the address of
the store goes through a pipe, where no list of processes shows it.

Where a store's links lie in another order than that of their ids (SQLite), all of them are read as they lie, and their
lines sorted on disk (:mod:`pipelines.reports.export.spool`).
"""

import asyncio
import os
import shutil
import struct
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import IO

import msgspec

from linkcrawler.errors import StoreError
from pipelines.reports.export.parquet import parquet_of_lines, write_parquet
from pipelines.reports.export.spool import BYTES_A_LINE, PARTS
from pipelines.reports.export.text_files import write_header, write_lines
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store

FEW = 20_000
"""Links that this process writes by itself in the time in which writers start."""
AHEAD = 2
"""Orders a writer has at a time, so that it never waits."""
LENGTHS = struct.Struct(">II")
"""Before each answer: how many lines, how many bytes."""
_PIPE = 1 << 20


class Start(msgspec.Struct):
    """What a writer is told first."""

    store: str
    form: str
    sort: str
    spool: str = ""
    """A folder; none: lines are wanted in the order of their ids."""


class Order(msgspec.Struct, omit_defaults=True):
    """What a writer is to do. Without a spool: to give the lines of ``ids``."""

    ids: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    """Whose lines go into the spool; none: the rest that is still in memory goes there, too."""
    part: int | None = None
    """Of the spool, whose lines are given."""


async def write_links(store: Store, url: str, where: LinkFilter, form: str, out: IO[bytes], *, few: int = FEW) -> int:
    """All links that fit as ``csv``, ``jsonl`` or ``parquet``, ``url`` being the store's address; returns how many.

    Raises StoreError if a writer ends before its work is done.
    """
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    alone = where.asks_appearance or not store.serves_many or processes == 1
    if alone or await _are_few(store, where, few):
        if form == "parquet":
            return await write_parquet(store.flat(where), out)
        write_header(form, out)
        return await write_lines(store, where, form, out)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory()) if await _is_sorted_here(store, where) else ""
        start = Start(url, form, where.sort, folder)
        writers = [await stack.enter_async_context(_writer(start)) for _ in range(processes)]
        if form == "parquet":  # only now: of what this process has in memory writers begin with as much
            out = stack.enter_context(parquet_of_lines(out))
        write_header(form, out)
        if not (folder and store.as_stored):
            return await _write_in_turn((Order(ids=tuple(ids)) async for ids in store.ids(where)), writers, out)
        orders = (Order(places=tuple(places)) async for places in store.as_stored.places(where))
        await _write_in_turn(orders, writers, out)
        await _write_in_turn(_each(Order() for _ in writers), writers, out)
        return await _write_in_turn(_each(Order(part=part) for part in range(PARTS)), writers, out)


async def _is_sorted_here(store: Store, where: LinkFilter) -> bool:
    """Whether that is worth it, and the disk has the room."""
    if not store.as_stored or where.sort != "id" or where.limit or where.after or where.ids:
        return False
    return await store.count(where) * BYTES_A_LINE < shutil.disk_usage(tempfile.gettempdir()).free


async def _each(orders: Iterable[Order]) -> AsyncIterator[Order]:
    for order in orders:
        yield order


async def _are_few(store: Store, where: LinkFilter, few: int) -> bool:
    if where.limit and where.limit <= few:
        return True
    return sum([len(ids) async for ids in store.ids(replace(where, limit=few + 1))]) <= few


async def _write_in_turn(orders: AsyncIterator[Order], writers: Sequence[Process], out: IO[bytes]) -> int:
    count = given = 0
    waiting: deque[Process] = deque()
    async for order in orders:
        writer = writers[given % len(writers)]
        await _tell(writer, order)
        waiting.append(writer)
        given += 1
        if len(waiting) == AHEAD * len(writers):
            count += await _take(waiting.popleft(), out)
    while waiting:
        count += await _take(waiting.popleft(), out)
    return count


@asynccontextmanager
async def _writer(start: Start) -> AsyncIterator[Process]:
    command = (sys.executable, "-m", "pipelines.reports.export.writer")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=_PIPE)
    try:
        await _tell(process, start)
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _tell(process: Process, what: object) -> None:
    assert process.stdin
    process.stdin.write(msgspec.json.encode(what) + b"\n")
    try:
        await process.stdin.drain()
    except ConnectionError as error:
        raise _ended(process) from error


async def _take(process: Process, out: IO[bytes]) -> int:
    """How many lines the writer's next answer has."""
    assert process.stdout
    try:
        count, size = LENGTHS.unpack(await process.stdout.readexactly(LENGTHS.size))
        while size:
            some = await process.stdout.read(min(size, _PIPE))
            if not some:
                raise _ended(process)
            out.write(some)
            size -= len(some)
        out.flush()
    except asyncio.IncompleteReadError as error:
        raise _ended(process) from error
    return int(count)


def _ended(process: Process) -> StoreError:
    return StoreError(
        f"process {process.pid}, one of those that write the export, ended before its work was done; what it said "
        "stands above; run again once the reason is removed"
    )
