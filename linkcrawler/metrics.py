"""Figures for Prometheus and probes for an orchestrator, where LINKCRAWLER_METRICS names an address to listen on.

``/metrics``: counters of this worker and, for a shared frontier, the crawl's own as Redis told last.
``/healthz``: 200 while the event loop runs and Redis answers, 503 while it is away.
"""

import asyncio
from collections.abc import Iterator
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.signals import spider_closed, spider_opened

from linkcrawler.errors import ConfigError
from linkcrawler.frontier.protocol import Frontier
from linkcrawler.frontier.scheduler import FrontierScheduler

_LONGEST_QUESTION = 4096
_LABELLED = {
    "linkcrawler/visits/": ("linkcrawler_visits_total", "outcome"),
    "linkcrawler/urls/refused/": ("linkcrawler_refused_total", "reason"),
    "linkcrawler/pages/refused/": ("linkcrawler_pages_refused_total", "reason"),
    "linkcrawler/retries/": ("linkcrawler_retries_total", "reason"),
}


class Metrics:
    def __init__(self, crawler: Crawler, host: str, port: int) -> None:
        self._crawler, self._host, self._port = crawler, host, port
        self._server: asyncio.Server | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        address = str(crawler.settings["LINKCRAWLER_METRICS"] or "")
        if not address:
            raise NotConfigured
        host, _, port = address.rpartition(":")
        if not port.isdecimal():
            raise ConfigError(f"LINKCRAWLER_METRICS={address!r}: expected HOST:PORT, such as 127.0.0.1:9410")
        metrics = cls(crawler, host or "127.0.0.1", int(port))
        crawler.signals.connect(metrics._open, spider_opened)
        crawler.signals.connect(metrics._close, spider_closed)
        return metrics

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._answer, self._host, self._port, limit=_LONGEST_QUESTION)

    async def _close(self) -> None:
        if self._server:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                question = await reader.readuntil(b"\r\n\r\n")
            path = question.split(b" ", 2)[1]
            status, text = self._page(path.decode("latin-1").partition("?")[0])
            body = text.encode()
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {len(body)}"
            writer.write(f"{head}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
            return
        finally:
            writer.close()

    def _page(self, path: str) -> tuple[str, str]:
        if path == "/metrics":
            return "200 OK", "\n".join(self._lines()) + "\n"
        if path == "/healthz":
            frontier = self._frontier()
            away = frontier is not None and frontier.down
            return ("503 Service Unavailable", "redis is away\n") if away else ("200 OK", "ok\n")
        return "404 Not Found", "expected /metrics or /healthz\n"

    def _lines(self) -> Iterator[str]:
        frontier, stats = self._frontier(), self._crawler.stats
        assert stats is not None
        if frontier:
            status = frontier.status()
            for name in ("queued", "leased", "done", "dead", "ready_hosts"):
                yield f"# TYPE linkcrawler_frontier_{name} gauge"
                yield f"linkcrawler_frontier_{name} {getattr(status, name)}"
            yield f"linkcrawler_frontier_up {int(not frontier.down)}"
        counts = stats.get_stats()
        for name in ("linkcrawler/visits", "linkcrawler/links", "linkcrawler/urls/admitted"):
            yield f"{name.replace('/', '_')}_count {counts.get(name, 0)}"
        for prefix, (metric, label) in _LABELLED.items():
            yield f"# TYPE {metric} counter"
            for name, number in sorted(counts.items()):
                if name.startswith(prefix):
                    value = name.removeprefix(prefix).replace("\\", "\\\\").replace('"', '\\"')
                    yield f'{metric}{{{label}="{value}"}} {number}'

    def _frontier(self) -> Frontier | None:
        scheduler = self._crawler.engine.scheduler if self._crawler.engine else None
        return scheduler.frontier if isinstance(scheduler, FrontierScheduler) else None
