"""Figures of the pattern search: ``python -m tests.patterns.scale LINKS [--planted] [--store URL]``.

Fills a store with organic links (and the campaigns, if asked), then times each pass and prints links per second of CPU
time, peak memory and what was found.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections import Counter

from pipelines.patterns.groups import Folding, Hands
from pipelines.patterns.search import find_patterns
from pipelines.patterns.settings import load_settings
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import Store
from tests.patterns.campaigns import CAMPAIGNS
from tests.patterns.world import World

BATCH = 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("links", type=int)
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--store", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(options.store or f"sqlite:///{folder}/links.db", options.links, planted=options.planted))


async def measure(url: str, links: int, *, planted: bool) -> None:
    async with open_store(url) as store:
        begun = time.process_time()
        await fill(store, links, planted=planted)
        told("fill", links, begun)
        before = peak()
        begun = time.process_time()
        found = await find_patterns(store, load_settings())
        told("first search", links, begun)
        begun = time.process_time()
        again = await find_patterns(store, load_settings())
        told(f"second search ({again.traced} traced, {again.changed} changed)", links, begun)
        begun = time.process_time()
        kinds = await groups_by_kind(store)
        told("of it: marks sorted and folded", links, begun)
        begun = time.process_time()
        async for _ in store.traces():
            pass
        told("of it: traces read by link", links, begun)
    print(f"peak memory {before} MB after filling, {peak()} MB after searching")  # noqa: T201
    print("groups by kind:", dict(sorted(kinds.items())))  # noqa: T201
    print("links by finding:", dict(sorted(found.by_signal.items())))  # noqa: T201


async def fill(store: Store, links: int, *, planted: bool) -> None:
    world = World(targets=max(30, links // 150))
    visits = []
    for visit in world.organic(links):
        visits.append(visit)
        if len(visits) == BATCH:
            await store.put(visits)
            visits.clear()
    for campaign in CAMPAIGNS if planted else ():
        visits += campaign(world)
    await store.put(visits)


async def groups_by_kind(store: Store) -> Counter[str]:
    kinds, folding = Counter[str](), Folding(Hands())
    async for rows in store.marks():
        for row in rows:
            if group := folding.feed(row):
                kinds[group.key[0]] += 1
    return kinds


def told(what: str, links: int, begun: float) -> None:
    seconds = time.process_time() - begun
    print(f"{what}: {seconds:.1f} s of CPU, {links / seconds:,.0f} links/s", flush=True)  # noqa: T201


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
