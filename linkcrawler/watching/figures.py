"""The figures of a worker and of its crawl, in the form that Prometheus reads. docs/operations.md lists them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from linkcrawler.frontier.protocol import Status
from linkcrawler.frontier.redis.watch import Overview

COUNTERS = {
    "linkcrawler_links": ("linkcrawler/links", "Sightings of links to the target that this worker stored."),
    "linkcrawler_urls_admitted": ("linkcrawler/urls/admitted", "URLs that this worker put into the frontier."),
    "linkcrawler_store_writes": ("linkcrawler/store/writes", "Batches that this worker wrote to the store."),
    "linkcrawler_store_seconds": ("linkcrawler/store/seconds", "Seconds that those batches took."),
}
CLASSIFY_LAG = "linkcrawler/classify/lag"
"""The stat that the storing stage keeps while figures are asked for; None while the store is away."""
LABELLED = {
    "linkcrawler_visits": ("linkcrawler/visits/", "outcome", "Visits that this worker stored."),
    "linkcrawler_urls_refused": ("linkcrawler/urls/refused/", "reason", "URLs that were never admitted."),
    "linkcrawler_pages_refused": ("linkcrawler/pages/refused/", "reason", "Admitted URLs that no visit is stored of."),
    "linkcrawler_records_refused": ("linkcrawler/records/refused/", "reason", "Visits that were not stored."),
    "linkcrawler_retries": ("linkcrawler/retries/", "reason", "Fetches that go back to the frontier."),
}
OF_FRONTIER = {
    "queued": "URLs that wait.",
    "leased": "URLs that a worker has.",
    "done": "URLs that were visited.",
    "dead": "URLs that were given up.",
    "ready_hosts": "Hosts that could be asked now, if someone had the time: what to scale workers on.",
}
OF_CRAWL = {
    "expired": "Leases that ran out: a worker died, hung, or lost its Redis for long.",
    "late": "Answers that came after their lease had run out.",
    "violations": "Turns that ended while another worker had the host: must stay 0.",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a worker at one moment."""

    counts: Mapping[str, Any]
    """Scrapy's stats."""
    status: Status | None
    frontier_up: bool
    store_up: bool
    crawl: Overview | None
    """Of a shared frontier that answers."""


class WorkerFigures(Collector):
    """Turns what is seen into metrics; asks nobody."""

    def __init__(self) -> None:
        self.seen = Seen({}, None, frontier_up=True, store_up=True, crawl=None)

    def collect(self) -> Iterator[Metric]:
        seen = self.seen
        for name, (stat, text) in COUNTERS.items():
            yield CounterMetricFamily(name, text, value=seen.counts.get(stat, 0))
        for name, (prefix, label, text) in LABELLED.items():
            yield _labelled(name, text, label, _under(prefix, seen.counts))
        yield GaugeMetricFamily("linkcrawler_frontier_up", "1 while the frontier answers.", value=seen.frontier_up)
        yield GaugeMetricFamily("linkcrawler_store_up", "1 while the store answers.", value=seen.store_up)
        if (lag := seen.counts.get(CLASSIFY_LAG)) is not None:
            text = "Links of the store that carry no verdict, or have changed since theirs."
            yield GaugeMetricFamily("linkcrawler_classify_lag_links", text, value=lag)
        if seen.status:
            for field, text in OF_FRONTIER.items():
                yield GaugeMetricFamily(f"linkcrawler_frontier_{field}", text, value=getattr(seen.status, field))
        if seen.crawl:
            yield from _of_crawl(seen.crawl)


def _of_crawl(crawl: Overview) -> Iterator[Metric]:
    for field, text in OF_CRAWL.items():
        yield CounterMetricFamily(f"linkcrawler_frontier_{field}", text, value=getattr(crawl, field))
    oldest = crawl.oldest_lease or 0.0
    yield GaugeMetricFamily("linkcrawler_frontier_oldest_lease_seconds", "Age of the oldest lease.", value=oldest)


def _under(prefix: str, counts: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, number in sorted(counts.items()):
        if name.startswith(prefix):
            yield name.removeprefix(prefix), number


def _labelled(name: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, number in values:
        family.add_metric([value], number)
    return family
