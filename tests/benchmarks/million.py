"""Prints what a store of very many links costs: loading, every documented query, exports, memory, bytes.

    python -m tests.benchmarks.million                             SQLite, 1,000,000 links, some time
    python -m tests.benchmarks.million --links 100000 --folder DIR
    python -m tests.benchmarks.million --folder DIR                again on what is there: queries and exports only

Links are loaded by the store's own ``put``. Judged by the post-processing stage are the first ``--judged`` links; the
others get their verdicts in turn, by the store's own ``put_verdicts``: judging is measured by classify_rate. CPU
seconds are this process's own: neighbours on the machine inflate the wall clock.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import IO

from linkcrawler.records import Link, Verdict
from pipelines.evidence import gather, load_signals
from pipelines.queries.filter_fields import parse
from pipelines.queries.paging import read_page
from pipelines.reports.export.parquet import write_parquet
from pipelines.reports.export.text_files import write_csv, write_jsonl
from pipelines.reports.export.xlsx import write_xlsx
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import Store
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import load_model
from tests.benchmarks.many_links import visits
from tests.queries.questions import questions

BATCH = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--judged", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where the store is kept; default a temporary folder")
    parser.add_argument("--exports", default="csv,jsonl,parquet,xlsx")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        file = (arguments.folder or Path(temporary)) / "links.db"
        if not file.is_file():
            asyncio.run(_load(file, arguments.links, arguments.judged))
        asyncio.run(_query(file))
        asyncio.run(_export(file, [form for form in arguments.exports.split(",") if form]))


def _tell(what: str, count: int, wall: float, cpu: float, **more: object) -> None:
    figures = {"what": what, "rows": count, "seconds": round(wall, 3), "cpu_seconds": round(cpu, 3)} | more
    sys.stdout.write(json.dumps(figures | {"peak_mb": _peak_mb()}) + "\n")
    sys.stdout.flush()


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def _load(file: Path, links: int, judged: int) -> None:
    async with open_store(f"sqlite:///{file}") as store:
        wall, cpu = time.perf_counter(), time.process_time()
        waiting = visits(links, datetime.now(UTC))
        while batch := list(islice(waiting, BATCH)):
            await store.put(batch)
        _tell("load", links, time.perf_counter() - wall, time.process_time() - cpu, bytes_a_link=_bytes(file) // links)
        wall, cpu = time.perf_counter(), time.process_time()
        await _judge(store, judged)
        _tell("verdicts", links, time.perf_counter() - wall, time.process_time() - cpu, judged=judged)
    _tell("stored", links, 0, 0, bytes_a_link=_bytes(file) // links)


def _bytes(file: Path) -> int:
    return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))


async def _judge(store: Store, count: int) -> None:
    model = load_model()
    signals, now = load_signals(model), datetime.now(UTC)
    known: list[Verdict] = []
    given = cycle(known)
    async for batch in store.unjudged(model.id):
        if len(known) < count:
            verdicts = [(link.id, judge(gather(link, signals), model, at=now, state=link.state)) for link in batch]
            known += [verdict for _, verdict in verdicts]
        else:
            verdicts = [(link.id, replace(next(given), state=link.state)) for link in batch]
        await store.put_verdicts(verdicts)


async def _query(file: Path) -> None:
    """Each question twice: the second time with the file's pages in the system's memory, as on a server in use."""
    async with open_store(f"sqlite:///{file}") as store:
        names = await _names(store)
        for question in (question.of(names) for question in questions()):
            for _ in range(2):
                wall, cpu = time.perf_counter(), time.process_time()
                rows = await question.ask(store)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            _tell(question.name, rows, wall, cpu)
        where = parse([("sort", "-first_seen"), ("limit", "100")])
        pages, wall, cpu = 0, time.perf_counter(), time.process_time()
        while pages < 50:
            page = await read_page(store, where)
            where, pages = parse([("sort", "-first_seen"), ("limit", "100"), ("after", page.next)]), pages + 1
        _tell("fifty pages of a hundred, newest first", 5_000, time.perf_counter() - wall, time.process_time() - cpu)


async def _names(store: Store) -> dict[str, str]:
    """What the questions name, as this store has it: two targets, a path, a signal that fired, words in a row."""
    mine, rival, *_ = await store.targets()
    async for link in store.links(parse([("mode", "active"), ("region", "body"), ("target", mine)])):
        words = link.placements[0].context.before.split()
        if link.verdict and link.verdict.evidence and len(words) > 1:
            signal = link.verdict.evidence[0].signal
            return {
                "https://example.org/docs/": f"https://{mine}/blog/",
                "example.org": mine,
                "rival.org": rival,
                "rel-sponsored": signal,
                "our partners": " ".join(words[-2:]),
            }
    raise SystemExit("no active link in running text: load more links")


async def _export(file: Path, forms: list[str]) -> None:
    async with open_store(f"sqlite:///{file}") as store:
        for form in forms:
            with Path(os.devnull).open("wb") as out:
                wall, cpu = time.perf_counter(), time.process_time()
                count = await _write(store, form, out)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            _tell(f"export {form}", count, wall, cpu, rows_a_cpu_second=round(count / cpu))


async def _write(store: Store, form: str, out: IO[bytes]) -> int:
    where = parse([("kind", "any")])
    if form == "jsonl":
        links: AsyncIterator[Link] = store.links(where)
        return await write_jsonl(links, out)
    if form == "xlsx":
        return (await write_xlsx(store.flat(where), out))[0]
    return await (write_parquet if form == "parquet" else write_csv)(store.flat(where), out)


if __name__ == "__main__":
    main()
