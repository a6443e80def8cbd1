"""What a page offers to machines: feeds and their hubs, and addresses that take notice of links to it.

Of the page itself; what stands in response headers is not read.
"""

from collections.abc import Iterable
from itertools import islice

from lxml.etree import _Element

from linkcrawler.urls import canonicalize, join

MOST_RELATIONS = 2000
MOST_ENDPOINTS = 12
FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"))
_NAMED = ("hub", "webmention", "pingback")


def endpoints(related: Iterable[_Element], base_url: str) -> tuple[str, ...]:
    """Each ``kind address`` with kind feed, hub, webmention or pingback, in the order of the ``related`` elements."""
    found: dict[str, None] = {}
    for element in islice(related, MOST_RELATIONS):
        kind = _kind(element)
        href = (element.get("href") or "").strip() if kind else ""
        # An empty address is the page's own, which W3C Webmention allows.
        joined = join(base_url, href) if kind and (href or kind == "webmention") else None
        if joined and (address := canonicalize(joined)):
            found[f"{kind} {address}"] = None
    return tuple(islice(found, MOST_ENDPOINTS))


def _kind(element: _Element) -> str:
    words = (element.get("rel") or "").lower().split()
    named = next((kind for kind in _NAMED if kind in words), "")
    if named and element.tag in ("link", "a"):
        return named
    if element.tag != "link" or "alternate" not in words:
        return ""
    return "feed" if (element.get("type") or "").strip().lower() in FEED_TYPES else ""
