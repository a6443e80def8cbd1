"""What shape and place of a block say of its region where no word does."""

import re

from lxml.etree import _Element

from linkcrawler.capture.region_blocks import Blocks
from linkcrawler.capture.region_words import MAX_NAME_CHARS, MOST, RegionWords, Sign
from linkcrawler.domains import domain_of
from linkcrawler.vocabulary import Region
from linkcrawler.walk import Walk

SMALL = 0.25
"""Share below which an element can be a mere part."""
EDGE = 0.04
"""Share of the page's text that may stand between a block and the edge of the page that it is at."""
EDGE_CHARS = 200
MIN_BOX_CHARS = 200

MIN_ITEMS = 4
MAX_ITEM_CHARS = 260
LINKED = 0.5
"""Share of a list's text that must be links for it to be a list of links."""
MAX_CLIMB = 6
FEW_CHARS = 1000
"""Unlinked characters of a page that has no running text to speak of."""
FEW = 0.2
"""Share of unlinked text that a front page made of links stays below."""
LARGE = 0.2
"""Share of the page's text from which on a list is the page's content, not an aside in it."""

_TEXT_LEVEL = frozenset(
    (
        *("p", "a", "li", "dl", "dd", "dt", "b", "i", "strong", "em", "span", "font", "blockquote", "pre", "img"),
        *("figure", "h1", "h2", "h3", "h4", "h5", "h6"),
    )
)
"""Such an element at the end of a page is the end of its text, not a block below the text."""

_SIZE = re.compile(r"(?<!\d)(\d{2,4})x(\d{2,4})(?!\d)", re.IGNORECASE)

_GRID = re.compile(r"(?:^|\s)([a-z-]*?(?:col|span|grid|column|large|medium|sm|md|lg|w)[a-z]*-?)(\d{1,2})(?=\s|$)")


