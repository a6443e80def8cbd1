"""The text of a page as a reader meets it, block by block, each with the region that it stands in."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml.etree import _Element

from linkcrawler.capture.regions import Regions
from linkcrawler.vocabulary import Region
from linkcrawler.walk import BEGIN, PASSED, Step

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


def text_blocks(steps: Iterable[Step], regions: Regions) -> Iterator[TextBlock]:
    """The visible text on the way of ``steps`` in document order, up to :data:`MAX_CHARS`."""
    pieces: list[str] = []
    blocks: list[_Element] = []
    size = 0
    places = _Places(regions)
    for kind, element, tag, text in steps:
        if kind != PASSED:
            if tag == "br":
                pieces.append(" ")
            elif tag not in INLINE:
                found = _text(pieces) if pieces else ""
                pieces = []
                if found and blocks:
                    yield TextBlock(found, places.of(blocks[-1]), blocks[-1])
                    size += len(found)
                    if size > MAX_CHARS:
                        return
                if kind == BEGIN:
                    blocks.append(element)
                else:
                    blocks.pop()
        if text and (pieces or text != " "):
            pieces.append(text)


def _text(pieces: list[str]) -> str:
    text = "".join(pieces).strip(" ")
    return (" ".join(text.split()) if "  " in text else text)[:MAX_BLOCK_CHARS]


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
