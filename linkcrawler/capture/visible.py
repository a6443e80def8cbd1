"""The text of a page as a reader meets it, with the places where given elements begin and end in it.

Not shown: scripts, styles, templates, form values, and what the page's own markup hides (the ``hidden`` attribute,
``display:none``). Whitespace is folded, soft hyphens, zero-width spaces and bidirectional controls are dropped; the
joiners U+200C and U+200D stay, because Persian, Indic scripts and emoji change without them.
"""

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from linkcrawler.walk import BEGIN, END, Step, Walk, folded_at_edges

MAX_NODES = 120_000
"""Elements that are walked (0.4 s); text beyond them has no context."""

BREAK, BLOCK, LANDMARK = "\r", "\n", "\f"
"""What parts the text: a line break within a block, the edge of a block, the edge of a landmark of the page."""

UNSEEN = frozenset((
    "script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "embed", "audio",
    "video", "canvas", "datalist", "select", "textarea", "noframes", "noembed", "param", "source", "track",
))  # fmt: skip
_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "meter", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "button", "input", "link", "meta", "base",
    "area", "map", "picture", "o:p",
)  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DROPPED = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_GAPS = ("", " ", BREAK, BLOCK, LANDMARK)
_SPACE_RANK, _BREAK_RANK, _BLOCK_RANK, _LANDMARK_RANK = range(1, 5)
_RANKS = (
    dict.fromkeys(_INLINE, 0)
    | {"br": _BREAK_RANK}
    | dict.fromkeys(("header", "footer", "nav", "aside", "main", "article", "body"), _LANDMARK_RANK)
)
"""What parts the text where an element begins or ends; all others part blocks."""


@dataclass(slots=True)
class VisibleText:
    """Text with places."""

    text: str = ""
    """Words parted by single separators: a space, BREAK, BLOCK or LANDMARK."""
    spans: dict[_Element, tuple[int, int]] = field(default_factory=dict)
    """Where the wanted elements stand, without surrounding space; missing for hidden ones."""
    edges: list[int] = field(default_factory=list)
    """Where every BLOCK and LANDMARK stands."""
    headings: list[tuple[int, int, int, _Element]] = field(default_factory=list)
    """Level, start, end and element of every heading with text."""
    named: list[tuple[int, _Element]] = field(default_factory=list)
    """Start and element of each piece of text that holds one of the words looked for."""
    truncated: bool = False


class Seen:
    """What a reader sees of one page."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        begins, carriers = walk.begins, walk.carriers
        hidden = walk.steps_of(*UNSEEN)
        marked = [begins[element] for element in carriers["hidden"]]
        marked += [begins[element] for element in carriers["style"] if _HIDING_STYLE.search(element.get("style", ""))]
        self._hidden = sorted({*hidden, *marked})

    def hides(self, element: _Element) -> bool:
        """Whether the element's own tag or attributes keep it from being shown."""
        begin = self._walk.begins[element]
        at = bisect_left(self._hidden, begin)
        return at < len(self._hidden) and self._hidden[at] == begin

    def steps(self, element: _Element) -> Iterator[Step]:
        """The steps over what is seen of ``element``, which itself counts as shown; hidden parts are PASSED."""
        return self._walk.within(element, self._hidden)


def fold(text: str) -> str:
    """``text`` as stored: every run of white space one space, invisible characters dropped."""
    return " ".join(_DROPPED.sub("", text).split())


def visible_text(
    steps: Iterable[Step],
    wanted: Container[_Element] = (),
    words: tuple[str, ...] = (),
    max_nodes: int = MAX_NODES,
) -> VisibleText:
    """Read what a reader sees on the way of ``steps``, as :meth:`Seen.steps` gives them.

    ``words`` are lower case; pieces of text that hold one are listed in ``named``.
    """
    return _Reader(wanted, words).read(steps, max_nodes)


class _Reader:
    """One pass over a page."""

    def __init__(self, wanted: Container[_Element], words: tuple[str, ...]) -> None:
        self._wanted = wanted
        self._words = words
        self._pieces: list[str] = []
        self._length = 0
        self._gap = 0
        self._found = VisibleText()

    def read(self, steps: Iterable[Step], max_nodes: int) -> VisibleText:
        wanted, starts, spans, rank_of = self._wanted, dict[_Element, int](), self._found.spans, _RANKS.get
        nodes = 0
        for kind, element, tag, text in steps:
            if kind != END:
                nodes += 1
                if nodes > max_nodes:
                    self._found.truncated = True
                    break
            elif element in starts:
                spans[element] = (starts.pop(element), self._length)
            if rank := rank_of(tag, _BLOCK_RANK):
                if rank > self._gap:
                    self._gap = rank
                elif tag == "br" and self._gap == _BREAK_RANK:
                    self._gap = _BLOCK_RANK
            if kind == BEGIN and (element in wanted or tag in _HEADINGS):
                starts[element] = self._length
            if text == " ":
                self._gap = self._gap or _SPACE_RANK
            elif text:
                self._add(text, element, kind)
        self._found.text = "".join(self._pieces)
        self._trim_spans()
        return self._found

    def _add(self, text: str, element: _Element, kind: int) -> None:
        if not text.isascii() and (kept := _DROPPED.sub("", text)) != text:
            text = folded_at_edges(kept)
            if not text.strip():
                self._gap = self._gap or (_SPACE_RANK if text else 0)
                return
        folded = text.strip(" ")
        if self._length and (self._gap or text[0] == " "):
            if self._gap >= _BLOCK_RANK:
                self._found.edges.append(self._length)
            self._pieces.append(_GAPS[self._gap or _SPACE_RANK])
            self._length += 1
        if self._words:
            lowered = folded.lower()
            for word in self._words:
                if word in lowered:
                    holder = element if kind == BEGIN else element.getparent()
                    self._found.named.append((self._length, element if holder is None else holder))
                    break
        self._pieces.append(folded)
        self._length += len(folded)
        self._gap = _SPACE_RANK if text[-1] == " " else 0

    def _trim_spans(self) -> None:
        text, found = self._found.text, self._found
        for element, (start, end) in found.spans.items():
            while start < end and text[start].isspace():
                start += 1
            found.spans[element] = (start, end)
            level = _HEADINGS.get(element.tag)
            if level and start < end:
                found.headings.append((level, start, end, element))
        found.headings.sort(key=lambda heading: heading[1])
