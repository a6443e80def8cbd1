"""The Scrapy extension of the rows that read no page: what is left is fetching, Scrapy, the frontier and the store."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.signals import spider_opened

from linkcrawler.spiders import backlinks


class Unread:
    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        unread = cls()
        crawler.signals.connect(unread._open, spider_opened)
        return unread

    def _open(self) -> None:
        """No type is HTML."""
        backlinks.HTML_TYPES = frozenset({"none"})
