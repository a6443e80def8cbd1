"""Logs as JSON lines, for machines that gather those of many workers (LINKCRAWLER_LOG=json)."""

import logging
import os
import socket
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.signals import spider_opened

from linkcrawler.spiders.fetching import FetchSpider


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ``time level logger message crawl node worker``, and where there is one ``host`` (of the
    first address that the message names) and ``error`` (the traceback)."""

    def __init__(self, crawl: str) -> None:
        super().__init__()
        self._about = {"crawl": crawl, "node": socket.gethostname(), "worker": os.getpid()}

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._about,
        }
        if host := _host(record.args):
            line["host"] = host
        if record.exc_info and record.exc_info[0]:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def _host(arguments: object) -> str:
    values = arguments.values() if isinstance(arguments, dict) else arguments if isinstance(arguments, tuple) else ()
    for value in values:
        text = str(value) if isinstance(value, str) else str(getattr(value, "url", ""))
        if text.startswith(("http://", "https://")):
            try:
                return urlsplit(text).hostname or ""
            except ValueError:
                return ""
    return ""


class JsonLogs:
    """Gives every handler of the process the form once the spider is open: until then Scrapy makes handlers anew."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if crawler.settings["LINKCRAWLER_LOG"] != "json":
            raise NotConfigured
        logs = cls()
        crawler.signals.connect(logs._open, spider_opened)
        return logs

    def _open(self, spider: FetchSpider) -> None:
        formatter = JsonFormatter(spider.plan.key)
        for handler in logging.root.handlers:
            handler.setFormatter(formatter)
