"""Where seeds came from, and what they yielded: pages visited, pages that link, links."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linkcrawler.records import Link
from pipelines.queries.finding import addresses_of
from pipelines.queries.page_addresses import address_of
from pipelines.stores.protocol import Store
from pipelines.stores.seeds import KnownSeed

MOST_REDIRECTS = 5
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFate:
    """One seed and what came of it."""

    seed: KnownSeed
    visited: bool
    links: int
    """On the page, or on the one that it leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedYield:
    """One source of seeds. Its pages are counted once, however many links it names on each."""

    origin: str
    source: str
    pages: int = 0
    visited: int = 0
    linking: int = 0
    """Pages with links."""
    links: int = 0


async def seed_fates(store: Store) -> AsyncIterator[Sequence[SeedFate]]:
    """Batches of all seeds, ordered by origin, source and address."""
    async for seeds in store.seeds.all():
        ends = await _ends(store, {seed.url for seed in seeds})
        links = await store.seeds.links_on(set(ends.values()))
        yield [
            SeedFate(seed=seed, visited=seed.url in ends, links=links.get(ends.get(seed.url, seed.url), 0))
            for seed in seeds
        ]


async def seed_yields(store: Store) -> list[SeedYield]:
    """By origin and source, in order."""
    found: list[SeedYield] = []
    last = ("", "", "")
    async for fates in seed_fates(store):
        for fate in fates:
            seed = fate.seed
            if not found or (seed.origin, seed.source) != last[:2]:
                found.append(SeedYield(origin=seed.origin, source=seed.source))
            if (seed.origin, seed.source, seed.url) != last:
                known = found[-1]
                found[-1] = replace(
                    known,
                    pages=known.pages + 1,
                    visited=known.visited + fate.visited,
                    linking=known.linking + (fate.links > 0),
                    links=known.links + fate.links,
                )
            last = (seed.origin, seed.source, seed.url)
    return found


async def known_elsewhere(store: Store, links: Sequence[Link]) -> list[list[KnownSeed]]:
    """What others say of each link, the earliest bound first; its page may go under another spelling there."""
    spellings = [addresses_of(link.source_url) or (link.source_url,) for link in links]
    told: dict[str, list[KnownSeed]] = {}
    for seed in await store.seeds.of_pages({url for urls in spellings for url in urls}):
        told.setdefault(seed.url, []).append(seed)
    return [
        sorted(
            (seed for url in urls for seed in told.get(url, ()) if _is_about(seed, link)),
            key=lambda seed: (str(seed.since or seed.last or "~"), seed.origin, seed.source),
        )
        for link, urls in zip(links, spellings, strict=True)
    ]


async def with_known(store: Store, links: AsyncIterator[Link]) -> AsyncIterator[tuple[Link, list[KnownSeed]]]:
    """The links, each with what others say of it."""
    batch: list[Link] = []
    async for link in links:
        batch.append(link)
        if len(batch) == BATCH:
            for pair in zip(batch, await known_elsewhere(store, batch), strict=True):
                yield pair
            batch = []
    for pair in zip(batch, await known_elsewhere(store, batch), strict=True):
        yield pair


def _is_about(seed: KnownSeed, link: Link) -> bool:
    if seed.target_url:
        return address_of(seed.target_url) == address_of(link.target_url)
    return seed.target == link.target


async def _ends(store: Store, urls: set[str]) -> Mapping[str, str]:
    """Where each address that was asked for leads in the end."""
    ends: dict[str, str] = {}
    leads = {url: url for url in urls}
    for _ in range(MOST_REDIRECTS + 1):
        visited = await store.seeds.visited(set(leads.values()))
        ends |= {url: now for url, now in leads.items() if now in visited or url in ends}
        leads = {url: to for url, now in leads.items() if (to := visited.get(now, ""))}
        if not leads:
            break
    return ends
