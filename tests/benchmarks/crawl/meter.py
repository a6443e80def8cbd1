"""The Scrapy extension that measures a crawl from inside its process, from the first request to the last item.

Prints one line to standard output, ``RESULT`` and JSON, as the peers do.
"""

import json
import resource
import time
from typing import Self

from scrapy.crawler import Crawler
from scrapy.signals import spider_closed, spider_opened


class Meter:
    """CPU seconds are user and system time of the process, its threads included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        meter = cls(crawler)
        crawler.signals.connect(meter._open, spider_opened)
        crawler.signals.connect(meter._close, spider_closed)
        return meter

    def _open(self) -> None:
        self._wall, self._cpu = time.perf_counter(), _cpu()

    def _close(self, reason: str) -> None:
        assert self._crawler.stats is not None
        counts = self._crawler.stats.get_stats()
        result = {
            "pages": counts.get("linkcrawler/visits", 0),
            "ok": counts.get("linkcrawler/visits/ok", 0) + counts.get("linkcrawler/visits/truncated", 0),
            "links": counts.get("linkcrawler/links", 0),
            "enqueued": counts.get("linkcrawler/urls/admitted", 0),
            "errors": counts.get("log_count/ERROR", 0),
            "cpu": _cpu() - self._cpu,
            "wall": time.perf_counter() - self._wall,
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "reason": reason,
        }
        print(f"RESULT {json.dumps(result)}", flush=True)  # noqa: T201


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
