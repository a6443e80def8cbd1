"""What robots.txt, sitemaps, feeds, OPML lists and pages name: pages to start from, and further documents. Pure."""

import gzip
import io
import re
import zlib
from dataclasses import dataclass, field

import msgspec
from lxml import etree, html

from linkcrawler.capture.endpoints import FEED_TYPES
from linkcrawler.seeding.hints import MOST_BYTES, entries, xml_root
from linkcrawler.urls import canonicalize, join

_GZIP = b"\x1f\x8b"
_SITEMAP_LINE = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ADDRESS_LINE = re.compile(rb"https?://\S+\s*\Z")


@dataclass(slots=True)
class Discovered:
    """Canonical addresses, each once, in document order."""

    pages: dict[str, None] = field(default_factory=dict)
    documents: dict[str, None] = field(default_factory=dict)
    """Sitemaps of an index or of robots.txt, feeds of a list or of a page, further pages of a feed's archive."""
    hubs: dict[str, None] = field(default_factory=dict)
    """WebSub hubs that tell of a feed's changes."""


class _Item(msgspec.Struct):
    url: str = ""
    external_url: str = ""


class _Hub(msgspec.Struct):
    url: str = ""


class _JsonFeed(msgspec.Struct):
    version: str
    items: list[_Item] = []
    hubs: list[_Hub] = []
    next_url: str = ""


def discover(body: bytes, url: str) -> Discovered:
    """What a document at ``url`` names, whatever it is; nothing if it is of no known kind."""
    document, found = _unpacked(body), Discovered()
    begins = document.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begins == b"{":
        _of_json(document, url, found)
    elif begins == b"<":
        root = xml_root(document)
        name = etree.QName(root).localname.lower() if root is not None and isinstance(root.tag, str) else ""
        if root is None or name == "html":
            _of_page(document, url, found)
        elif name == "sitemapindex":
            _add(found.documents, url, [str(text) for text in root.itertext("{*}loc")])
        elif name == "opml":
            _of_opml(root, url, found)
        else:
            _of_xml(root, url, found)
    else:
        _of_text(document, url, found)
    return found


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as file:
            return file.read(MOST_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""


def _add(to: dict[str, None], base: str, addresses: list[str]) -> None:
    for address in addresses:
        joined = join(base, address.strip()) if address.strip() else None
        if joined and (canonical := canonicalize(joined)):
            to[canonical] = None


def _of_xml(root: etree._Element, url: str, found: Discovered) -> None:
    _add(found.pages, url, [address for address, _ in entries(root)])
    for link in root.iter("{http://www.w3.org/2005/Atom}link"):
        if link.get("rel") == "hub":
            _add(found.hubs, url, [link.get("href", "")])


def _of_opml(root: etree._Element, url: str, found: Discovered) -> None:
    for outline in root.iter("{*}outline"):
        told = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        _add(found.documents, url, [told.get("xmlurl", "")])
        link = told.get("url", "") if told.get("type", "").lower() in ("link", "include") else ""
        _add(found.documents if link.endswith(".opml") else found.pages, url, [told.get("htmlurl", "") or link])


def _of_json(document: bytes, url: str, found: Discovered) -> None:
    try:
        feed = msgspec.json.decode(document, type=_JsonFeed)
    except (msgspec.DecodeError, RecursionError):
        return
    _add(found.pages, url, [item.url or item.external_url for item in feed.items])
    _add(found.hubs, url, [hub.url for hub in feed.hubs])
    _add(found.documents, url, [feed.next_url])


def _of_page(document: bytes, url: str, found: Discovered) -> None:
    try:
        root = html.document_fromstring(document)
    except (etree.ParserError, ValueError):
        return
    for link in root.iter("link"):
        rel = link.get("rel", "").lower().split()
        if "alternate" in rel and link.get("type", "").lower() in FEED_TYPES:
            _add(found.documents, url, [link.get("href", "")])


def _of_text(document: bytes, url: str, found: Discovered) -> None:
    """robots.txt, or a sitemap as plain text: one address a line."""
    named = [address.decode("utf-8", "replace") for address in _SITEMAP_LINE.findall(document)]
    lines = [line.decode("utf-8", "replace") for line in document.splitlines() if _ADDRESS_LINE.match(line)]
    _add(found.documents, url, named)
    _add(found.pages, url, lines)
