"""Seeds that are kept in the store: given to a crawl, and noted where a crawl found them named."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from scrapy.settings import BaseSettings

from linkcrawler.errors import UsageError
from linkcrawler.records import in_milliseconds
from linkcrawler.seeding.stored_seeds import ALL, NEW
from linkcrawler.targets import Target
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import Store
from pipelines.stores.seeds import KnownSeed

BATCH = 1000


class SeedsOfStore:
    """Implements :class:`linkcrawler.seeding.stored_seeds.StoredSeeds`."""

    _store: Store

    def __init__(self, settings: BaseSettings) -> None:
        self._url: str = settings["LINKCRAWLER_STORE"]
        self._opened = AsyncExitStack()

    async def open(self) -> None:
        self._store = await self._opened.enter_async_context(open_store(self._url))

    async def named(self, what: str, targets: Collection[Target]) -> AsyncIterator[Sequence[str]]:
        origins = set[str]()
        last = ""
        async for seeds in self._store.seeds.all():
            wanted = []
            for seed in seeds:
                origins.add(seed.origin)
                fits = what in (NEW, ALL, seed.origin) and _is_for(seed, targets)
                if fits and seed.url != last:
                    wanted.append(seed.url)
                    last = seed.url
            if what == NEW:
                visited = await self._store.seeds.visited(wanted)
                wanted = [url for url in wanted if url not in visited]
            yield wanted
        if what not in (NEW, ALL) and what not in origins:
            raise UsageError(
                f"seeds store:{what}: nothing came from {what!r}; expected new, all or one of "
                f"{', '.join(sorted(origins)) or 'none (run linkcrawler import first)'}"
            )

    async def note(self, origin: str, source: str, targets: Collection[Target], urls: Sequence[str]) -> None:
        now = in_milliseconds(datetime.now(UTC))
        seeds = [
            KnownSeed(url=url, origin=origin, source=source, target=target.spec, noted_at=now)
            for target in targets
            for url in urls
        ]
        for start in range(0, len(seeds), BATCH):
            await self._store.seeds.put(seeds[start : start + BATCH])

    async def close(self) -> None:
        await self._opened.aclose()


def _is_for(seed: KnownSeed, targets: Collection[Target]) -> bool:
    url = seed.target_url
    return any(seed.target == target.spec or (url and target.matches(url)) for target in targets)
