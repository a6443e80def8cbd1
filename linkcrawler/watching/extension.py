"""Serves figures where LINKCRAWLER_METRICS asks for them; what serves them takes 9 MB, and is loaded only then."""

from typing import TYPE_CHECKING

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.signals import spider_closed, spider_opened

from linkcrawler.watching.address import parse_address

if TYPE_CHECKING:
    from linkcrawler.watching.server import WatchServer


class Watching:
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WatchServer":
        """Raises NotConfigured where no address is set."""
        text = str(crawler.settings["LINKCRAWLER_METRICS"] or "")
        if not text:
            raise NotConfigured
        from linkcrawler.watching.server import WatchServer

        server = WatchServer(crawler, parse_address(text))
        crawler.signals.connect(server.open, spider_opened)
        crawler.signals.connect(server.close, spider_closed)
        return server
