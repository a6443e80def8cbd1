"""What linking pages offer to machines: feeds, hubs that tell of changes, addresses that want to hear of links."""

from collections import Counter
from dataclasses import dataclass

from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address, and how many of the linking pages name it."""

    kind: str
    """feed, hub, webmention or pingback."""
    url: str
    pages: int


async def endpoints_of_linkers(store: Store, target: str = "") -> list[Endpoint]:
    """Of the pages that link to the target, or to any; by kind, those of most pages first."""
    pages, counts = set[int](), Counter[str]()
    async for link in store.links(LinkFilter(target=target)):
        page = hash(link.source_url)
        if link.page and page not in pages:
            pages.add(page)
            counts.update(link.page.endpoints)
    parted = ((named.partition(" "), count) for named, count in counts.items())
    found = [Endpoint(kind=kind, url=url, pages=count) for (kind, _, url), count in parted]
    return sorted(found, key=lambda one: (one.kind, -one.pages, one.url))
