"""Finds the links that somebody means by an id or by the address of a page."""

import re
from difflib import SequenceMatcher
from heapq import nlargest

from linkcrawler.domains import domain_of
from linkcrawler.errors import UsageError
from linkcrawler.records import Link
from linkcrawler.urls import canonicalize
from pipelines.stores.ids import beginning_with
from pipelines.stores.protocol import LinkFilter, Store

_ID = re.compile(r"[0-9a-f]{16}\Z")
_ID_LIKE = re.compile(r"[0-9a-fA-F]{4,}\Z")

NEAR_MATCHES = 5
_BEGINNING = 4
"""Hex digits that near matches share: few of even ten million links."""


async def find_links(store: Store, wanted: str) -> list[Link]:
    """The link with this id, or every link of this page (its address with or without scheme, ``www.``, final slash).

    Raises UsageError with near matches if there is none.
    """
    text = wanted.strip()
    if _ID.match(text):
        where = LinkFilter(ids=(text,))
    elif _ID_LIKE.match(text):
        raise UsageError(await _no_such_id(store, text))
    elif addresses := addresses_of(text):
        where = LinkFilter(source_urls=addresses)
    else:
        raise UsageError(
            f"{wanted!r} is neither the id of a link (16 hex digits, as `linkcrawler links` prints them) nor the "
            "address of a page (https://some.blog/post)"
        )
    found = [link async for link in store.links(where)]
    if not found:
        raise UsageError(await (_no_such_id(store, text) if where.ids else _no_such_page(store, where.source_urls[0])))
    return found


def addresses_of(text: str) -> tuple[str, ...]:
    """The canonical forms under which the page may be stored, the literal one first."""
    with_scheme = text if "://" in text else f"https://{text}"
    literal = canonicalize(with_scheme)
    if literal is None or "." not in domain_of(literal):
        return ()
    _, _, rest = literal.partition("://")
    bare = rest.removeprefix("www.")
    path, mark, query = bare.partition("?")
    paths = {path, path.rstrip("/") if path.count("/") > 1 else path, path if path.endswith("/") else f"{path}/"}
    forms = (
        f"{scheme}://{host}{form}{mark}{query}"
        for scheme in ("https", "http")
        for host in ("", "www.")
        for form in sorted(paths)
    )
    return tuple(dict.fromkeys((literal, *forms)))


async def _no_such_id(store: Store, wanted: str) -> str:
    near: list[str] = []
    async for batch in store.unjudged("", everything=True, within=beginning_with(wanted.lower()[:_BEGINNING])):
        near += [link.id for link in batch[: NEAR_MATCHES - len(near)]]
        if len(near) == NEAR_MATCHES:
            break
    hint = f"; ids that begin alike: {', '.join(near)}" if near else ""
    return f"no link has the id {wanted}{hint}; `linkcrawler links` lists the ids (16 hex digits each)"


async def _no_such_page(store: Store, wanted: str) -> str:
    domain = domain_of(wanted)
    pages = {link.source_url async for link in store.links(LinkFilter(source_domain=domain))}
    near = nlargest(NEAR_MATCHES, sorted(pages), key=lambda url: SequenceMatcher(None, wanted, url).ratio())
    if near:
        return f"no link is known from the page {wanted}; pages of {domain} with links:\n  " + "\n  ".join(near)
    return f"no link is known from {wanted}, nor from any page of {domain}; `linkcrawler links` lists what there is"
