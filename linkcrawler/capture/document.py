"""The parsed page: a tree whatever the bytes are, its base address, and a mark if something was cut."""

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree
from lxml.etree import _Element

from linkcrawler.capture.cutting import cut as cut_tags
from linkcrawler.capture.decoding import to_utf8
from linkcrawler.urls import join

MAX_BODY_BYTES = 16 << 20
"""Bytes of a body that are read; the rest is cut."""

MAX_TAG_BYTES = 1 << 16
"""Longest tag that is parsed; attributes beyond it are cut. libxml2 itself stops the whole page at 10 MB."""

MIN_ELEMENTS, ELEMENTS_PER_MB = 3800, 18_000
"""Elements whose words and facts are read. The densest of 1,818 real pages just fit; each costs up to 40 us."""

# Tags that carry links or text boundaries. When a page nests deeper than the parser goes, all others are dropped.
_KEPT_TAGS = rb"a|area|base|br|h[1-6]|iframe|img|link|meta|p|script|style|time|title"
_OTHER_TAGS = re.compile(rb"</?(?!(?:" + _KEPT_TAGS + rb")\b)[a-z!?][^<>]*>", re.IGNORECASE)
_HTML_END = re.compile(rb"</[hH][tT][mM][lL](?=[ \t\n\f\r/>])")
_LONG_TAG = re.compile(rb"(<[a-zA-Z][^<>]{%d})[^<>]*" % MAX_TAG_BYTES)


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed page."""

    utf8: bytes
    """What was parsed."""
    root: _Element | None
    """None if there is nothing in the page."""
    base_url: str
    """Address that relative links start from."""
    links: list[tuple[str, _Element]] = field(repr=False)
    """Each ``<a>`` and ``<area>`` that has an href, with it, in document order."""
    truncated: bool


def cleaned(body: bytes, charset: str | None = None) -> tuple[bytes, bool]:
    """The bytes of a page as UTF-8, and whether some were cut. ``charset`` is the one of the response header."""
    return to_utf8(body[:MAX_BODY_BYTES], charset).replace(b"\0", b""), len(body) > MAX_BODY_BYTES


def parse(body: bytes, url: str, charset: str | None = None) -> Document:
    """Parse the bytes of the page at ``url``. ``charset`` is the one of the response header, if it had one."""
    utf8, cut = cleaned(body, charset)
    return parse_cleaned(utf8, url, cut=cut)


def parse_cleaned(utf8: bytes, url: str, *, cut: bool = False) -> Document:
    """Parse what :func:`cleaned` gave; ``cut``: some of it is missing."""
    utf8 = _without_early_ends(utf8)
    root, complete = _tree(utf8)
    if not complete:
        utf8, cut = _OTHER_TAGS.sub(b" ", _LONG_TAG.sub(rb"\1", utf8)), True
        root, _ = _tree(utf8)
    base_url, links = _addresses(root, url) if root is not None else (url, [])
    return Document(utf8, root, base_url, links, cut)


def _without_early_ends(utf8: bytes) -> bytes:
    """What follows the end of ``<html>`` is dropped by libxml2; browsers go on in the body, and real pages that are put
    together of several go on there: each of these end tags gets another name, one that nothing has opened."""
    first = _HTML_END.search(utf8)
    if first is None or utf8.find(b"<", first.end()) < 0:
        return utf8
    page = bytearray(utf8)
    for at in (cut_tags(utf8, bytes.decode) or ((), None, ()))[2]:
        page[at : at + 6] = b"</xhtm"
    return bytes(page)


def cut_dense(document: Document) -> bool:
    """Drop from the tree what lies beyond the elements that are read; True if there was something."""
    limit = MIN_ELEMENTS + len(document.utf8) * ELEMENTS_PER_MB // 1_000_000
    # No tag makes more than two elements: most pages need no look at the tree.
    if document.root is None or 2 * document.utf8.count(b"<") < limit:
        return False
    last = next(islice(document.root.iter(), limit, None), None)
    while last is not None:
        parent = last.getparent()
        if parent is not None:
            del parent[parent.index(last) + 1 :]
        elif last is document.root:
            return True
        last = parent
    return False


def _tree(utf8: bytes) -> tuple[_Element | None, bool]:
    """Root of the tree, and whether the parser came to the end of the page."""
    # Without comments the tree has only elements: runs of 100,000 of them make lxml's walks take quadratic time.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(utf8, parser)
    except (etree.XMLSyntaxError, AssertionError):
        return None, not utf8.strip()
    last = parser.error_log.last_error
    return root, last is None or last.level < etree.ErrorLevels.FATAL


def _addresses(root: _Element, url: str) -> tuple[str, list[tuple[str, _Element]]]:
    """The base address and the links, in one go: to go over the whole tree takes longer than to read them."""
    base, links = None, []
    for element in root.iter("a", "area", "base"):
        href = element.get("href")
        if href is None:
            continue
        if element.tag != "base":
            links.append((href, element))
        elif base is None:
            base = join(url, href) or url
    return base or url, links
