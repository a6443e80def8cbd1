"""Writes very many links as CSV, JSON Lines or Parquet, by as many processes as there are cores.

The lines are those of :mod:`pipelines.reports.export.text_files`, in the same order; Parquet is made of lines by this
process. It reads which links fit and hands their ids out in turn; each writer (:mod:`pipelines.reports.export.writer`)
opens the store for itself and gives back finished lines. What they tell each other is JSON and bytes; the address of
the store goes through a pipe, where no list of processes shows it.

Where the order does not matter, a store that can reads its links as they lie: in that of their ids those of an SQLite
file are spread all over it.
"""

import os
import struct
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from subprocess import PIPE, Popen
from typing import IO

import msgspec

from linkcrawler.errors import StoreError
from pipelines.reports.export.parquet import parquet_of_lines, write_parquet
from pipelines.reports.export.text_files import write_header, write_lines
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store

FEW = 20_000
"""Links that this process writes by itself in the time in which writers start."""
AHEAD = 2
"""Orders a writer has at a time, so that it never waits."""
PART = struct.Struct(">II")
"""Before each part of an answer: how many lines, how many bytes. An answer ends with a part of none."""
AT_ONCE = 1 << 18
"""Bytes that go into a pipe and come out of it at a time: with each part by itself readers are woken as often."""
_PIPE = 1 << 20
Writer = Popen[bytes]


class Start(msgspec.Struct):
    """What a writer is told first."""

    store: str
    form: str
    sort: str


class Order(msgspec.Struct, omit_defaults=True):
    """The links whose lines a writer is to give."""

    ids: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    """In their stead: where they lie in the store."""


async def write_links(
    store: Store, url: str, where: LinkFilter, form: str, out: IO[bytes], *, as_stored: bool = False, few: int = FEW
) -> int:
    """All links that fit as ``csv``, ``jsonl`` or ``parquet``, ``url`` being the store's address; returns how many.

    ``as_stored``: many links need not be in the order of their ids, but may be in that in which the store holds them.
    Raises StoreError if a writer ends before its work is done.
    """
    alone = where.asks_appearance or not store.serves_many or not writer_count()
    if alone or await _are_few(store, where, few):
        if form == "parquet":
            return await write_parquet(store.flat(where), out)
        write_header(form, out)
        return await write_lines(store, where, form, out)
    with ExitStack() as stack:
        start = Start(url, form, where.sort)
        writers = [stack.enter_context(_writer(start)) for _ in range(writer_count())]
        if form == "parquet":  # only now: of what this process has in memory writers begin with as much
            out = stack.enter_context(parquet_of_lines(out))
        write_header(form, out)
        return await _write_in_turn(_orders(store, where, as_stored=as_stored), writers, out)


def writer_count() -> int:
    """How many processes write very many links: one more than there are cores, so that while one waits for its turn
    another works; none where there is a single core."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1 if cores > 1 else 0


async def _orders(store: Store, where: LinkFilter, *, as_stored: bool) -> AsyncIterator[Order]:
    if store.as_stored and as_stored and where.sort == "id" and not (where.limit or where.after or where.ids):
        async for places in store.as_stored.places(where):
            yield Order(places=tuple(places))
    else:
        async for ids in store.ids(where):
            yield Order(ids=tuple(ids))


async def _are_few(store: Store, where: LinkFilter, few: int) -> bool:
    if where.limit and where.limit <= few:
        return True
    return sum([len(ids) async for ids in store.ids(replace(where, limit=few + 1))]) <= few


async def _write_in_turn(orders: AsyncIterator[Order], writers: Sequence[Writer], out: IO[bytes]) -> int:
    count = given = 0
    waiting: deque[Writer] = deque()
    async for order in orders:
        writer = writers[given % len(writers)]
        _tell(writer, order)
        waiting.append(writer)
        given += 1
        if len(waiting) == AHEAD * len(writers):
            count += _take(waiting.popleft(), out)
    while waiting:
        count += _take(waiting.popleft(), out)
    return count


@contextmanager
def _writer(start: Start) -> Iterator[Writer]:
    command = (sys.executable, "-m", "pipelines.reports.export.writer")
    with Popen(command, stdin=PIPE, stdout=PIPE, pipesize=_PIPE, bufsize=AT_ONCE) as process:  # noqa: S603 - our own module
        try:
            _tell(process, start)
            yield process
        finally:
            process.kill()
            with suppress(BrokenPipeError):
                process.stdin.close()  # type: ignore[union-attr]


def _tell(process: Writer, what: object) -> None:
    assert process.stdin
    try:
        process.stdin.write(msgspec.json.encode(what) + b"\n")
        process.stdin.flush()
    except ConnectionError as error:
        raise _ended(process) from error


def _take(process: Writer, out: IO[bytes]) -> int:
    """How many lines the writer's next answer has. This process has nothing else to do until it comes."""
    lines = 0
    while True:
        count, size = PART.unpack(_read(process, PART.size))
        if not count:
            out.flush()
            return lines
        out.write(_read(process, size))
        lines += count


def _read(process: Writer, size: int) -> bytes:
    assert process.stdout
    found = process.stdout.read(size)
    if len(found) < size:
        raise _ended(process)
    return found


def _ended(process: Writer) -> StoreError:
    return StoreError(
        f"process {process.pid}, one of those that write the export, ended before its work was done; what it said "
        "stands above; run again once the reason is removed"
    )
