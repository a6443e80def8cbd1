"""Scrapy's log lines of every page and item: made only where somebody reads them (LOG_LEVEL=DEBUG)."""

import logging
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter


class PageLines(LogFormatter):
    _wanted = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        lines = cls()
        level = logging.getLevelName(str(crawler.settings["LOG_LEVEL"]).upper())
        lines._wanted = not isinstance(level, int) or level <= logging.DEBUG
        return lines

    def crawled(self, request: Request, response: Response, spider: Spider) -> Any:
        return super().crawled(request, response, spider) if self._wanted else None

    def scraped(self, item: Any, response: Any, spider: Spider) -> Any:
        return super().scraped(item, response, spider) if self._wanted else None
