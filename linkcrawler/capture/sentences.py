"""The sentence that holds a piece of a text, in any language."""

from bisect import bisect_left

import sentencex

from linkcrawler.capture.visible import BLOCK, BREAK, LANDMARK, VisibleText

REACH = 1200
"""Characters on either side of the anchor in which its sentence is looked for."""

MAX_SENTENCE_CHARS = 600

_LONG_LINE = 40
"""A line of fewer characters that ends in <br> is a line of a list or an address, not a wrapped one."""


def paragraph(visible: VisibleText, start: int, end: int) -> tuple[int, int]:
    """Where the block that holds the text from ``start`` to ``end`` begins and ends, at most :data:`REACH` away."""
    edges = visible.edges
    first, last = max(start - REACH, 0), end + REACH
    before = bisect_left(edges, start)
    after = before if start == end else bisect_left(edges, end, before)
    left = edges[before - 1] + 1 if before and edges[before - 1] >= first else first
    right = edges[after] if after < len(edges) and edges[after] < last else min(last, len(visible.text))
    return left, right


def sentence_around(visible: VisibleText, start: int, end: int, language: str) -> tuple[int, int]:
    """Where the sentence (or sentences) that hold the text from ``start`` to ``end`` begin and end.

    ``language`` is a primary language subtag; for an unknown one the rules of English hold.
    """
    text = visible.text
    left, right = paragraph(visible, start, end)
    left, right = _lines(text, left, start, end, right)
    window = text[left:right].replace(BREAK, " ")
    first = last = None
    for found in sentencex.get_sentence_boundaries(language or "en", window):
        begins, ends = left + found["start_index"], left + found["end_index"]
        if begins <= start < ends:
            first = begins
        if first is not None and ends >= end:
            last = ends
            break
    return (left if first is None else first), (right if last is None else last)


def _lines(text: str, left: int, start: int, end: int, right: int) -> tuple[int, int]:
    """Narrow ``left`` and ``right`` to the lines that read on from one to the next."""
    at = start
    while (at := text.rfind(BREAK, left, at)) >= 0:
        if not _reads_on(text, at):
            left = at + 1
            break
    at = end - 1
    while (at := text.find(BREAK, at + 1, right)) >= 0:
        if not _reads_on(text, at):
            right = at
            break
    return left, right


def _reads_on(text: str, at: int) -> bool:
    line = text[max(at - _LONG_LINE - 1, 0) : at]
    long = len(line) > _LONG_LINE and not any(gap in line for gap in (BREAK, BLOCK, LANDMARK))
    return long and text[at + 1 : at + 2].islower()
