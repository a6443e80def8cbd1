"""Figures for Prometheus and probes for an orchestrator, at the address that LINKCRAWLER_METRICS names.

``/metrics``: figures of this worker, and for a shared frontier those of its crawl.
``/livez``: 200 as long as the event loop runs; one that hangs does not answer at all.
``/readyz``: 200 while the frontier and the store answer, 503 with the reason while one is away.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from scrapy.crawler import Crawler

from linkcrawler.frontier.connect import REDIS_SCHEMES
from linkcrawler.frontier.redis import watch
from linkcrawler.frontier.redis.connection import connect
from linkcrawler.frontier.scheduler import FrontierScheduler
from linkcrawler.watching.address import Address
from linkcrawler.watching.figures import Seen, WorkerFigures
from linkcrawler.watching.loop import LoopLag

logger = logging.getLogger(__name__)

STORE_AWAY = "linkcrawler/store/away"
"""The stat that the storing stage sets while its store does not answer."""
_REDIS_SECONDS = 2.0


class WatchServer:
    def __init__(self, crawler: Crawler, address: Address) -> None:
        self._crawler, self._address = crawler, address
        self._registry = CollectorRegistry()
        self._figures = WorkerFigures()
        self._registry.register(self._figures)
        ProcessCollector(registry=self._registry)
        self._opened = AsyncExitStack()
        self._redis: Redis | None = None

    async def open(self) -> None:
        url = self._crawler.settings["LINKCRAWLER_FRONTIER"]
        if urlsplit(url).scheme in REDIS_SCHEMES:
            self._redis = connect(url, self._crawler.settings)
            self._opened.push_async_callback(self._redis.aclose)
        measuring = asyncio.create_task(LoopLag(self._registry).measure())
        self._opened.callback(measuring.cancel)
        app = web.Application()
        app.add_routes([web.get("/metrics", self._metrics), web.get("/livez", _live), web.get("/readyz", self._ready)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._opened.push_async_callback(runner.cleanup)
        await self._listen(runner)

    async def _listen(self, runner: web.AppRunner) -> None:
        """On the first free port. A crawl that nobody can watch is still a crawl: it is told and goes on."""
        host, ports = self._address.host, self._address.ports
        problem: OSError | None = None
        for port in ports:
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                problem = error
                continue
            logger.info("figures: http://%s:%d/metrics", host, runner.addresses[0][1])
            return
        logger.error(
            "LINKCRAWLER_METRICS: cannot listen on %s, ports %d to %d (%s): the crawl goes on without figures and "
            "probes; name a free port, or a range for several workers, such as 127.0.0.1:9410-9419",
            host, ports[0], ports[-1], problem,
        )  # fmt: skip

    async def close(self) -> None:
        await self._opened.aclose()

    async def _metrics(self, _: web.Request) -> web.Response:
        self._figures.seen = await self._look()
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _ready(self, _: web.Request) -> web.Response:
        away = [name for name, up in (("frontier", self._frontier_up()), ("store", self._store_up())) if not up]
        return web.Response(status=503, text=f"away: {', '.join(away)}\n") if away else web.Response(text="ok\n")

    async def _look(self) -> Seen:
        scheduler, stats = self._scheduler(), self._crawler.stats
        assert stats is not None
        return Seen(
            counts=stats.get_stats(),
            status=scheduler.frontier.status() if scheduler else None,
            frontier_up=self._frontier_up(),
            store_up=self._store_up(),
            crawl=await self._crawl(),
        )

    async def _crawl(self) -> watch.Overview | None:
        scheduler = self._scheduler()
        if self._redis is None or scheduler is None or not self._frontier_up():
            return None
        try:
            async with asyncio.timeout(_REDIS_SECONDS):
                return await watch.overview(self._redis, scheduler.spider.plan.key)
        except (RedisError, OSError):
            return None

    def _store_up(self) -> bool:
        assert self._crawler.stats is not None
        return not self._crawler.stats.get_value(STORE_AWAY, 0)

    def _frontier_up(self) -> bool:
        scheduler = self._scheduler()
        return scheduler is not None and not scheduler.frontier.down

    def _scheduler(self) -> FrontierScheduler | None:
        scheduler = self._crawler.engine.scheduler if self._crawler.engine else None
        return scheduler if isinstance(scheduler, FrontierScheduler) else None


async def _live(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")
