"""One pass over a page: its text as a reader meets it, where the headline stands, and what is not the article."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from linkcrawler.dating.written import MAX_TEXT_CHARS, fold
from linkcrawler.walk import BEGIN, END, Step, Walk

MAX_ELEMENTS = 60_000
"""Elements beyond this are not read (the largest of 1,818 real pages has 10,112)."""

MAX_HEADLINES = 500
MAX_ZONES = 50
"""Zones around one piece of text."""
_SKIPPED = frozenset(("script", "style", "noscript", "template", "svg", "select", "textarea", "object", "iframe"))
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


class Zone(NamedTuple):
    """A part of the page that is not the article; ``root`` is the element that opens it."""

    kind: str
    """``comment``, ``aside`` or ``link``."""
    root: etree._Element


@dataclass(slots=True)
class Reading:
    """The page's text with, for every piece of it, the element that holds it."""

    text: str = ""
    headline: tuple[int, int] | None = None
    """Where in ``text`` the main headline stands."""
    starts: list[int] = field(default_factory=list)
    owners: list[etree._Element] = field(default_factory=list)
    times: list[tuple[etree._Element, int]] = field(default_factory=list)
    """Elements that may carry a date in an attribute, each with its place in ``text``."""
    _zones: dict[etree._Element, tuple[Zone, ...]] = field(default_factory=dict)

    def owner_at(self, position: int) -> etree._Element | None:
        """The element whose own text covers ``position``."""
        index = bisect_right(self.starts, position) - 1
        return self.owners[index] if index >= 0 else None

    def kinds_at(self, position: int) -> frozenset[str]:
        """Kinds of the zones around ``position``; a zone that also holds the headline is none."""
        owner = self.owner_at(position)
        return self.kinds(owner) if owner is not None else frozenset()

    def kinds(self, element: etree._Element) -> frozenset[str]:
        """Kinds of the zones around ``element`` that do not hold the headline too."""
        zones = self._zones_of(element)
        if not zones or self.headline is None or not self.owners:
            return frozenset(zone.kind for zone in zones)
        around = self._zones_of(self.owners[bisect_right(self.starts, self.headline[0]) - 1])
        return frozenset(zone.kind for zone in zones if all(zone.root is not other.root for other in around))

    def _zones_of(self, element: etree._Element) -> tuple[Zone, ...]:
        """The zones around ``element``, outermost first; each ancestor is looked at once."""
        path = []
        node: etree._Element | None = element
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


class _Reader:
    """Collects a Reading; bounded in elements and characters."""

    def __init__(self, walk: Walk) -> None:
        carriers = walk.carriers
        said = [element for element, names in walk.classes.items() if "published" in names or "updated" in names]
        self.dating = {*walk.elements("time"), *carriers["itemprop"], *carriers["datetime"], *said}
        """Elements that may hold a date in an attribute."""
        self.reading = Reading()
        self.parts: list[str] = []
        self.length = 0
        self.headlines: list[tuple[int, int, int]] = []
        """Rank of the tag, start, end."""
        self.opened: dict[etree._Element, int] = {}

    def read(self, steps: Iterable[Step]) -> None:
        seen, dating, parts = 0, self.dating, self.parts
        for kind, element, tag, text in steps:
            if kind == END:
                if tag in _HEADLINES and element in self.opened:
                    self.headlines.append((_HEADLINES.index(tag), self.opened.pop(element), self.length))
            else:
                seen += 1
                if seen > MAX_ELEMENTS or self.length > MAX_TEXT_CHARS:
                    return
            if tag not in _INLINE and parts and parts[-1] != "\n":
                parts.append("\n")
                self.length += 1
            if kind == BEGIN:
                if tag in _HEADLINES and len(self.headlines) < MAX_HEADLINES:
                    self.opened[element] = self.length
                if element in dating:
                    self.reading.times.append((element, self.length))
            if text and text != " ":
                self.add(text, element, kind)

    def add(self, text: str, element: etree._Element, kind: int) -> None:
        owner = element if kind == BEGIN else element.getparent()
        if owner is None:
            return
        text = text.strip(" ")[:MAX_TEXT_CHARS]
        self.reading.starts.append(self.length)
        self.reading.owners.append(owner)
        self.parts.append(text + " ")
        self.length += len(text) + 1

    def finish(self, title: str) -> Reading:
        text = self.reading.text = "".join(self.parts)
        title = _NO_WORD.sub("", fold(title))
        named = [h for h in self.headlines if _resembles(fold(text[h[1] : h[2]]), title)]
        if chosen := min(named or [h for h in self.headlines if h[0] == 0], default=None):
            self.reading.headline = (chosen[1], chosen[2])
        return self.reading


def read(walk: Walk, title: str) -> Reading:
    """What the page called ``title`` says. Bounded whatever it holds."""
    reader = _Reader(walk)
    reader.read(walk.within(walk.root, walk.steps_of(*_SKIPPED)))
    return reader.finish(title)


def _zone_kind(element: etree._Element) -> str:
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
