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
    open_blocks = [root]
    size = 0
    walk = iterwalk(root, events=("start", "end", "comment"))
    for event, element in walk:
        hidden = event != "comment" and element is not root and is_hidden(element)
        if event == "start" and hidden:
            walk.skip_subtree()
            continue
        if element.tag == "br":
            pieces.append(" ")
        elif event != "comment" and not hidden and element.tag not in INLINE:
            block = _block(pieces, open_blocks[-1], regions)
            pieces = []
            if block:
                yield block
                size += len(block.text)
                if size > MAX_CHARS:
                    return
            if event == "start":
                open_blocks.append(element)
            else:
                open_blocks.pop()
        text = element.text if event == "start" else element.tail
        if text and not (event == "end" and element is root):
            pieces.append(text)


def _block(pieces: list[str], element: _Element, regions: Regions) -> TextBlock | None:
    text = " ".join("".join(pieces).split())[:MAX_BLOCK_CHARS]
    return TextBlock(text, regions.of(element)[0], element) if text else None
