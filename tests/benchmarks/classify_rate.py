"""Prints how many stored links ``classify`` judges per second, where the time goes, and how memory grows.

    python -m tests.benchmarks.classify_rate                             SQLite, 50,000 links
    python -m tests.benchmarks.classify_rate --store mongodb://HOST/DB   an empty database
    python -m tests.benchmarks.classify_rate --parts                     reading, gathering, judging, writing alone

CPU rates are links per second of this process's own CPU time, that is per core. Neighbours on the machine slow that
too (caches, shared cores): ``undisturbed`` is the rate of the batch that is faster than nine in ten. The server of a
MongoDB store has its own process, of which the wall clock alone tells.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path

from linkcrawler.commands.classify import collect_rarely
from linkcrawler.records import Verdict
from pipelines.evidence import gather, load_signals
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import Store
from pipelines.verdicts.classification import WRITTEN_AT_ONCE, classify
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import load_model
from tests.benchmarks.stored_links import visits

BATCH = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=50_000)
    parser.add_argument("--store", default="", help="an empty store; default a new SQLite file")
    parser.add_argument("--parts", action="store_true")
    arguments = parser.parse_args()
    collect_rarely()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.store or f"sqlite:///{Path(folder) / 'links.db'}"
        asyncio.run(_measure(url, arguments.links, parts=arguments.parts))


async def _measure(url: str, links: int, *, parts: bool) -> None:
    async with open_store(url) as store:
        waiting = visits(links)
        while batch := list(islice(waiting, BATCH)):
            await store.put(batch)
        sys.stdout.write(json.dumps(await (_parts(store) if parts else _whole(store))) + "\n")


async def _whole(store: Store) -> dict[str, float]:
    model = load_model()
    signals = load_signals(model)
    memory: list[int] = []
    moments = [(0, time.process_time())]

    def note(done: int, total: int) -> None:
        memory.append(_peak())
        moments.append((done, time.process_time()))

    wall, cpu = time.perf_counter(), time.process_time()
    counts = await classify(store, model, signals, on_progress=note)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rates = sorted((done - before) / (now - then) for (before, then), (done, now) in pairwise(moments))
    return {
        "links": counts.total(),
        "links_per_cpu_second": round(counts.total() / cpu),
        "links_per_cpu_second_undisturbed": round(rates[len(rates) * 9 // 10]),
        "links_per_second": round(counts.total() / wall),
        "peak_mb_at_a_tenth": memory[len(memory) // 10] // 1024,
        "peak_mb_at_the_end": memory[-1] // 1024,
    }


async def _parts(store: Store) -> dict[str, float]:
    """CPU microseconds a link of each step."""
    model = load_model()
    signals, now = load_signals(model), datetime.now(UTC)
    spent = dict.fromkeys(("read", "gather", "judge", "write"), 0.0)
    waiting: list[tuple[str, Verdict]] = []
    count, start = 0, time.process_time()
    async for batch in store.unjudged(model.id):
        read = time.process_time()
        evidence = [gather(link, signals) for link in batch]
        gathered = time.process_time()
        verdicts = [
            (link.id, judge(pieces, model, at=now, state=link.state))
            for link, pieces in zip(batch, evidence, strict=True)
        ]
        judged = time.process_time()
        waiting += verdicts
        if len(waiting) >= WRITTEN_AT_ONCE:
            await store.put_verdicts(waiting)
            waiting = []
        steps = (read - start, gathered - read, judged - gathered, time.process_time() - judged)
        for step, seconds in zip(spent, steps, strict=True):
            spent[step] += seconds
        count += len(batch)
        start = time.process_time()
    await store.put_verdicts(waiting)
    spent["write"] += time.process_time() - start
    return {f"{step}_us": round(seconds / count * 1e6, 1) for step, seconds in spent.items()} | {"links": count}


def _peak() -> int:
    """Peak resident memory in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