class Shapes:
    """Answers about the blocks of one page; what is asked of a container is asked once."""

    def __init__(self, walk: Walk, vocabulary: RegionWords, page_url: str) -> None:
        self._blocks = Blocks(walk)
        self._classes = walk.classes
        self._vocabulary = vocabulary
        self._page_domain = domain_of(page_url)
        self._lists: dict[_Element, bool] = {}
        self._main_children: dict[_Element, _Element | None] = {}
        self._small: dict[_Element, _Element | None] = {}
        self._labels: dict[_Element, bool] = {}

    def holds_most(self, element: _Element) -> bool:
        """Whether the element holds most of the page's unlinked text."""
        return self.share(element) > MOST

    def holds_landmark(self, element: _Element) -> bool:
        """Whether the element holds a landmark of the page, so that it cannot be a mere box."""
        return self._blocks.holds_landmark(self._blocks.number(element))

    def holds_main(self, element: _Element) -> bool:
        """Whether the element holds the page's main heading or its main element."""
        return self._blocks.holds_main(self._blocks.number(element))

    def mostly_links(self, element: _Element) -> bool:
        """Whether most of the element's text is links."""
        at = self._blocks.number(element)
        return self._blocks.links(at) > 0 and 2 * self._blocks.linked(at) > self._blocks.text(at)

    def stands_beside(self, element: _Element) -> str:
        """Rule name if the element is the narrow column or the table cell beside the one with the page's text."""
        if element.tag != "td" and not self._classes.get(element):
            return ""
        parent = element.getparent()
        if parent is None:
            return ""
        if parent not in self._main_children:
            children = parent if self.holds_most(parent) else ()
            self._main_children[parent] = next((child for child in children if self.holds_most(child)), None)
        main = self._main_children[parent]
        if main is None or main is element or self.share(element) > SMALL:
            return ""
        if element.tag == "td" and main.tag == "td":
            return "shape:cell-beside-text"
        own = dict(_GRID.findall(self._names(element)))
        beside = any(grid in own and int(own[grid]) < int(width) for grid, width in _GRID.findall(self._names(main)))
        return "shape:column-beside-text" if own and beside else ""

    def place(self, element: _Element) -> Sign | None:
        """Header, navigation or footer for a small block at the edge of the page."""
        blocks = self._blocks
        block = self._outermost_small(element)
        if block is None or block.tag in _TEXT_LEVEL:
            return None
        at = blocks.number(block)
        before, size, linked = blocks.start(at), blocks.text(at), blocks.linked(at)
        after = blocks.total - before - size
        edge = max(EDGE_CHARS, EDGE * blocks.total)
        if after <= edge and before > blocks.total / 2:
            return Sign(Region.FOOTER, "place:page-end")
        if before <= edge and blocks.links(at) > 3 and linked > LINKED * size and after > blocks.total / 2:
            return Sign(Region.NAV, "place:page-start")
        if before > edge and size >= MIN_BOX_CHARS and linked > LINKED * size and blocks.links(at) >= MIN_ITEMS:
            return Sign(Region.SIDEBAR, "shape:box-of-links")
        return None

    def lists(self, element: _Element) -> str:
        """Rule name if the link is one of many like it that make up a list or table of links."""
        node = element
        for _ in range(MAX_CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag in ("body", "html") or (node.tag == "p" and parent.tag != "li"):
                break
            if parent not in self._lists:
                self._lists[parent] = self._is_list(parent)
            if self._lists[parent]:
                return f"shape:list-of-links:{parent.tag}"
            node = parent
        return ""

    def advertises(self, element: _Element) -> str:
        """Rule name if the link is a picture of an advertisement's size, or stands under a label that says so."""
        if self._is_banner(element):
            return "shape:banner"
        node: _Element | None = element
        for _ in range(3):
            if node is None:
                break
            labelled = self._labels.get(node)
            if labelled is None:
                if self._blocks.text(self._blocks.number(node)) > 400 or node.tag in ("body", "html"):
                    break
                labelled = self._labels[node] = self._labelled(node)
            if labelled:
                return "label:advertisement"
            node = node.getparent()
        return ""

    def _is_banner(self, element: _Element) -> bool:
        href = element.get("href") or ""
        if not href.startswith(("http", "//")):
            return False
        image = next(element.iter("img"), None)
        if image is None or domain_of(href) == self._page_domain:
            return False
        sizes = [(image.get("width", ""), image.get("height", ""))]
        addresses = " ".join((href, image.get("src") or "", image.get("data-src") or ""))[:2000]
        sizes += _SIZE.findall(addresses)
        return any(f"{w.strip()}x{h.strip()}" in self._vocabulary.ad_sizes for w, h in sizes)

    def _labelled(self, element: _Element) -> bool:
        is_label = self._vocabulary.is_ad_label
        text = element.text or ""
        told = bool(text) and not text.isspace()
        if told and (self._vocabulary.has_ad_prefix(text) or (element.tag != "a" and is_label(text))):
            return True
        previous = element.getprevious()
        if previous is None:
            parent = element.getparent()
            return parent is not None and is_label(parent.text or "")
        if previous.tail and previous.tail.strip():
            return is_label(previous.tail)
        if not isinstance(previous.tag, str) or previous.tag == "script":
            return False
        if self._blocks.text(self._blocks.number(previous)) > 30:
            return False
        return is_label("".join(map(str, previous.itertext())))

    def _is_list(self, container: _Element) -> bool:
        blocks = self._blocks
        at = blocks.number(container)
        if blocks.links(at) < MIN_ITEMS:
            return False
        items = linking = 0
        for child in container:
            if isinstance(child.tag, str) and child.tag not in ("script", "style", "br"):
                items += 1
                linking += blocks.links(blocks.number(child)) > 0
        if linking < MIN_ITEMS or linking < 0.6 * items:
            return False
        if blocks.text(at) > MAX_ITEM_CHARS * items or blocks.linked(at) < LINKED * blocks.text(at):
            return False
        return blocks.total_unlinked <= max(FEW_CHARS, FEW * blocks.total) or blocks.text(at) >= LARGE * blocks.total

    def _outermost_small(self, element: _Element) -> _Element | None:
        """The largest block around the element that is a small part of the page."""
        path = []
        node: _Element | None = element
        while node is not None and node not in self._small:
            path.append(node)
            node = node.getparent()
        block = self._small[node] if node is not None else None
        for inner in reversed(path):
            if block is None and inner.tag not in ("body", "html") and self.share(inner) <= SMALL:
                block = inner
            self._small[inner] = block
        return block

    def share(self, element: _Element) -> float:
        """Share of the page's unlinked text that stands in the element."""
        blocks = self._blocks
        return blocks.unlinked(blocks.number(element)) / max(blocks.total_unlinked, 1)

    def _names(self, element: _Element) -> str:
        return self._classes.get(element, "")[:MAX_NAME_CHARS]
