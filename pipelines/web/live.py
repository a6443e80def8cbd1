"""How crawl and frontier stand, told to browsers as server-sent events whenever it changes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from math import inf

import msgspec

from linkcrawler.errors import LinkcrawlerError
from pipelines.stores.protocol import UNCLASSIFIED, Store
from pipelines.web.serving import CrawlLook, Fact, FrontierLook

EVERY = 2.0
"""Seconds between two looks."""
REST = 20.0
"""A look at a large store is repeated after so many times as long as it took."""
LISTENERS = 20
"""Pages that may listen at a time."""
_SILENCE = 8
"""Looks without news after which a comment keeps the connection."""

FRONTIER = "frontier"
"""How the names of what is told of it begin."""

News = Mapping[str, Fact]


def of_crawl(crawl: CrawlLook, name: str) -> str:
    """The name under which the news have a fact of a crawl."""
    return " ".join(filter(None, (FRONTIER, crawl.name, name)))


class Live:
    """Looks at the store and the frontier, once for everyone who listens."""

    def __init__(
        self, store: Store, frontier: FrontierLook | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._frontier, self._clock = store, frontier, clock
        self._listeners = 0
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._news: News = {}
        self.crawls: Sequence[CrawlLook] = ()
        """Those of the frontier, as the last look found them."""
        self._next = -inf
        self.figures = ""
        """Since when there are figures of the report; told to who listens."""

    @property
    def is_full(self) -> bool:
        return self._listeners >= LISTENERS

    def stop(self) -> None:
        """End all streams: the server is about to."""
        self._stopped.set()

    async def look(self) -> News:
        """Names such as ``links`` and ``frontier CRAWL queued`` to what they stood at when it was last looked.

        A later look is begun where that is long ago; nobody but the first waits for it.
        """
        if self._task is None and self._clock() >= self._next:
            self._task = asyncio.create_task(self._refresh())
        if self._task and not self._news:
            await asyncio.wait({self._task})
        return self._news

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _refresh(self) -> None:
        begun = self._clock()
        try:
            self._news = await self._of_store() | await self._of_frontier()
        finally:
            ended = self._clock()
            self._next = ended + max(EVERY / 2, REST * (ended - begun))
            self._task = None

    async def _of_store(self) -> dict[str, Fact]:
        try:
            totals, outcomes = await self._store.totals(), await self._store.outcomes()
        except LinkcrawlerError as error:
            return {"store": str(error)}
        by_mode = {str(mode or UNCLASSIFIED): count for mode, count in totals.by_mode.items()}
        found: dict[str, Fact] = {"links": totals.links, "pages": totals.pages, "visits": totals.visits}
        found |= {f"links {mode}": count for mode, count in sorted(by_mode.items())}
        return found | {f"visits {outcome.replace('_', ' ')}": count for outcome, count in outcomes.items()}

    async def _of_frontier(self) -> dict[str, Fact]:
        if self._frontier is None:
            return {}
        try:
            self.crawls = await self._frontier()
        except LinkcrawlerError as error:
            self.crawls = ()
            return {FRONTIER: str(error)}
        return {of_crawl(crawl, name): value for crawl in self.crawls for name, value in crawl.facts.items()}

    async def events(self) -> AsyncIterator[bytes]:
        """A stream of ``data:`` lines, each the whole news as JSON."""
        self._listeners += 1
        last, quiet = b"", 0
        try:
            yield b"retry: 5000\n\n"
            while not self._stopped.is_set():
                news = msgspec.json.encode({**await self.look(), "figures": self.figures})
                quiet = quiet + 1 if news == last else 0
                if news != last:
                    yield b"data: " + news + b"\n\n"
                elif quiet % _SILENCE == 0:
                    yield b": nothing new\n\n"
                last = news
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), EVERY)
        finally:
            self._listeners -= 1
