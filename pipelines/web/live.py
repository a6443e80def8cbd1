"""How crawl and frontier stand, told to browsers as server-sent events whenever it changes."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress

import msgspec

from linkcrawler.errors import LinkcrawlerError
from linkcrawler.vocabulary import Mode
from pipelines.stores.protocol import Store
from pipelines.web.serving import FrontierLook

EVERY = 2.0
"""Seconds between two looks."""
LISTENERS = 20
"""Pages that may listen at a time."""
_SILENCE = 8
"""Looks without news after which a comment keeps the connection."""

News = Mapping[str, str | int | float]


class Live:
    """Looks at the store and the frontier for everyone who listens."""

    def __init__(self, store: Store, frontier: FrontierLook | None) -> None:
        self._store, self._frontier = store, frontier
        self._listeners = 0
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """End all streams: the server is about to."""
        self._stopped.set()

    @property
    def is_full(self) -> bool:
        return self._listeners >= LISTENERS

    async def look(self) -> News:
        """Names such as ``links`` and ``frontier queued`` to what they stand at."""
        totals = await self._store.totals()
        found: dict[str, str | int | float] = {"links": totals.links, "pages": totals.pages, "visits": totals.visits}
        found |= {f"links {mode or 'unclassified'}": count for mode, count in sorted(_named(totals.by_mode))}
        if self._frontier:
            try:
                found |= {f"frontier {name}": value for name, value in (await self._frontier()).items()}
            except LinkcrawlerError as error:
                found["frontier"] = str(error)
        return found

    async def events(self) -> AsyncIterator[bytes]:
        """A stream of ``data:`` lines, each the whole news as JSON."""
        self._listeners += 1
        last, quiet = b"", 0
        try:
            yield b"retry: 5000\n\n"
            while not self._stopped.is_set():
                news = msgspec.json.encode(await self.look())
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


def _named(counts: Mapping[Mode | None, int]) -> list[tuple[str, int]]:
    return [(str(mode or "unclassified"), count) for mode, count in counts.items()]
