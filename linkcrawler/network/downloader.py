"""Scrapy's downloader without its queues and delays per host: the frontier has granted the host before a request is
made, so it is sent at once. Download middlewares work as usual; of the signals, ``request_left_downloader`` is sent."""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.signals import request_left_downloader
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import build_from_crawler

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred


class Downloader:
    """What Scrapy's engine asks of the class that DOWNLOADER names."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._most = crawler.settings.getint("CONCURRENT_REQUESTS")
        self.active: set[Request] = set()
        self.handlers = DownloadHandlers(crawler)
        self.middleware = build_from_crawler(DownloaderMiddlewareManager, crawler)

    def fetch(self, request: Request) -> "Deferred[Response | Request]":
        # Counted here, not when its task begins: the engine goes on asking until enough are active.
        self.active.add(request)
        return deferred_from_coro(self._fetch(request))

    def needs_backout(self) -> bool:
        return 0 < self._most <= len(self.active)

    def close(self) -> None:
        """The handlers close themselves when the engine stops."""

    async def _fetch(self, request: Request) -> Response | Request:
        try:
            return await self.middleware.download_async(self._send, request)
        finally:
            self.active.remove(request)

    async def _send(self, request: Request) -> Response:
        try:
            return await self.handlers.download_request_async(request)
        finally:
            crawler = self._crawler
            crawler.signals.send_catch_log(request_left_downloader, request=request, spider=crawler.spider)
