"""Progress while crawling: a live line on a terminal, plain log lines elsewhere, and a summary at the end."""

import asyncio
import logging
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from scrapy.crawler import Crawler
from scrapy.signals import spider_closed, spider_opened

from linkcrawler.frontier.scheduler import FrontierScheduler

if TYPE_CHECKING:
    from rich.live import Live

logger = logging.getLogger(__name__)

LIVE_SECONDS = 0.5
LOG_SECONDS = 10.0

_REFUSED = "linkcrawler/urls/refused/"
_GIVEN_UP = "linkcrawler/pages/refused/"

_CHATTER = ("scrapy.core.downloader.tls",)
"""Warns twice per host about certificates, which are not verified: a link on a page with a bad one stands there too."""


class Progress:
    """Reads Scrapy's stats and the frontier's status; changes nothing."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._task: asyncio.Task[None] | None = None
        self._started = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        progress = cls(crawler)
        crawler.signals.connect(progress._open, spider_opened)
        crawler.signals.connect(progress._close, spider_closed)
        return progress

    def _open(self) -> None:
        self._started = time.monotonic()
        for name in _CHATTER:
            logging.getLogger(name).setLevel(logging.ERROR)
        show = self._live if sys.stderr.isatty() else self._log
        self._task = asyncio.get_running_loop().create_task(show())

    async def _close(self, reason: str) -> None:
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for line in self._summary(reason):
            logger.info("%s", line)

    async def _log(self) -> None:
        while True:
            await asyncio.sleep(LOG_SECONDS)
            logger.info("%s", self._line())

    async def _live(self) -> None:
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), transient=True, auto_refresh=False) as live:
            restore = _write_logs_above(live)
            try:
                while True:
                    live.update(self._line(), refresh=True)
                    await asyncio.sleep(LIVE_SECONDS)
            finally:
                restore()

    def _line(self) -> str:
        pages, links, refused = self._counts()
        status = self._status()
        rate = pages / max(time.monotonic() - self._started, 0.001)
        queue = f", {status.queued:,} queued, {status.leased:,} under way" if status else ""
        return f"{pages:,} pages ({rate:,.1f}/s), {links:,} links found{queue}, {sum(refused.values()):,} refused"

    def _summary(self, reason: str) -> list[str]:
        pages, links, refused = self._counts()
        seconds = time.monotonic() - self._started
        visits = self._by_name("linkcrawler/visits/")
        kinds = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(visits.items())) or "none"
        lines = [f"{reason}: {pages:,} pages in {seconds:,.0f} s ({kinds}), {links:,} links to the target"]
        for what, counts in (("links not followed", refused), ("queued pages not kept", self._by_name(_GIVEN_UP))):
            if counts:
                reasons = ", ".join(f"{number:,} {why}" for why, number in sorted(counts.items()))
                lines.append(f"{what}: {reasons}")
        return lines

    def _counts(self) -> tuple[int, int, dict[str, int]]:
        stats = self._crawler.stats
        assert stats is not None
        visits, links = stats.get_value("linkcrawler/visits", 0), stats.get_value("linkcrawler/links", 0)
        return visits, links, self._by_name(_REFUSED)

    def _by_name(self, prefix: str) -> dict[str, int]:
        stats = self._crawler.stats
        assert stats is not None
        return {name.removeprefix(prefix): n for name, n in stats.get_stats().items() if name.startswith(prefix)}

    def _status(self) -> Any:
        scheduler = self._crawler.engine.scheduler if self._crawler.engine else None
        return scheduler.frontier.status() if isinstance(scheduler, FrontierScheduler) else None


def _write_logs_above(live: "Live") -> Any:
    """Send log lines through the live display, so that they scroll above the line; returns what undoes it."""
    handlers = [
        handler
        for handler in logging.root.handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.__stderr__
    ]
    for handler in handlers:
        handler.setStream(sys.stderr)

    def restore() -> None:
        for handler in handlers:
            handler.setStream(sys.__stderr__)

    return restore
