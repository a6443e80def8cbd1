"""A Scrapy extension that measures how late a worker's event loop is."""

import asyncio
import os
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from scrapy.signals import spider_closed, spider_opened

EVERY = 0.02


class LoopProbe:
    """Writes a line for each time it slept: the moment (seconds, monotonic) and how late it woke."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        probe = cls()
        crawler.signals.connect(probe._open, spider_opened)
        crawler.signals.connect(probe._close, spider_closed)
        return probe

    def _open(self) -> None:
        self._out = Path(f"lag-{os.getpid()}.txt").open("w", buffering=1)  # noqa: SIM115 closed with the spider
        self._task = asyncio.get_running_loop().create_task(self._measure())

    def _close(self) -> None:
        self._task.cancel()
        self._out.close()

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            self._out.write(f"{due:.3f} {max(0.0, loop.time() - due):.4f}\n")
