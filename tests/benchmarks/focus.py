"""Does focus find linking pages earlier? ``python -m tests.benchmarks.focus``

Crawls synthetic webs in one process, without a network: the embedded frontier, its clock moved by hand, hands out as
many pages at a time as a worker has open, and gets their links with the hints that a real page gives. What is counted
are the linking pages, and the hosts of linking pages, that were found within 2 % and 10 % of the pages; seeds apart.

``breadth-first`` has one queue and no manners: it may ask one host a hundred times in a row. ``hosts in turn`` is the
frontier without focus; ``at most`` is what the best of all orders could find with the same manners.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from linkcrawler.focus.links import LinkFocus
from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate
from tests.benchmarks.focus_worlds import Shape, World

OPEN = 16
"""Requests under way at a time; each takes a second of the moved clock, and so does the rest of its host."""
SEEDS = 30
BUDGETS = (0.02, 0.10)

SHAPES = {
    "all signs": Shape(),
    "rare": Shape(linking=0.01, density=0.1),
    "no sections": Shape(sections=0.0),
    "weak locality": Shape(locality=0.4, width=0.1),
    "small hosts": Shape(hosts=3000, skew=0.3, width=0.02),
    "nothing to learn": Shape(locality=0.0, sections=0.0, linking=0.5, density=0.03),
}
TUNED_ON = (Shape(hosts=600, pages=18_000, linking=0.02, density=0.3, width=0.06), range(1, 5))
"""The one shape, and the seeds, on which the numbers in linkcrawler/focus were chosen."""
MEASURED_ON = range(101, 105)


@dataclass(frozen=True)
class Recall:
    pages: tuple[float, ...]
    hosts: tuple[float, ...]


def start_at(world: World, chance: random.Random, *, known: bool) -> list[int]:
    """Home pages of hosts drawn by lot, or known linking pages."""
    if known:
        return chance.sample(sorted(world.hits), min(SEEDS, len(world.hits) // 3))
    return [world.first[host] for host in chance.sample(range(world.shape.hosts), SEEDS)]


def recall(world: World, seeds: Sequence[int], order: Sequence[int]) -> Recall:
    wanted = world.hits - set(seeds)
    hosts = {world.host[page] for page in wanted}
    pages_found, hosts_found = [], []
    for budget in BUDGETS:
        found = wanted & set(order[: round(budget * len(world))])
        pages_found.append(len(found) / len(wanted))
        hosts_found.append(len({world.host[page] for page in found}) / len(hosts))
    return Recall(tuple(pages_found), tuple(hosts_found))


def at_most(world: World, seeds: Sequence[int]) -> Recall:
    """What an order that knows everything could find, each host resting as long as it is asked."""
    wanted = Counter(world.host[page] for page in world.hits - set(seeds))
    shares = []
    for budget in BUDGETS:
        fetches = round(budget * len(world))
        turns = -(-fetches // OPEN) // 2 + 1
        shares.append(min(fetches, sum(min(number, turns) for number in wanted.values())) / wanted.total())
    return Recall(tuple(shares), (1.0,) * len(BUDGETS))


def breadth_first(world: World, seeds: Sequence[int]) -> list[int]:
    queue, seen = deque(seeds), set(seeds)
    order: list[int] = []
    most = round(max(BUDGETS) * len(world))
    while queue and len(order) < most:
        page = queue.popleft()
        order.append(page)
        for link in world.links(page):
            if link.page not in seen:
                seen.add(link.page)
                queue.append(link.page)
    return order


def by_frontier(world: World, seeds: Sequence[int], *, focus: bool) -> list[int]:
    return asyncio.run(_by_frontier(world, seeds, focus=focus))


async def _by_frontier(world: World, seeds: Sequence[int], *, focus: bool) -> list[int]:
    now = 0.0
    most, order = round(max(BUDGETS) * len(world)), list[int]()
    with tempfile.TemporaryDirectory() as folder:
        limits = Limits(delay=1.0, focus=focus)
        frontier = EmbeddedFrontier(Path(folder) / "f.db", "ablation", limits, clock=lambda: now)
        await frontier.open()
        await frontier.begin()
        number = {world.url(page): page for page in range(len(world))}
        await frontier.admit([Candidate(world.url(page), priority=10) for page in seeds])
        known = LinkFocus()
        while len(order) < most:
            leases = [lease for _ in range(OPEN) if (lease := frontier.reserve())]
            if not leases and not frontier.status().queued:
                break
            now += 1.0
            for lease in leases:
                page = number[lease.candidate.url]
                order.append(page)
                hit = page in world.hits
                found = world.links(page)
                urls = [world.url(link.page) for link in found]
                children = [Candidate(url, 1) for url in urls]
                if focus:
                    order = known.order(urls, [(link.trail, link.anchor) for link in found], lease, hit=hit)
                    pairs = zip(urls, order, strict=True)
                    children = [Candidate(url, 1, priority, hint=hint) for url, (priority, hint) in pairs]
                    known.note(lease, hit=hit)
                await frontier.ack(lease, children, hit=hit)
        await frontier.close()
    return order


ORDERS: dict[str, Callable[[World, Sequence[int]], list[int]]] = {
    "breadth-first": breadth_first,
    "hosts in turn": lambda world, seeds: by_frontier(world, seeds, focus=False),
    "focus": lambda world, seeds: by_frontier(world, seeds, focus=True),
}


def measure(shape: Shape, numbers: Sequence[int], *, known: bool) -> Iterator[tuple[str, tuple[float, ...]]]:
    """For each order the mean recall over the worlds: pages at each budget, hosts at each budget."""
    worlds = [World(shape, seed) for seed in numbers]
    starts = [start_at(world, random.Random(seed), known=known) for world, seed in zip(worlds, numbers, strict=True)]
    for order, crawl in ORDERS.items():
        results = [recall(world, seeds, crawl(world, seeds)) for world, seeds in zip(worlds, starts, strict=True)]
        yield order, _means(results)
    yield "at most", _means([at_most(world, seeds) for world, seeds in zip(worlds, starts, strict=True)])


def _means(results: Sequence[Recall]) -> tuple[float, ...]:
    return tuple(map(mean, zip(*((*result.pages, *result.hosts) for result in results), strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tuning", action="store_true", help="the shape and the seeds that were tuned on")
    parser.add_argument("--shape", choices=SHAPES, help="one shape only")
    arguments = parser.parse_args()
    shapes = {arguments.shape: SHAPES[arguments.shape]} if arguments.shape else SHAPES
    numbers: Sequence[int] = MEASURED_ON
    if arguments.tuning:
        shapes, numbers = {"tuned on": TUNED_ON[0]}, TUNED_ON[1]
    say = sys.stdout.write
    say(f"{'web':18} {'seeds':8} {'order':14} {'pages @2 %':>11} {'@10 %':>7} {'hosts @2 %':>11} {'@10 %':>7}\n")
    for name, shape in shapes.items():
        for known in (False, True):
            for order, figures in measure(shape, numbers, known=known):
                cells = " ".join(f"{figure:>{width}.1%}" for figure, width in zip(figures, (11, 7, 11, 7), strict=True))
                say(f"{name:18} {'known' if known else 'random':8} {order:14} {cells}\n")


if __name__ == "__main__":
    main()
