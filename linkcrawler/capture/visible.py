"""The text of a page as a reader meets it, with the places where given elements begin and end in it.

Not shown: scripts, styles, templates, form values, and what the page's own markup hides (the ``hidden`` attribute,
``display:none``). Whitespace is folded, soft hyphens, zero-width spaces and bidirectional controls are dropped; the
joiners U+200C and U+200D stay, because Persian, Indic scripts and emoji change without them.
"""

import re
from collections.abc import Container
from dataclasses import dataclass, field

from lxml.etree import _Element, iterwalk

MAX_NODES = 120_000
"""Elements that are walked (0.4 s); text beyond them has no context."""

BREAK, BLOCK, LANDMARK = "\r", "\n", "\f"
"""What parts the text: a line break within a block, the edge of a block, the edge of a landmark of the page."""

UNSEEN = frozenset((
    "script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "embed", "audio",
    "video", "canvas", "datalist", "select", "textarea", "noframes", "noembed", "param", "source", "track",
))  # fmt: skip
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "meter", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "button", "input", "link", "meta", "base",
    "area", "map", "picture", "o:p",
))  # fmt: skip
_LANDMARKS = frozenset(("header", "footer", "nav", "aside", "main", "article", "body"))
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DROPPED = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_GAPS = ("", " ", BREAK, BLOCK, LANDMARK)
_SPACE_RANK, _BREAK_RANK, _BLOCK_RANK, _LANDMARK_RANK = range(1, 5)


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


def is_hidden(element: _Element) -> bool:
    """Whether the element's own tag or attributes keep it from being shown."""
    tag = element.tag
    if not isinstance(tag, str) or tag in UNSEEN:
        return True
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDING_STYLE.search(style) is not None


def fold(text: str) -> str:
    """``text`` as stored: every run of white space one space, invisible characters dropped."""
    return " ".join(_DROPPED.sub("", text).split())


def visible_text(
    root: _Element, wanted: Container[_Element] = (), words: tuple[str, ...] = (), max_nodes: int = MAX_NODES
) -> VisibleText:
    """Read what a reader sees of ``root``, which itself counts as shown.

    ``words`` are lower case; pieces of text that hold one are listed in ``named``.
    """
    return _Reader(wanted, words).read(root, max_nodes)


class _Reader:
    """One pass over a tree, without recursion."""

    def __init__(self, wanted: Container[_Element], words: tuple[str, ...]) -> None:
        self._wanted = wanted
        self._words = words
        self._pieces: list[str] = []
        self._length = 0
        self._gap = 0
        self._found = VisibleText()

    def read(self, root: _Element, max_nodes: int) -> VisibleText:
        wanted, starts, add = self._wanted, dict[_Element, int](), self._add
        walk = iterwalk(root, events=("start", "end"))
        nodes = 0
        skipped = None
        for event, element in walk:
            tag = element.tag
            if event == "start":
                nodes += 1
                if nodes > max_nodes:
                    self._found.truncated = True
                    break
                if tag not in _INLINE:
                    self._part(tag)
                if element is not root and is_hidden(element):
                    walk.skip_subtree()
                    skipped = element
                    continue
                if element in wanted or tag in _HEADINGS:
                    starts[element] = self._length
                if text := element.text:
                    add(text, element)
                continue
            if element is not skipped:
                start = starts.pop(element, None)
                if start is not None:
                    self._found.spans[element] = (start, self._length)
                if tag not in _INLINE:
                    self._part(tag)
            if (text := element.tail) and element is not root:
                add(text, element.getparent())
        self._found.text = "".join(self._pieces)
        self._trim_spans()
        return self._found

    def _part(self, tag: str) -> None:
        """Note what parts the text where an element begins or ends."""
        if tag == "br":
            rank = _BLOCK_RANK if self._gap == _BREAK_RANK else _BREAK_RANK
        else:
            rank = _LANDMARK_RANK if tag in _LANDMARKS else _BLOCK_RANK
        if rank > self._gap:
            self._gap = rank

    def _add(self, raw: str, element: _Element | None) -> None:
        text = raw if raw.isascii() else _DROPPED.sub("", raw)
        words = text.split()
        if not words:
            if text and not self._gap:
                self._gap = _SPACE_RANK
            return
        if self._length and (self._gap or text[0].isspace()):
            if self._gap >= _BLOCK_RANK:
                self._found.edges.append(self._length)
            self._pieces.append(_GAPS[self._gap or _SPACE_RANK])
            self._length += 1
        folded = " ".join(words)
        if self._words and element is not None:
            lowered = folded.lower()
            for word in self._words:
                if word in lowered:
                    self._found.named.append((self._length, element))
                    break
        self._pieces.append(folded)
        self._length += len(folded)
        self._gap = _SPACE_RANK if text[-1].isspace() else 0

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
