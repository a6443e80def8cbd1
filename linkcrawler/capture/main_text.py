"""The text of a page as a reader meets it, block by block, each with the region that it stands in."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element

from linkcrawler.capture.regions import Regions
from linkcrawler.capture.visible import is_hidden
from linkcrawler.vocabulary import Region

MAX_CHARS = 1_000_000
"""Characters of text that are read; a long novel is shorter."""

MAX_BLOCK_CHARS = 20_000
MAX_PLACED = 2500
"""Blocks whose region is worked out one by one."""

INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font"),
        *("i", "img", "ins", "kbd", "label", "mark", "meter", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp"),
        *("small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)


class TextBlock(NamedTuple):
    """The text between two block-level boundaries, whitespace folded."""

    text: str
    region: Region
    element: _Element
    """The block-level element that holds the text."""


def text_blocks(root: _Element, regions: Regions) -> Iterator[TextBlock]:
    """The visible text of the page in document order, up to :data:`MAX_CHARS`."""
    pieces: list[str] = []
    blocks = [root]
    size = 0
    places = _Places(regions)
    for event, element in _events(root):
        if event == "text":
            pieces.append(element.tail or "")
            continue
        if element.tag == "br":
            pieces.append(" ")
        elif element.tag not in INLINE:
            block = _block(pieces, blocks[-1], places)
            pieces = []
            if block:
                yield block
                size += len(block.text)
                if size > MAX_CHARS:
                    return
            if event == "start":
                blocks.append(element)
            else:
                blocks.pop()
        pieces.append((element.text if event == "start" else element.tail) or "")


def _events(root: _Element) -> Iterator[tuple[str, _Element]]:
    """``start`` and ``end`` of shown elements, ``text`` for the tail of a comment or of what is not shown.

    lxml's iterwalk takes quadratic time on runs of comments.
    """
    yield "start", root
    waiting = [(root, iter(root))]
    while waiting:
        element, children = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
            if waiting:
                yield "end", element
        elif is_hidden(child):
            yield "text", child
        else:
            yield "start", child
            waiting.append((child, iter(child)))


def _block(pieces: list[str], element: _Element, places: "_Places") -> TextBlock | None:
    text = " ".join("".join(pieces).split())[:MAX_BLOCK_CHARS]
    return TextBlock(text, places.of(element), element) if text else None


class _Places:
    """Regions of blocks; beyond :data:`MAX_PLACED` a block stands where the one before it under its parent does."""

    def __init__(self, regions: Regions) -> None:
        self._regions = regions
        self._asked = 0
        self._last: tuple[_Element | None, Region] = (None, Region.BODY)

    def of(self, element: _Element) -> Region:
        self._asked += 1
        parent = element.getparent()
        if self._asked <= MAX_PLACED or parent is None or parent is not self._last[0]:
            self._last = parent, self._regions.of(element)[0]
        return self._last[1]
