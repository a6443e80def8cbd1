"""The storing pipeline stage: visits are written in bulk, and each waits until it is safely stored.

While the store does not answer, intake waits. What it refuses for good is refused alone: the batch is written visit by
visit, and the failed one goes back to the frontier.
"""

import asyncio
import logging
import time
from contextlib import AsyncExitStack
from typing import Self

from scrapy.crawler import Crawler
from scrapy.signals import item_dropped

from linkcrawler.errors import LinkcrawlerError, StoreAway
from linkcrawler.frontier.settle import Fetched
from linkcrawler.records import Visit
from linkcrawler.targets import parse_target
from pipelines.intake.lag import watch_lag
from pipelines.intake.quarantine import refused
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import Store

logger = logging.getLogger(__name__)

MOST_VISITS_AT_ONCE = 500
GATHER_SECONDS = 0.05
"""A page waits so long for others: a transaction, a thread's turn and a call to Redis for ten pages cost as for one."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
"""Seconds between attempts while the store does not answer; doubled each time."""

Waiting = tuple[Visit, asyncio.Future[None]]


class StorePipeline:
    """Group commit: while one write is under way, the visits that arrive gather for the next."""

    store: Store

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._opened = AsyncExitStack()
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline._dropped, item_dropped)
        return pipeline

    async def open_spider(self) -> None:
        self.store = await self._opened.enter_async_context(open_store(self._crawler.settings["LINKCRAWLER_STORE"]))
        spider = self._crawler.spider
        if spider is not None and hasattr(spider, "also_watched"):
            spider.also_watched = tuple(map(parse_target, await self.store.targets()))
        if spider is not None and hasattr(spider, "stored_placements"):
            spider.stored_placements = self.store.history.placements
        if self._crawler.settings["LINKCRAWLER_METRICS"]:
            assert self._crawler.stats is not None
            watching = asyncio.create_task(watch_lag(self.store, self._crawler.stats))
            self._opened.callback(watching.cancel)

    async def process_item(self, item: Fetched) -> Fetched:
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((item.visit, stored))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await stored
        return item

    async def close_spider(self) -> None:
        if self._writer is not None:
            await self._writer
        await self._opened.aclose()

    async def _write(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHER_SECONDS)
                batch, self._waiting = self._waiting[:MOST_VISITS_AT_ONCE], self._waiting[MOST_VISITS_AT_ONCE:]
                await self._put(batch)
        finally:
            self._writer = None

    async def _put(self, batch: list[Waiting]) -> None:
        try:
            await self._put_for_sure([visit for visit, _ in batch])
        except Exception as error:  # the item that fails is told why, and its lease is given back
            if len(batch) == 1:
                await self._refuse(*batch[0], error)
                return
            for one in batch:
                await self._put([one])
            return
        self._count(batch)

    async def _refuse(self, visit: Visit, stored: asyncio.Future[None], error: Exception) -> None:
        stats = self._crawler.stats
        assert stats is not None
        stats.inc_value(f"linkcrawler/records/refused/store: {type(error.__cause__ or error).__name__}")
        logger.error("the store refuses the visit of %s: %s", visit.url, error)
        await self._quarantine(visit, str(error))
        if not stored.done():
            stored.set_exception(error)

    async def _dropped(self, item: object, exception: Exception) -> None:
        """The validation refused it."""
        if isinstance(item, Fetched):
            await self._quarantine(item.visit, str(exception))

    async def _quarantine(self, visit: Visit, reason: str) -> None:
        """What is refused can be looked at; a store that cannot keep even that has said so already."""
        try:
            await self.store.history.quarantine([refused(visit, reason)])
        except LinkcrawlerError as error:
            logger.error("the refused visit of %s is not kept: %s", visit.url, error)

    async def _put_for_sure(self, visits: list[Visit]) -> None:
        """Write, however long the server is away: what was fetched is not thrown away, and intake waits for it."""
        stats = self._crawler.stats
        assert stats is not None
        pause = SHORTEST_PAUSE
        while True:
            begun = time.perf_counter()
            try:
                await self.store.put(visits)
                break
            except StoreAway as error:
                stats.set_value("linkcrawler/store/away", 1)
                if pause == SHORTEST_PAUSE:
                    logger.warning("the store is away (%s): intake pauses until it answers", error)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)
        spent = time.perf_counter() - begun
        stats.inc_value("linkcrawler/store/writes")
        stats.set_value("linkcrawler/store/seconds", stats.get_value("linkcrawler/store/seconds", 0.0) + spent)
        if pause > SHORTEST_PAUSE:
            stats.set_value("linkcrawler/store/away", 0)
            logger.info("the store answers again: the crawl goes on")

    def _count(self, batch: list[Waiting]) -> None:
        stats = self._crawler.stats
        assert stats is not None
        for visit, stored in batch:
            stats.inc_value("linkcrawler/visits")
            stats.inc_value(f"linkcrawler/visits/{visit.outcome}")
            stats.inc_value("linkcrawler/links", len(visit.sightings))
            if not stored.done():
                stored.set_result(None)
