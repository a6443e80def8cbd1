"""The elements of a page that point at a target, each with its words and its place."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from typing import NamedTuple

from lxml.etree import _Element

from linkcrawler.capture import context
from linkcrawler.capture.mentions import Mention, mentions
from linkcrawler.capture.owners import Owners
from linkcrawler.capture.pointers import Pointer, pointers
from linkcrawler.capture.redirectors import Redirectors
from linkcrawler.capture.regions import Regions
from linkcrawler.capture.structured import Node
from linkcrawler.capture.visible import Seen, VisibleText, fold, visible_text
from linkcrawler.domains import domain_of
from linkcrawler.records import Context, Placement
from linkcrawler.targets import Target, TargetIndex
from linkcrawler.urls import Base
from linkcrawler.vocabulary import Kind, Refusal, Region
from linkcrawler.walk import Walk

MAX_PLACEMENTS = 600
"""Placements kept of one page; the rest is cut and the page marked. Of 1,818 real pages the most is 585."""

MAX_MARKUP_CHARS = 400
MAX_MARKUP_CLIMB = 100
"""Ancestors whose names are read."""
MAX_TITLE_CHARS = 300
MAX_BOX_CLIMB = 5
"""Steps up to the box that an element shares with its heading, whatever the region of either."""
_ODD = re.compile(r"[^!-~]|[%\\]")
"""Characters behind which a name may hide."""

_WORDED = frozenset((Kind.A, Kind.AREA))
_FURNITURE = frozenset((Region.NAV, Region.HEADER, Region.FOOTER, Region.SIDEBAR))
_ASIDE = _FURNITURE - {Region.HEADER}
_APART = frozenset(("header", "footer", "main", "article", "body"))
_TEXT = frozenset((Region.BODY, Region.LIST, Region.COMMENT, Region.BIO))
_IMAGES = frozenset(("img", "svg", "picture", "image", "canvas", "video"))
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Hit(NamedTuple):
    """A pointer and the target that it comes out at."""

    pointer: Pointer
    target: Target
    chain: tuple[str, ...]
    """Canonical addresses from the one in the page to the one of the target."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds which pointers come out at a target."""

    targets: TargetIndex
    redirectors: Redirectors
    base: Base
    _from_target: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_from_target", domain_of(self.base.url) in self.targets.domains)

    def hits(self, walk: Walk, nodes: Iterable[Node]) -> Iterator[Hit]:
        """All pointers at a target, in document order, those in the JSON-LD ``nodes`` last."""
        known: dict[str, tuple[Target, tuple[str, ...]] | None] = {}
        for pointer in pointers(walk, nodes):
            href = pointer.href
            if href not in known:
                known[href] = self.look_up(href)
            found = known[href]
            if found:
                yield Hit(pointer, *found)

    def look_up(self, href: str) -> tuple[Target, tuple[str, ...]] | None:
        redirectors = self.redirectors
        said = self._from_target or _ODD.search(href) or self.targets.named_in(href.lower().encode())
        if not (said or redirectors.known or redirectors.hides(href)):
            return None
        url = self.base.resolve(href)
        if isinstance(url, Refusal):
            return None
        if target := self.targets.match(url, domain_of(url)):
            return target, (url,)
        if not (redirectors.hides(url) or self.targets.named_in(url.lower().encode())):
            return None
        chain = redirectors.follow(url)
        for at, step in enumerate(chain[1:], 1):
            if target := self.targets.match(step, domain_of(step)):
                return target, chain[: at + 1]
        return None


