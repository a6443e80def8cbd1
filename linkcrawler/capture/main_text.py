"""The text of a page as a reader meets it, block by block, each with the region that it stands in."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element, iterwalk

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
    walk = iterwalk(root, events=("start", "end"))
    skipped = None
    for event, element in walk:
        if event == "start" and element is not root and is_hidden(element):
            walk.skip_subtree()
            skipped = element
        elif skipped is not None and element is skipped:
            pieces.append(element.tail or "")
        else:
            tag = element.tag
            if tag == "br":
                pieces.append(" ")
            elif tag not in INLINE:
                text = _text(pieces) if pieces else ""
                pieces = []
                if text:
                    yield TextBlock(text, places.of(blocks[-1]), blocks[-1])
                    size += len(text)
                    if size > MAX_CHARS:
                        return
                if event == "start":
                    blocks.append(element)
                else:
                    blocks.pop()
            if more := element.text if event == "start" else element.tail:
                pieces.append(more)


def _text(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())[:MAX_BLOCK_CHARS]


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
