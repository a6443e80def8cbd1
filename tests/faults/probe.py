"""Measures how late an event loop is: inside a worker as a Scrapy extension, or in an idle process beside them
(``python -m tests.faults.probe FILE``), which tells what the machine's other work costs."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Self, TextIO

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
        self._task = asyncio.get_running_loop().create_task(measure(self._out))

    def _close(self) -> None:
        self._task.cancel()
        self._out.close()


async def measure(out: TextIO) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        out.write(f"{due:.3f} {max(0.0, loop.time() - due):.4f}\n")


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", buffering=1) as lines:
        asyncio.run(measure(lines))