class Describer:
    """Turns hits and mentions on one page into placements."""

    def __init__(self, root: _Element, seen: Seen, regions: Regions, visible: VisibleText, owners: Owners) -> None:
        self._seen = seen
        self._regions = regions
        self._visible = visible
        self._owners = owners
        self._hidden: dict[_Element, VisibleText] = {}
        self._hiding: dict[_Element, _Element | None] = {}
        self._enclosures = context.Enclosures()
        self._language = (root.get("lang") or root.get(_XML_LANG) or "en")[:2].lower()

    def linked(self, hit: Hit, position: int) -> Placement:
        """The placement of an element."""
        element, kind = hit.pointer.element, hit.pointer.kind
        text, span, hidden = self._place(element) if kind in _WORDED else (self._visible, None, False)
        anchor = context.plain(text.text[span[0] : context.anchor_end(*span)]) if span else ""
        image = kind in _WORDED and not anchor and _holds_image(element)
        region, rule = self._regions.of(element)
        return Placement(
            kind=kind,
            href=hit.pointer.href,
            target_url=hit.chain[-1],
            target=hit.target.spec,
            via=hit.chain[:-1],
            rel=tuple((element.get("rel") or "").lower().split()[:20]) if element.tag != "script" else (),
            anchor=anchor or _alternative_text(element),
            title=_title(element),
            image=image,
            hidden=hidden,
            region=region,
            region_rule=rule,
            context=self._context(element, text, span, region) if kind in _WORDED else self._outer(element),
            position=position,
            markup=markup(element),
        )

    def mentioned(self, mention: Mention, target: Target, position: int) -> Placement:
        """The placement of a piece of text."""
        span = mention.start, mention.start + len(mention.text)
        region, rule = self._regions.of(mention.element)
        return Placement(
            kind=Kind.MENTION,
            href=mention.text,
            target_url=mention.url,
            target=target.spec,
            anchor=context.plain(mention.text),
            region=region,
            region_rule=rule,
            context=self._context(mention.element, self._visible, span, region),
            position=position,
            markup=markup(mention.element),
        )

    def _place(self, element: _Element) -> tuple[VisibleText, tuple[int, int] | None, bool]:
        """The text that the element stands in and where; for a hidden one the text of what is hidden with it."""
        span = self._visible.spans.get(element)
        if span is not None:
            return self._visible, span, False
        hiding = self._hidden_by(element)
        if hiding is None:
            return self._visible, None, False
        if hiding not in self._hidden:
            self._hidden[hiding] = visible_text(self._seen.steps(hiding), wanted=_Everything())
        text = self._hidden[hiding]
        return text, text.spans.get(element), True

    def _hidden_by(self, element: _Element) -> _Element | None:
        """The nearest hidden element around, the element itself included."""
        path = []
        node: _Element | None = element
        while node is not None and node not in self._hiding:
            path.append(node)
            node = node.getparent()
        hiding = self._hiding[node] if node is not None else None
        for inner in reversed(path):
            hiding = self._hiding[inner] = inner if self._seen.hides(inner) else hiding
        return hiding

    def _outer(self, element: _Element) -> Context:
        return Context(within=self._enclosures.within(element))

    def _context(self, element: _Element, text: VisibleText, span: tuple[int, int] | None, region: Region) -> Context:
        owner = self._owners.of(element, region)
        if span is None:
            return replace(self._outer(element), owner=owner.text, owner_date=owner.date)
        start, end = span
        return Context(
            sentence=context.sentence(text, start, end, self._language),
            before=context.before(text, start),
            after=context.after(text, context.anchor_end(start, end)),
            heading=context.headings(text, start, lambda heading: self._heads(heading, element, region)),
            block=context.block(text, start, end),
            owner=owner.text,
            owner_date=owner.date,
            within=self._enclosures.within(element),
        )

    def _heads(self, heading: _Element, element: _Element, region: Region) -> bool:
        """Whether a heading speaks of the element: not the last one of the text of the furniture that follows it."""
        above = self._regions.of(heading)[0]
        apart = above is not region if region in _FURNITURE else region in _TEXT and above in _ASIDE
        if not apart:
            return True
        box = heading.getparent()
        around = takewhile(lambda node: node.tag not in _APART, islice(element.iterancestors(), MAX_BOX_CLIMB))
        return any(node is box for node in around)


class _Everything:
    """A container that holds all elements."""

    def __contains__(self, _: object) -> bool:
        return True


def markup(element: _Element) -> str:
    """Class and id words of the element and its ancestors, nearest first.

    Not the role: ARIA calls a site's header ``banner``.
    """
    words: list[str] = []
    size = 0
    for node in (element, *islice(element.iterancestors(), MAX_MARKUP_CLIMB)):
        for attribute in ("id", "class"):
            value = node.get(attribute)
            if value:
                text = " ".join(value[:MAX_MARKUP_CHARS].split())
                words.append(text)
                size += len(text) + 1
        if size >= MAX_MARKUP_CHARS:
            break
    return " ".join(words)[:MAX_MARKUP_CHARS]


def all_mentions(visible: VisibleText, targets: TargetIndex) -> list[tuple[Mention, Target]]:
    """Mentions of every target, in document order, links to any address left out."""
    linked = sorted(span for element, span in visible.spans.items() if element.tag == "a")
    found: list[tuple[Mention, Target]] = []
    for target in targets.targets:
        for mention in mentions(visible, target, linked):
            insort(found, (mention, target), key=lambda pair: pair[0].start)
    return found


def _holds_image(element: _Element) -> bool:
    if element.tag == "area":
        return True
    return any(inner.tag in _IMAGES or inner.get("type") == "image" for inner in element.iter(*_IMAGES, "input"))


def _alternative_text(element: _Element) -> str:
    if element.tag == "area":
        return fold(element.get("alt", ""))[: context.MAX_ANCHOR_CHARS]
    if element.tag != "a":
        return ""
    alts = (fold(image.get("alt", "")) for image in element.iter("img", "input"))
    return " ".join(alt for alt in alts if alt)[: context.MAX_ANCHOR_CHARS]


def _title(element: _Element) -> str:
    """The title or accessible name of the element, else of the image in it."""
    for carrier in (element, *element.iterchildren("img")):
        for attribute in ("title", "aria-label"):
            value = carrier.get(attribute)
            if value and value.strip():
                return fold(value[: 4 * MAX_TITLE_CHARS])[:MAX_TITLE_CHARS]
    return ""
