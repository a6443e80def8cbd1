"""What a cluster of n workers needs and where it ends: ``python -m tests.benchmarks.cluster_model``.

Nothing is measured here: it is derived. Each cost is a figure that another command printed; give your own with options.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, fields

WORKERS = (1, 10, 100, 1000)
DAY = 86_400
_KINDS = {
    "worker_cpu": "CPU seconds of a worker per 1,000 pages (python -m tests.benchmarks.crawl)",
    "redis_cpu": "CPU seconds of Redis per 1,000 pages (python -m tests.benchmarks.crawl)",
    "queued_bytes": "bytes of Redis per queued URL (python -m tests.faults admit)",
    "seen_bytes": "bytes of Redis per seen URL (python -m tests.faults seen)",
    "store_bytes": "bytes of the store per visited page, its links included (python -m tests.benchmarks.million)",
    "store_cpu": "CPU seconds of the store's server per 1,000 pages; 0: not measured, not a wall",
    "hosts_open": "requests that a worker has open (CONCURRENT_REQUESTS)",
    "seconds_per_turn": "seconds from one start to the next on one host: delay, answer, and wait for the turn",
    "new_urls": "URLs per page that were never seen before",
    "queued_share": "share of the seen URLs that still wait",
}


@dataclass(frozen=True)
class Costs:
    worker_cpu: float = 5.0
    redis_cpu: float = 0.25
    queued_bytes: float = 226.0
    seen_bytes: float = 9.6
    store_bytes: float = 1_800.0
    store_cpu: float = 0.0
    hosts_open: float = 64.0
    seconds_per_turn: float = 2.0
    new_urls: float = 10.0
    queued_share: float = 0.5


@dataclass(frozen=True)
class Cluster:
    workers: int
    pages: float
    """A second."""
    redis_cores: float
    redis_bytes_a_day: float
    store_bytes_a_day: float
    hosts_needed: float
    wall: str


def polite_pages(costs: Costs) -> float:
    """Pages a second that politeness leaves a worker: every open request is on a host of its own."""
    return costs.hosts_open / costs.seconds_per_turn


def cluster(workers: int, costs: Costs) -> Cluster:
    """What ``workers`` on a core each would do if nothing else held them up, and what then does."""
    by_core, by_hosts = 1000 / costs.worker_cpu, polite_pages(costs)
    pages = workers * min(by_core, by_hosts)
    redis_cores, store_cores = pages * costs.redis_cpu / 1000, pages * costs.store_cpu / 1000
    walls = ["politeness: more open requests a worker" if by_hosts < by_core else "the worker's core: more workers"]
    walls += ["Redis: its one core is full, shard by host"] * (redis_cores > 1)
    walls += ["store: shard by source domain"] * (store_cores > 1)
    a_day = pages * DAY * costs.new_urls
    return Cluster(
        workers, pages, redis_cores,
        redis_bytes_a_day=a_day * (costs.seen_bytes + costs.queued_share * costs.queued_bytes),
        store_bytes_a_day=pages * DAY * costs.store_bytes,
        hosts_needed=workers * costs.hosts_open,
        wall=walls[-1],
    )  # fmt: skip


def lines(costs: Costs) -> Iterator[str]:
    yield "| workers | pages a second | cores of Redis | Redis, GB a day | store, GB a day | hosts at a time | wall |"
    yield "|---|---|---|---|---|---|---|"
    for workers in WORKERS:
        one = cluster(workers, costs)
        yield (
            f"| {workers:,} | {one.pages:,.0f} | {one.redis_cores:.2f} | {one.redis_bytes_a_day / 1e9:,.1f} "
            f"| {one.store_bytes_a_day / 1e9:,.1f} | {one.hosts_needed:,.0f} | {one.wall} |"
        )
    full, each = 1000 / costs.redis_cpu, min(1000 / costs.worker_cpu, polite_pages(costs))
    yield ""
    yield f"One Redis core is full at {full:,.0f} pages a second: {full / each:,.0f} such workers."


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    for field in fields(Costs):
        option = f"--{field.name.replace('_', '-')}"
        cli.add_argument(option, type=float, default=field.default, help=_KINDS[field.name])
    print("\n".join(lines(Costs(**vars(cli.parse_args())))))  # noqa: T201 the command's output


if __name__ == "__main__":
    main()
