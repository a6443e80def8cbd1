"""One pass over a page: its text as a reader meets it, where the headline stands, and what is not the article."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from lxml.etree import _Element

from linkcrawler.dating.written import MAX_TEXT_CHARS, fold
from linkcrawler.walk import BEGIN, Walk

MAX_HEADLINES = 500
"""Of each rank."""
MAX_HEADLINE_CHARS = 1_000
MAX_LOOK_BACK = 1_000
"""Steps without text in which the end of a line is looked for."""
MAX_ZONES = 50
"""Zones around one piece of text."""
_SKIPPED = frozenset(("noscript", "template", "svg", "select", "textarea", "object", "iframe"))
_CODE = ("script", "style")
"""Has no text in a walk."""
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
))  # fmt: skip
_UNZONED = frozenset(("html", "body", "main", "article", "h1", "time"))
_COMMENT = re.compile(
    r"(?:^|[_-])(?:comment(?:s|list|ary)?|kommentare?|replies|responses|disqus)(?:$|[_-])|commentlist"
)
_ASIDE = re.compile(
    r"side-?bar|related|recommend|popular|latest|trending|most-?(?:read|view)|recent|read-?(?:more|next)|see-?also"
    r"|footer(?<!post-footer)(?<!entry-footer)(?<!article-footer)|breadcrumb|ticker|weather|cookie"
    r"|pagination|carousel|slider|swiper|archive-?list"
    r"|nav(?:igation|bar)|nav-top|menu|calendar|events?(?:$|[_-])|veranstaltung|termine|agenda"
)
_ASIDE_FIRST = re.compile(r"(?:widget|teasers?|top-?bar|nav)(?:$|[_-])")
_NO_WORD = re.compile(r"[\W_]+")
_HEADLINES = ("h1", "h2", "h3")
_TAG = itemgetter(2)


class Zone(NamedTuple):
    """A part of the page that is not the article; ``root`` is the element that opens it."""

    kind: str
    """``comment``, ``aside`` or ``link``."""
    root: _Element


class Reading:
    """What the page called ``title`` says, and for each place in it the element that holds it.

    Only the steps with text are gone over, up to MAX_TEXT_CHARS; the rest is looked up where it is asked for.
    """

    def __init__(self, walk: Walk, title: str) -> None:
        self._walk = walk
        self._passed = _outermost(walk)
        self._texts: list[int] = []
        """The steps whose text is read."""
        self._starts = [0]
        """Where in :attr:`text` each begins, with the line break before it; and where the last one ends."""
        self._zones: dict[_Element, tuple[Zone, ...]] = {}
        self.text = self._read()
        self.headline = self._headline(title)
        """Where in ``text`` the main headline stands."""

    def _read(self) -> str:
        steps, texts, starts = self._walk.steps, self._texts, self._starts
        parts: list[str] = []
        length, after = 0, 0
        for at in self._outside(self._walk.texts):
            _, _, tag, text = steps[at]
            broken = parts and (tag not in _INLINE or self._breaks(after, at))
            part = f"\n{text.strip(' ')} " if broken else f"{text.strip(' ')} "
            parts.append(part)
            texts.append(at)
            length += len(part)
            starts.append(length)
            if length > MAX_TEXT_CHARS:
                break
            after = at + 1
        return "".join(parts)

    def _outside(self, numbers: list[int]) -> list[int]:
        """Those of the steps that are not within what is skipped."""
        kept, at = [], 0
        for begin in self._passed:
            until = bisect_left(numbers, begin, at)
            kept += numbers[at:until]
            at = bisect_left(numbers, self._walk.ends[begin], until)
        return kept + numbers[at:]

    def _breaks(self, first: int, until: int) -> bool:
        """True if a line ends at one of the steps; mostly the last of them tells."""
        steps, last = self._walk.steps, until - 1
        return first <= last and (steps[last][2] not in _INLINE or not _INLINE.issuperset(map(_TAG, steps[first:last])))

    def _length(self, at: int, until: int) -> int:
        """How much is read before step ``at``; with a line break, if one of the steps before ``until`` makes it."""
        number = bisect_left(self._texts, at)
        if not number:
            return 0
        return self._starts[number] + self._breaks(max(self._texts[number - 1] + 1, until - MAX_LOOK_BACK), until)

    def place(self, element: _Element) -> int:
        """Where in ``text`` the element begins."""
        begin = self._walk.begins[element]
        return self._length(begin, begin + 1)

    def _headline(self, title: str) -> tuple[int, int] | None:
        title, main = _NO_WORD.sub("", fold(title)), None
        ends = self._walk.ends
        for tag in _HEADLINES:
            begins = self._outside(self._walk.tags.get(tag, []))[:MAX_HEADLINES]
            spans = sorted((self._length(begin, begin + 1), self._length(ends[begin], ends[begin])) for begin in begins)
            for start, end in spans:
                if _resembles(fold(self.text[start:end][:MAX_HEADLINE_CHARS]), title):
                    return start, end
            if tag == "h1" and spans:
                main = spans[0]
        return main if main and main[0] <= MAX_TEXT_CHARS else None

    def dated(self) -> list[_Element]:
        """Elements that may hold a date in an attribute."""
        walk = self._walk
        said = [element for element, names in walk.classes.items() if "published" in names or "updated" in names]
        found = {*walk.elements("time"), *walk.carriers["itemprop"], *walk.carriers["datetime"], *said}
        elements = (walk.steps[at][1] for at in self._outside(sorted(map(walk.begins.__getitem__, found))))
        return [element for element in elements if element.tag not in _CODE]

    def owner_at(self, place: int) -> _Element | None:
        """The element whose own text covers ``place``."""
        number = bisect_right(self._starts, place, 0, len(self._texts)) - 1
        if number < 0:
            return None
        kind, element, _, _ = self._walk.steps[self._texts[number]]
        return element if kind == BEGIN else element.getparent()

    def kinds_at(self, place: int) -> frozenset[str]:
        """Kinds of the zones around ``place``; a zone that also holds the headline is none."""
        owner = self.owner_at(place)
        return self.kinds(owner) if owner is not None else frozenset()

    def kinds(self, element: _Element) -> frozenset[str]:
        """Kinds of the zones around ``element`` that do not hold the headline too."""
        zones = self._zones_of(element)
        titled = self.owner_at(self.headline[0]) if zones and self.headline else None
        around = self._zones_of(titled) if titled is not None else ()
        return frozenset(zone.kind for zone in zones if all(zone.root is not other.root for other in around))

    def _zones_of(self, element: _Element) -> tuple[Zone, ...]:
        """The zones around ``element``, outermost first; each ancestor is looked at once."""
        path = []
        node: _Element | None = element
        while node is not None and node not in self._zones:
            path.append(node)
            node = node.getparent()
        zones = self._zones[node] if node is not None else ()
        for inner in reversed(path):
            kind = _zone_kind(inner)
            if kind and len(zones) < MAX_ZONES:
                zones = (*zones, Zone(kind, inner))
            self._zones[inner] = zones
        return zones


def _outermost(walk: Walk) -> list[int]:
    """The steps at which what is skipped begins, each outside of the others."""
    found: list[int] = []
    for begin in walk.steps_of(*_SKIPPED):
        if not found or begin > walk.ends[found[-1]]:
            found.append(begin)
    return found


def _zone_kind(element: _Element) -> str:
    tag = element.tag
    if tag == "a" and element.get("href"):
        return "link"
    if tag in _UNZONED:
        return ""
    if tag in ("nav", "aside"):
        return "aside"
    names = element.get("class", "")
    if own_id := element.get("id"):
        names = f"{names} {own_id}"
    return _named_kind(names[:400]) if names else ""


@lru_cache(maxsize=1 << 12)
def _named_kind(names: str) -> str:
    """What class and id words say."""
    kinds = set(map(_word_kind, names.lower().split()))
    return "comment" if "comment" in kinds else "aside" if "aside" in kinds else ""


@lru_cache(maxsize=1 << 14)
def _word_kind(word: str) -> str:
    """What a single word says; pages of all sites share most of theirs."""
    if _COMMENT.search(word):
        return "comment"
    return "aside" if _ASIDE.search(word) or _ASIDE_FIRST.match(word) else ""


def _resembles(headline: str, title: str) -> bool:
    """True if the page's title (letters only) says what the headline says: site names may surround it."""
    said = _NO_WORD.sub("", headline)
    return len(said) >= 8 and said[:40] in title
