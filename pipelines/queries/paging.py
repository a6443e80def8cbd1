"""A page of links: so many of them, and the cursor at which the next page begins."""

from dataclasses import dataclass, replace

from linkcrawler.records import Link
from pipelines.queries.cursors import encode_cursor
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store
from pipelines.stores.reading import sort_value

PAGE = 100


@dataclass(frozen=True, slots=True)
class LinkPage:
    links: tuple[Link, ...]
    next: str
    """Cursor of the page after this one, to be given as ``after``; empty if this is the last."""


async def read_page(store: Store, where: LinkFilter) -> LinkPage:
    """The links that fit from the filter's cursor on, at most ``where.limit`` (0: 100)."""
    size = where.limit or PAGE
    found = [link async for link in store.links(replace(where, limit=size + 1))]
    links = tuple(found[:size])
    return LinkPage(links, cursor_of(links[-1], where) if len(found) > size else "")


def cursor_of(link: Link, where: LinkFilter) -> str:
    """Where the filter goes on after this link."""
    return encode_cursor(where.sort, sort_value(link, where.sort_field), link.id)
