"""Sitemaps and feeds: when a site says that its pages changed. A hint brings a visit forward, it never puts one off."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from lxml import etree

from linkcrawler.urls import canonicalize

MOST_BYTES = 50 * 1024 * 1024
"""The limit of the sitemap protocol."""
_TIMES = {"lastmod", "pubDate", "updated", "published"}
_ALIKE = 5
"""So many pages that all changed at one moment are a generator's clock, not news of the pages."""


def read_hints(document: bytes, now: datetime) -> Mapping[str, datetime]:
    """When each page of a sitemap, RSS or Atom document changed last, by canonical address.

    Empty for a document that is none of these, and for one whose five or more times are all the same; times in the
    future are left out.
    """
    root = xml_root(document)
    if root is None:
        return {}
    found: dict[str, datetime] = {}
    for address, changed in entries(root):
        url = canonicalize(address) if address else None
        if url and changed and changed <= now + timedelta(hours=1):
            found[url] = max(changed, found.get(url, changed))
    same = len(found) >= _ALIKE and len(set(found.values())) == 1
    return {} if same else found


def xml_root(document: bytes) -> etree._Element | None:
    """The root of whatever can be read of an XML document; None if it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        return etree.fromstring(document[:MOST_BYTES], parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def entries(root: etree._Element) -> Iterator[tuple[str, datetime | None]]:
    """Address and newest time of each page of a sitemap, RSS or Atom document."""
    return map(_entry, root.iter("{*}url", "{*}item", "{*}entry"))


def _entry(entry: etree._Element) -> tuple[str, datetime | None]:
    address, changed = "", None
    for part in entry:
        name = etree.QName(part).localname if isinstance(part.tag, str) else ""
        text = (part.text or "").strip()
        if name == "loc" or (name == "link" and part.get("rel", "alternate") == "alternate"):
            address = address or text or part.get("href", "")
        elif name in _TIMES and (time := _time(text)):
            changed = max(changed, time) if changed else time
    return address, changed


def _time(text: str) -> datetime | None:
    """W3C time or RFC 822 date, in UTC; a day counts from its beginning."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            time = read(text)
            return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            continue
    return None
