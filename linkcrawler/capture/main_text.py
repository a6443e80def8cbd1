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
"""Blocks whose region is worked out one by one; a later one stands where the one before it under its parent does."""

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
    size = asked = 0
    region, last = Region.BODY, None
    for kind, element, tag, text in steps:
        if tag in INLINE:
            if tag == "br" and kind != PASSED:
                pieces.append(" ")
        elif kind != PASSED:
            found = _text(pieces) if pieces else ""
            pieces = []
            if found and blocks:
                block = blocks[-1]
                asked += 1
                if asked <= MAX_PLACED or last is None or not _are_siblings(last, block):
                    region = regions.of(block)[0]
                last = block
                yield TextBlock(found, region, block)
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


def _are_siblings(one: _Element, other: _Element) -> bool:
    parent = one.getparent()
    return parent is not None and parent is other.getparent()
