"""What a recheck asks of the store: which pages are due, and what stood on them."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice

from scrapy.settings import BaseSettings

from linkcrawler.records import DuePage, Sighting
from pipelines.events.deriving import bring_up_to_date
from pipelines.events.schedule import DAY, Pace
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import Store

BATCH = 1000


class StoredPages:
    """Implements :class:`linkcrawler.seeding.known_pages.KnownPages`."""

    _store: Store

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._opened = AsyncExitStack()

    async def open(self) -> None:
        settings = self._settings
        self._store = await self._opened.enter_async_context(open_store(settings["LINKCRAWLER_STORE"], create=False))
        now = datetime.now(UTC)
        await bring_up_to_date(self._store, now=now, pace=pace_of(settings))
        if days := settings.getfloat("LINKCRAWLER_KEEP_DAYS"):
            await self._store.history.forget(now - timedelta(days=days))

    async def due(self, targets: Collection[str], *, by: datetime, most: int) -> AsyncIterator[Sequence[DuePage]]:
        pages = iter(await self._store.history.due_pages(targets, by=by, most=most))
        while batch := list(islice(pages, BATCH)):
            yield batch

    async def changed(self, hints: Mapping[str, datetime]) -> list[DuePage]:
        urls, found = iter(sorted(hints)), []
        while batch := list(islice(urls, BATCH)):
            pages = await self._store.history.known_pages(batch)
            found += [page for page in pages if page.last_visit < hints[page.url]]
        return found

    async def standing(self, url: str) -> tuple[Sighting, ...]:
        return await self._store.history.standing(url)

    async def close(self) -> None:
        await self._opened.aclose()


def pace_of(settings: BaseSettings) -> Pace:
    """The bounds that the settings give, in days."""
    first, shortest, longest = (
        round(settings.getfloat(f"LINKCRAWLER_RECHECK_{name}") * DAY) for name in ("FIRST", "SHORTEST", "LONGEST")
    )
    return Pace(first=first, shortest=shortest, longest=longest)
