"""The downloader middleware that asks for robots.txt and obeys it.

The file is asked for while the host's lease is held, so that no two workers do it at once. That fetch is the host's
turn: the page goes back to the queue (:class:`TurnSpent`) and is asked for when the host has rested.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.signals import spider_closed

from linkcrawler.frontier.connect import REDIS_SCHEMES
from linkcrawler.frontier.protocol import Frontier
from linkcrawler.frontier.scheduler import FrontierScheduler
from linkcrawler.http_times import retry_after
from linkcrawler.network import TRUNCATED, AddressRefused
from linkcrawler.robots import RobotsRefusal, RobotsUnreachable, TurnSpent
from linkcrawler.robots.cache import Cache, MemoryCache, RedisCache
from linkcrawler.robots.record import MOST_BYTES, MOST_REDIRECTS, Answer, Kind, Record, Rules, record
from linkcrawler.urls import host_of, join

logger = logging.getLogger(__name__)

MOST_PARSED = 5000
"""Rules that stay parsed in this process; the others are parsed again from their record."""
LONGEST_WAIT_FOR_HOST = 20.0
"""Seconds that a redirect of robots.txt waits for the other host's turn."""
PLAIN = "dont_obey_robotstxt"
"""Scrapy's own meta key for requests that are not looked up."""


class RobotsMiddleware:
    def __init__(self, crawler: Crawler, cache: Cache) -> None:
        settings = crawler.settings
        self._crawler, self._cache = crawler, cache
        self._agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"].partition("/")[0]
        self._delay = settings.getfloat("DOWNLOAD_DELAY")
        self._longest_delay = settings.getfloat("LINKCRAWLER_LONGEST_BACK_OFF")
        self._parsed: OrderedDict[str, Rules] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        middleware = cls(crawler, make_cache(crawler))
        crawler.signals.connect(middleware._close, spider_closed)
        return middleware

    async def process_request(self, request: Request) -> None:
        if request.meta.get(PLAIN):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        rules = await self._fresh_rules(origin)
        if rules.record.kind is Kind.DISALLOW:
            raise self._unreachable(origin, rules.record)
        if not rules.allows(request.url):
            raise RobotsRefusal(f"robots.txt of {origin} forbids it")

    def _unreachable(self, origin: str, known: Record) -> RobotsUnreachable:
        now = time.time()
        return RobotsUnreachable(
            f"robots.txt of {origin}: {known.problem}",
            wait=min(max(0.0, known.recheck - now), self._longest_delay),
            answered=known.answered,
            silent=now - known.silent_since,
        )

    async def _fresh_rules(self, origin: str) -> Rules:
        """What is known and not older than its time. TurnSpent if the host had to be asked."""
        rules = self._parsed.get(origin)
        if rules is None or rules.record.recheck <= time.time():
            known = await self._cache.get(origin)
            if known is None or known.recheck <= time.time():
                # Whatever came of it, the host was asked: it rests before anything else, nobody asks again meanwhile.
                raise TurnSpent(max(self._delay, self._pace(await self._ask(origin, known))))
            rules = self._keep(origin, known)
        self._parsed.move_to_end(origin)
        return rules

    async def _ask(self, origin: str, before: Record | None) -> Rules:
        answer = await self._fetch(f"{origin}/robots.txt")
        known = record(answer, before, time.time())
        await self._cache.put(origin, known)
        rules = self._keep(origin, known)
        if rules.crawl_delay:
            await self._frontier().pace(host_of(origin), self._pace(rules))
        stats = self._crawler.stats
        assert stats is not None
        stats.inc_value(f"linkcrawler/robots/{known.kind}")
        return rules

    def _keep(self, origin: str, known: Record) -> Rules:
        rules = self._parsed[origin] = Rules(known, self._agent)
        if len(self._parsed) > MOST_PARSED:
            self._parsed.popitem(last=False)
        return rules

    def _pace(self, rules: Rules) -> float:
        return min(rules.crawl_delay, self._longest_delay)

    async def _fetch(self, url: str) -> Answer:
        """Follow up to five redirects, each within the politeness of its host."""
        first = host_of(url)
        for hop in range(MOST_REDIRECTS + 1):
            host = host_of(url)
            try:
                response = await (self._get(url, hop) if host == first else self._get_elsewhere(url, host))
            except TurnSpent:
                raise  # nobody was asked
            except Exception as error:  # whatever keeps a host from answering counts as silence
                if isinstance(error, AddressRefused) and hop == 0:
                    raise  # so is the page's own address, and nobody was asked
                return Answer(status=0, problem=f"{type(error).__name__}: {error}"[:200])
            target = _redirect(response)
            if target is None:
                return _answer(response)
            url = target
        return Answer(status=399, problem="more than five redirects")

    async def _get(self, url: str, hop: int = 0) -> Response:
        if hop:
            await asyncio.sleep(self._delay)
        meta = {PLAIN: True, "handle_httpstatus_all": True, "download_maxsize": MOST_BYTES}
        engine = self._crawler.engine
        assert engine is not None
        return await engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK, dont_filter=True))

    async def _get_elsewhere(self, url: str, host: str) -> Response:
        frontier, end = self._frontier(), time.monotonic() + LONGEST_WAIT_FOR_HOST
        while not await frontier.borrow(host):
            if time.monotonic() > end:
                raise TimeoutError(f"{host} was busy for {LONGEST_WAIT_FOR_HOST:.0f} s")
            await asyncio.sleep(min(0.2, max(self._delay / 4, 0.01)))
        try:
            return await self._get(url)
        finally:
            await frontier.give_back(host)

    def _frontier(self) -> Frontier:
        scheduler = self._crawler.engine.scheduler if self._crawler.engine else None
        assert isinstance(scheduler, FrontierScheduler)
        return scheduler.frontier

    async def _close(self) -> None:
        await self._cache.close()


def make_cache(crawler: Crawler) -> Cache:
    """In Redis where the frontier is; in memory otherwise."""
    url = crawler.settings["LINKCRAWLER_FRONTIER"]
    if urlsplit(url).scheme not in REDIS_SCHEMES:
        return MemoryCache()
    from linkcrawler.frontier.redis.backend import CLUSTER
    from linkcrawler.frontier.redis.connection import connect

    return RedisCache(connect(url, crawler.settings), CLUSTER)


def _answer(response: Response) -> Answer:
    """Half a file is no answer: what it says of the rest of the host is not known."""
    half = TRUNCATED in response.flags and len(response.body) < MOST_BYTES
    if half and 200 <= response.status < 300:
        return Answer(status=0, problem=f"status {response.status}, but the file broke off or cannot be unpacked")
    return Answer(status=response.status, body=response.body, retry_after=retry_after(response, 86_400.0))


def _redirect(response: Response) -> str | None:
    if response.status not in (301, 302, 303, 307, 308):
        return None
    location = (response.headers.get("Location") or b"").decode("latin-1").strip()
    return join(response.url, location) if location else None
