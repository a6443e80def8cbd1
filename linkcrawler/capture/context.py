"""The words around a placement.

``before``, the anchor and ``after``, put together without anything between them, are a contiguous piece of the page's
visible text with every run of white space folded to one space: ``before`` keeps its last space and ``after`` its
first, where the page has one. An anchor longer than :data:`MAX_ANCHOR_CHARS` is cut, and ``after`` goes on from there.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from operator import itemgetter

from lxml.etree import _Element

from linkcrawler.capture.sentences import MAX_SENTENCE_CHARS, paragraph, sentence_around
from linkcrawler.capture.visible import LANDMARK, VisibleText

CONTEXT_CHARS = 240
"""Longest ``before`` and ``after``."""

MIN_CONTEXT_CHARS = 80
"""Where the block has less on one side, the neighbouring blocks of the same landmark are read too."""

MAX_ANCHOR_CHARS = 500
MAX_BLOCK_CHARS = 600
MAX_HEADINGS, MAX_HEADING_CHARS = 6, 160

_SPACES = str.maketrans("\r\n\f", "   ")
_WORD_CHARS = 40
"""A cut moves by at most so many characters to the edge of a word; scripts without spaces are cut where they are."""

_WITHIN = {
    "ul": "list", "ol": "list", "dl": "list", "menu": "list", "table": "table", "td": "cell", "th": "cell",
    "figure": "figure", "figcaption": "caption", "caption": "caption", "blockquote": "quote", "q": "quote",
    "pre": "code", "code": "code", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading",
    "h5": "heading", "h6": "heading",
}  # fmt: skip
_FOOTNOTE_ROLES = frozenset(("doc-footnote", "doc-endnote", "doc-endnotes", "doc-biblioentry", "doc-bibliography"))
_FOOTNOTE_NAMES = re.compile(
    r"footnote|endnote|cite[_-]note|\breferences\b|reflist|bibliograph|fussnote", re.IGNORECASE
)


def plain(text: str) -> str:
    """A slice of visible text as it is stored."""
    return text.translate(_SPACES)


def anchor_end(start: int, end: int) -> int:
    """Where the stored anchor ends."""
    return min(end, start + MAX_ANCHOR_CHARS)


def before(visible: VisibleText, start: int) -> str:
    """Text that precedes ``start``: the block's, and earlier ones' where that is short."""
    text = visible.text
    left, _ = paragraph(visible, start, start)
    while start - left < MIN_CONTEXT_CHARS and left > 0 and text[left - 1] != LANDMARK:
        left = paragraph(visible, left - 1, left - 1)[0]
    if start - left > CONTEXT_CHARS:
        cut = start - CONTEXT_CHARS
        left = cut if text[cut - 1].isspace() else _next_word(text, cut, start)
    return plain(text[left:start])


def after(visible: VisibleText, end: int) -> str:
    """Text that follows ``end``: the block's, and later ones' where that is short."""
    text = visible.text
    _, right = paragraph(visible, end, end)
    while right - end < MIN_CONTEXT_CHARS and right < len(text) and text[right] != LANDMARK:
        right = paragraph(visible, right + 1, right + 1)[1]
    if right - end > CONTEXT_CHARS:
        cut = end + CONTEXT_CHARS
        right = cut if text[cut].isspace() else _previous_word(text, end, cut)
    return plain(text[end:right])


def block(visible: VisibleText, start: int, end: int) -> str:
    """The whole block, or as much of it around the anchor as is kept."""
    left, right = paragraph(visible, start, end)
    return plain(visible.text[slice(*_bounded(visible.text, (left, right), start, MAX_BLOCK_CHARS))]).strip()


def sentence(visible: VisibleText, start: int, end: int, language: str) -> str:
    """The sentence that holds the anchor; empty if the anchor is all there is to it."""
    text = visible.text
    left, right = sentence_around(visible, start, end, language)
    left, right = _bounded(text, (left, right), start, MAX_SENTENCE_CHARS)
    found = plain(text[left:right]).strip()
    around = plain(text[left:start] + text[end:right])
    return found if any(char.isalnum() for char in around) else ""


def headings(visible: VisibleText, start: int, speaks: Callable[[_Element], bool]) -> tuple[str, ...]:
    """The headings above ``start`` that speak of what stands there, outermost first."""
    path: list[str] = []
    level = 7
    above = bisect_left(visible.headings, start, key=itemgetter(1))
    for own, begins, ends, element in reversed(visible.headings[:above]):
        if ends <= start and own < level and speaks(element):
            level = own
            path.append(plain(visible.text[begins : min(ends, begins + MAX_HEADING_CHARS)]))
        if level == 1:
            break
    return tuple(reversed(path[:MAX_HEADINGS]))


class Enclosures:
    """What encloses the elements of one page, each ancestor looked at once."""

    def __init__(self) -> None:
        self._within: dict[_Element, tuple[str, ...]] = {}

    def within(self, element: _Element) -> tuple[str, ...]:
        """What encloses the element, outermost first, each word once (where it stands nearest)."""
        path = []
        node = element.getparent()
        while node is not None and node not in self._within:
            path.append(node)
            node = node.getparent()
        found = self._within[node] if node is not None else ()
        for inner in reversed(path):
            for word in _words(inner):
                found = (*(other for other in found if other != word), word)
            self._within[inner] = found
        return found


def _words(element: _Element) -> tuple[str, ...]:
    word = _WITHIN.get(element.tag)
    footnote = element.tag not in ("article", "body", "html") and _is_footnote(element)
    return ((word,) if word else ()) + (("footnote",) if footnote else ())


def _is_footnote(element: _Element) -> bool:
    if element.get("role") in _FOOTNOTE_ROLES:
        return True
    return any(_FOOTNOTE_NAMES.search(element.get(name, "")[:200]) for name in ("id", "class"))


def _bounded(text: str, place: tuple[int, int], start: int, size: int) -> tuple[int, int]:
    """``place``, or the part of it of at most ``size`` characters that holds ``start`` and whole words."""
    left, right = place
    if right - left <= size:
        return place
    begin = max(left, min(start - size // 2, right - size))
    if begin > left:
        begin = min(_next_word(text, begin, right), start)
    cut = min(right, begin + size)
    return begin, cut if cut == right else _previous_word(text, begin, cut)


def _next_word(text: str, at: int, limit: int) -> int:
    for i in range(at, min(at + _WORD_CHARS, limit)):
        if text[i].isspace():
            return i + 1
    return at


def _previous_word(text: str, limit: int, at: int) -> int:
    for i in range(at, max(at - _WORD_CHARS, limit), -1):
        if text[i].isspace():
            return i
    return at
