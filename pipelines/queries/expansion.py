"""Seeds that follow from known links: where a page that links was found, others are near.

co-citation    pages that link to two competitors of the target and stand on sites that do not link to it
linking-site   front pages of the sites that link to the target
author         pages of the authors who link to the target
syndication    originals that pages linking to the target name as their canonical address
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from linkcrawler.errors import UsageError
from linkcrawler.records import Link
from linkcrawler.sharing import site_key
from linkcrawler.targets import Target, parse_target
from linkcrawler.urls import canonicalize
from pipelines.queries.page_addresses import address_of
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store
from pipelines.stores.seeds import KnownSeed

CO_CITATION = "co-citation"
LEAST_COMPETITORS = 2
BATCH = 1000


def _site(link: Link) -> Iterator[str]:
    scheme, _, rest = link.source_url.partition("://")
    folder = f"{site_key(link.source_url).partition('/')[2]}/".lstrip("/")
    yield f"{scheme}://{rest.partition('/')[0]}/{folder}"


def _authors(link: Link) -> Iterator[str]:
    site = site_key(link.source_url)
    for url in link.page.author_urls if link.page else ():
        # A profile elsewhere is of a platform that says little of who links.
        if (canonical := canonicalize(url)) and site_key(canonical) == site:
            yield canonical


def _original(link: Link) -> Iterator[str]:
    canonical = canonicalize(link.page.canonical_url) if link.page and link.page.canonical_url else None
    if canonical and address_of(canonical) != address_of(link.source_url):
        yield canonical


FROM_LINKS: dict[str, Callable[[Link], Iterator[str]]] = {
    "linking-site": _site,
    "author": _authors,
    "syndication": _original,
}
WAYS = (CO_CITATION, *FROM_LINKS)


async def expand(
    store: Store, target: Target, ways: Sequence[str], competitors: Sequence[str], *, noted_at: datetime
) -> dict[str, tuple[int, int]]:
    """Store the seeds that follow; for each way how many there are and how many are new.

    Raises UsageError if co-citation is asked for and fewer than two competitors have links in the store.
    """
    made: dict[str, tuple[int, int]] = {}
    for way in ways:
        pages = _co_cited(store, target, competitors) if way == CO_CITATION else _near(store, target, FROM_LINKS[way])
        urls = {url async for url in pages if not target.holds(url)}
        seeds = (
            KnownSeed(url=url, origin=way, source=target.spec, target=target.spec, noted_at=noted_at)
            for url in sorted(urls)
        )
        new = 0
        while batch := list(islice(seeds, BATCH)):
            new += await store.seeds.put(batch)
        made[way] = (len(urls), new)
    return made


async def _near(store: Store, target: Target, way: Callable[[Link], Iterator[str]]) -> AsyncIterator[str]:
    async for link in store.links(LinkFilter(target=target.spec)):
        for url in way(link):
            if url != link.source_url:
                yield url


async def _co_cited(store: Store, target: Target, competitors: Sequence[str]) -> AsyncIterator[str]:
    known = set(await store.targets())
    rivals = [spec for spec in dict.fromkeys(competitors) if spec in known]
    if len(rivals) < LEAST_COMPETITORS:
        raise UsageError(
            f"co-citation needs links to two competitors of {target.spec}, and the store has some to "
            f"{', '.join(rivals) or 'none'}: name them with --competitor, or with linkcrawler targets add "
            f"{target.spec} --competitor a.org,b.org; crawl with -a target=$(linkcrawler targets specs --competitors)"
        )
    cited = Counter[str]()
    for rival in rivals:
        cited.update({domain for (domain,), _ in await store.count_by(LinkFilter(target=rival), ("source_domain",))})
    ours = {domain for (domain,), _ in await store.count_by(LinkFilter(target=target.spec), ("source_domain",))}
    wanted = {domain for domain, number in cited.items() if number >= LEAST_COMPETITORS} - ours
    own = {parse_target(rival) for rival in rivals}
    for domain in sorted(wanted):
        for rival in rivals:
            async for link in store.links(LinkFilter(target=rival, source_domain=domain)):
                if not any(one.holds(link.source_url) for one in own):
                    yield link.source_url
