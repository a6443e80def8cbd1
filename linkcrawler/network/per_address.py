"""Downloader middleware for sites that share a server: so many requests at a time to one IP address, by all workers.

A place at an address is a turn of the frontier like that of a host: it is taken by one request at a time, and rests
for the delay afterwards. A page that finds no place goes back to its queue.
"""

import random
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.signals import spider_closed

from linkcrawler.frontier.protocol import Frontier
from linkcrawler.frontier.scheduler import FrontierScheduler
from linkcrawler.network.names import Names
from linkcrawler.robots import TurnSpent

_PLACE = "linkcrawler_place"
SHORTEST_WAIT = 0.2


class PerAddress:
    def __init__(self, crawler: Crawler, places: int) -> None:
        self._crawler, self._places = crawler, places
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._names = Names()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        places = crawler.settings.getint("LINKCRAWLER_PER_ADDRESS")
        if not places:
            raise NotConfigured
        middleware = cls(crawler, places)
        crawler.signals.connect(middleware._close, spider_closed)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Take a place, or raise TurnSpent. Behind a proxy it is the proxy that resolves names: there is no rule."""
        host = urlsplit(request.url).hostname or ""
        if request.meta.get("proxy") or not (address := await self._address(host)):
            return
        for number in range(self._places):
            place = f"address {address} {number}"
            if await self._frontier().borrow(place):
                request.meta[_PLACE] = place
                return
        wait = max(SHORTEST_WAIT, self._delay) * random.uniform(0.5, 1.5)  # noqa: S311 spreads those who wait
        raise TurnSpent(wait, f"{address}, which {host} shares with others, is being asked")

    async def process_response(self, request: Request, response: Response) -> Response:
        await self._leave(request)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        await self._leave(request)

    async def _leave(self, request: Request) -> None:
        if place := request.meta.pop(_PLACE, None):
            await self._frontier().give_back(place)

    async def _address(self, host: str) -> str:
        """The lowest of a host's addresses, which stands for all of them; empty if it has none."""
        try:
            return min(await self._names.addresses(host))
        except (OSError, UnicodeError):
            return ""

    def _frontier(self) -> Frontier:
        scheduler = self._crawler.engine.scheduler if self._crawler.engine else None
        assert isinstance(scheduler, FrontierScheduler)
        return scheduler.frontier

    def _close(self) -> None:
        self._names.close()
