"""Prints what a store of very many links costs: loading, every documented query, exports, memory, bytes.

    python -m tests.benchmarks.million                             SQLite, 1,000,000 links, some time
    python -m tests.benchmarks.million --links 100000 --folder DIR
    python -m tests.benchmarks.million --folder DIR                again on what is there: queries and exports only
    python -m tests.benchmarks.million --folder DIR --steps csv,jsonl

Links are loaded by the store's own ``put``. Judged by the post-processing stage are the first ``--judged`` links; the
others get their verdicts in turn, by the store's own ``put_verdicts``: judging is measured by classify_rate. Each step
is a process of its own, as commands are. CPU seconds and memory are those of this process and of the processes that
helped it, added up: neighbours on the machine inflate the wall clock.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from linkcrawler.records import Verdict
from pipelines.evidence import gather, load_signals
from pipelines.queries.filter_fields import parse
from pipelines.queries.paging import read_page
from pipelines.reports.export.shared import write_links, writer_count
from pipelines.reports.export.xlsx import write_xlsx
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import Store
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import load_model
from tests.benchmarks.many_links import visits
from tests.queries.questions import questions

BATCH = 2_000
FILLING = ("load", "verdicts")
READING = ("queries", "csv", "jsonl", "parquet", "xlsx")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--judged", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where the store is kept; default a temporary folder")
    parser.add_argument("--steps", default="", help=f"out of {','.join((*FILLING, *READING))}; default what is needed")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        file = (given.folder or Path(temporary)) / "links.db"
        if given.alone:
            asyncio.run(_step(given.steps, file, given.links, given.judged))
            return
        needed = READING if file.is_file() else (*FILLING, *READING)
        for step in given.steps.split(",") if given.steps else needed:
            command = [sys.executable, "-m", "tests.benchmarks.million", "--alone", "--steps", step]
            command += ["--folder", str(file.parent), "--links", str(given.links), "--judged", str(given.judged)]
            subprocess.run(command, check=True)


async def _step(step: str, file: Path, links: int, judged: int) -> None:
    if step == "load":
        await _load(file, links)
    elif step == "verdicts":
        await _judge(file, judged)
    elif step == "queries":
        await _query(file)
    else:
        await _export(file, step)


def _tell(what: str, count: int, wall: float, cpu: float, *, writers: int = 0, **more: object) -> None:
    figures = {"what": what, "rows": count, "seconds": round(wall, 3), "cpu_seconds": round(cpu, 3)} | more
    load = round(os.getloadavg()[0], 1)
    sys.stdout.write(json.dumps(figures | {"peak_mb": _peak_mb(writers), "load": load}) + "\n")
    sys.stdout.flush()


def _cpu() -> float:
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb(writers: int) -> int:
    """Of this process, and of the largest that it started as often as there were of them."""
    own, writer = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + writers * writer) // 1024


async def _load(file: Path, links: int) -> None:
    async with open_store(f"sqlite:///{file}") as store:
        wall, cpu = time.perf_counter(), _cpu()
        waiting = visits(links, datetime.now(UTC))
        while batch := list(islice(waiting, BATCH)):
            await store.put(batch)
        _tell("load", links, time.perf_counter() - wall, _cpu() - cpu, bytes_a_link=_bytes(file) // links)


def _bytes(file: Path) -> int:
    return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))


async def _judge(file: Path, count: int) -> None:
    model = load_model()
    signals, now, done = load_signals(model), datetime.now(UTC), 0
    known: list[Verdict] = []
    given = cycle(known)
    async with open_store(f"sqlite:///{file}") as store:
        wall, cpu = time.perf_counter(), _cpu()
        async for batch in store.unjudged(model.id):
            if len(known) < count:
                verdicts = [(link.id, judge(gather(link, signals), model, at=now, state=link.state)) for link in batch]
                known += [verdict for _, verdict in verdicts]
            else:
                verdicts = [(link.id, replace(next(given), state=link.state)) for link in batch]
            await store.put_verdicts(verdicts)
            done += len(batch)
        wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    _tell("verdicts", done, wall, cpu, judged=min(count, done), bytes_a_link=_bytes(file) // max(done, 1))


async def _query(file: Path) -> None:
    """Each question twice: the second time with the file's pages in the system's memory, as on a server in use."""
    async with open_store(f"sqlite:///{file}") as store:
        names = await _names(store)
        for question in (question.of(names) for question in questions()):
            for _ in range(2):
                wall, cpu = time.perf_counter(), _cpu()
                rows = await question.ask(store)
                wall, cpu = time.perf_counter() - wall, _cpu() - cpu
            _tell(question.name, rows, wall, cpu)
        where = parse([("sort", "-first_seen"), ("limit", "100")])
        pages, wall, cpu = 0, time.perf_counter(), _cpu()
        while pages < 50:
            page = await read_page(store, where)
            where, pages = parse([("sort", "-first_seen"), ("limit", "100"), ("after", page.next)]), pages + 1
        _tell("fifty pages of a hundred, newest first", 5_000, time.perf_counter() - wall, _cpu() - cpu)


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


async def _export(file: Path, form: str) -> None:
    url, where = f"sqlite:///{file}", parse([("kind", "any")])
    async with open_store(url) as store:
        with Path(os.devnull).open("wb") as out:
            wall, cpu = time.perf_counter(), _cpu()
            if form == "xlsx":
                count = (await write_xlsx(store.flat(where), out))[0]
            else:
                count = await write_links(store, url, where, form, out, as_stored=True)
            wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    rates = {"rows_a_second": round(count / wall), "rows_a_cpu_second": round(count / cpu)}
    _tell(f"export {form}", count, wall, cpu, writers=writer_count(), **rates)


if __name__ == "__main__":
    main()
