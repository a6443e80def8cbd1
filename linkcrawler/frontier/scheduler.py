"""The Scrapy scheduler that speaks the frontier protocol: a Request is built only when a URL is reserved."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol, Self, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.signals import item_error, request_left_downloader, spider_error, spider_idle
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from linkcrawler import private_hooks
from linkcrawler.crawl import CrawlPlan
from linkcrawler.frontier.connect import make_frontier
from linkcrawler.frontier.denied import DeniedHosts
from linkcrawler.frontier.protocol import Candidate, Ended, Frontier, Lease
from linkcrawler.frontier.recent import Recent
from linkcrawler.network import HTML_ONLY
from linkcrawler.urls import canonicalize
from linkcrawler.vocabulary import Refusal

LEASE = "linkcrawler_lease"
"""Key of the lease in a request's meta."""

LONGEST_NAP_SECONDS = 1.0
DRAIN_SECONDS = 20.0
"""Kubernetes kills 30 s after SIGTERM; what is not done by then goes back to the queue."""


class LeaseSpider(Protocol):
    """What the scheduler needs of a spider."""

    plan: CrawlPlan

    def parse(self, response: Response) -> Any: ...

    def failed(self, failure: Failure) -> Any: ...

    def passes_over(self, lease: Lease) -> Refusal | None: ...


class FrontierScheduler(BaseScheduler):
    """Hands the frontier's leases to the engine and wakes it when the next host becomes ready."""

    frontier: Frontier

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.recent = Recent()
        self._denied = DeniedHosts.parse(crawler.settings.getlist("LINKCRAWLER_DENY_HOSTS"))
        self._nap: asyncio.TimerHandle | None = None
        self._draining: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler._keep_open, spider_idle)
        crawler.signals.connect(scheduler._request_ended, request_left_downloader)
        crawler.signals.connect(scheduler._callback_failed, spider_error)
        crawler.signals.connect(scheduler._item_failed, item_error)
        return scheduler

    def open(self, spider: Spider) -> "Deferred[None]":
        private_hooks.check(self._crawler)
        self.spider = cast("LeaseSpider", spider)
        self.frontier = make_frontier(self._crawler.settings, self.spider.plan, self._wake)
        self._draining = asyncio.get_running_loop().create_task(self._drain())
        return deferred_from_coro(self.frontier.open())

    def close(self, reason: str) -> "Deferred[None]":
        if self._nap:
            self._nap.cancel()
        return deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        if self._draining is None:
            return
        self._draining.cancel()
        await asyncio.gather(self._draining, *self._tasks, return_exceptions=True)
        if reason == "finished":
            await self.frontier.finish()
        await self.frontier.close()

    def has_pending_requests(self) -> bool:
        return self.frontier.status().pending > 0

    def next_request(self) -> Request | None:
        while (lease := self.frontier.reserve()) and (refusal := self._passes_over(lease)):
            self._count(refusal)
            self._run(self.frontier.ack(lease, ended=Ended.SKIPPED))
        if lease is None:
            self._sleep()
            return None
        return Request(
            lease.candidate.spelled or lease.candidate.url,
            callback=self.spider.parse,
            errback=self.spider.failed,
            dont_filter=True,
            meta={LEASE: lease, HTML_ONLY: True, "handle_httpstatus_all": True},
        )

    def _passes_over(self, lease: Lease) -> Refusal | None:
        denied = self._denied.covers(lease.candidate.url)
        return Refusal.DENIED_HOST if denied else self.spider.passes_over(lease)

    def enqueue_request(self, request: Request) -> bool:
        """Requests that components of Scrapy make themselves go through the gate like any other URL."""
        url = canonicalize(request.url)
        if url:
            self._run(self.frontier.admit([Candidate(url, priority=request.priority, spelled=request.url)]))
        return bool(url)

    def _sleep(self) -> None:
        """Wake the engine when the next host is ready; never later than a nap, since acks make hosts ready too."""
        wait = self.frontier.status().ready_in
        if wait is None or (self._nap and not self._nap.cancelled() and self._nap.when() > _now()):
            return
        self._nap = asyncio.get_running_loop().call_later(min(wait, LONGEST_NAP_SECONDS), self._wake)

    def _wake(self) -> None:
        self._nap = None
        if self.frontier.lost and self._crawler.engine and not private_hooks.closing(self._crawler):
            self._end(self._crawler.engine.close_spider_async(reason="frontier_lost"))
        private_hooks.wake(self._crawler)

    def _keep_open(self) -> None:
        if self.has_pending_requests() or self._crawler.settings["LINKCRAWLER_STAY"] == "1":
            raise DontCloseSpider

    def _count(self, refusal: Refusal) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"linkcrawler/pages/refused/{refusal}")

    def _request_ended(self, request: Request) -> None:
        lease = request.meta.get(LEASE)
        if isinstance(lease, Lease):
            self.frontier.ended(lease)

    def _callback_failed(self, failure: Any, response: Any) -> None:
        """The page's own code raised: the same bytes would do it again, so the attempt counts towards giving up."""
        lease = response.meta.get(LEASE) if response is not None else None
        if isinstance(lease, Lease):
            self._run(self._fetch_again(lease, f"callback: {failure.type.__name__}"))

    def _item_failed(self, item: Any, failure: Any) -> None:
        """A pipeline raised, for example because the store is down: what is not stored is fetched again."""
        self._run(self._fetch_again(item.lease, f"pipeline: {failure.type.__name__}"))

    async def _fetch_again(self, lease: Lease, reason: str) -> None:
        """The fault is ours, not the host's."""
        if not await self.frontier.nack(lease, reason=reason, host_at_fault=False):
            self._count(Refusal.TOO_MANY_FAILURES)

    def _run(self, change: Coroutine[Any, Any, Any]) -> None:
        """Make a change of the frontier from a place that cannot wait for it; closing does."""
        task = asyncio.get_running_loop().create_task(change)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _end(self, ending: Coroutine[Any, Any, None]) -> None:
        """End the crawl, once. Closing waits for all that ``_run`` began, so this is none of it."""
        if self._ending is None:
            self._ending = asyncio.get_running_loop().create_task(ending)
        else:
            ending.close()

    async def _drain(self) -> None:
        """Told to stop (SIGTERM): return at once what nobody began to fetch, and later what did not end in time."""
        while not private_hooks.closing(self._crawler):
            engine = self._crawler.engine
            # Scrapy forgets a signal that comes while the engine opens: it runs, and nothing is to be crawled.
            if engine and engine.running and not self._crawler.crawling:
                self._end(engine.stop_async())
            await asyncio.sleep(0.1)
        await self.frontier.drain()
        await asyncio.sleep(DRAIN_SECONDS)
        await self.frontier.drain(everything=True)


def _now() -> float:
    return asyncio.get_running_loop().time()
