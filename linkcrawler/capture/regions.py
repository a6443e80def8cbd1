"""Where on the page an element stands: region and the rule that decided, from structure and vocabulary.

Every ancestor may give a sign (its class and id words, its role, its tag). Read from the outside in, a sign is followed
or not depending on the region that already holds: a menu in a header is ``nav``, a menu in a footer stays ``footer``.
A sign is void where the element holds most of the page's text: no sidebar does. Where no sign speaks, the shape of the
block and its place on the page decide.
"""

from lxml.etree import _Element

from linkcrawler.capture.region_shapes import Shapes
from linkcrawler.capture.region_words import MAX_NAME_CHARS, RegionWords, Sign
from linkcrawler.vocabulary import Region
from linkcrawler.walk import Walk

_R = Region

ENTERS: dict[Region, frozenset[Region]] = {
    _R.BODY: frozenset(Region) - {_R.BODY},
    _R.HEADER: frozenset({_R.NAV, _R.AD, _R.COMMENT, _R.RELATED, _R.FOOTER}),
    _R.NAV: frozenset({_R.AD, _R.FOOTER}),
    _R.FOOTER: frozenset({_R.AD}),
    _R.SIDEBAR: frozenset({_R.AD, _R.BIO, _R.NAV, _R.RELATED, _R.OTHER}),
    _R.COMMENT: frozenset({_R.AD, _R.OTHER, _R.FOOTER}),
    _R.RELATED: frozenset({_R.AD}),
    _R.BIO: frozenset({_R.AD, _R.RELATED, _R.COMMENT}),
    _R.AD: frozenset(),
    _R.OTHER: frozenset({_R.FOOTER, _R.NAV}),
}
"""Which signs are followed inside a region; all others are ignored there."""

MAX_CLIMB = 100

_BOXES = (Region.SIDEBAR, Region.OTHER)
"""Regions that lists of categories belong to, but not menus of their own."""

_ADVERTISING = (Region.BODY, Region.SIDEBAR, Region.HEADER)
"""Regions in which single links may be advertisements."""

_SECTIONING = frozenset({"article", "main", "section", "blockquote"})


class Regions:
    """Answers for one page, each ancestor judged once."""

    def __init__(self, walk: Walk, vocabulary: RegionWords, page_url: str = "") -> None:
        self._vocabulary = vocabulary
        self._classes = walk.classes
        self._with_role = walk.carriers["role"]
        self._shapes = Shapes(walk, vocabulary, page_url)
        self._signs: dict[tuple[str, str, str, str], Sign | None] = {}
        self._states: dict[_Element, Sign | None] = {}

    def of(self, element: _Element) -> tuple[Region, str]:
        """Region of the element and the name of the rule which decided."""
        path = []
        node: _Element | None = element
        while node is not None and node not in self._states:
            path.append(node)
            node = node.getparent()
        state = self._states[node] if node is not None else None
        for inner in reversed(path):
            state = self._states[inner] = self._step(state, inner)
        if (state is None or state.region in _ADVERTISING) and (rule := self._shapes.advertises(element)):
            return Region.AD, rule
        if state is None:
            state = self._shapes.place(element)
        if state is None or state.region is Region.BODY:
            if rule := self._shapes.lists(element):
                return Region.LIST, rule
            return Region.BODY, state.rule if state else "default"
        return state.region, state.rule

    def mostly_links(self, element: _Element) -> bool:
        """Whether most of the element's text is links."""
        return self._shapes.mostly_links(element)

    def _step(self, state: Sign | None, element: _Element) -> Sign | None:
        sign = self._sign(element)
        if sign is None:
            if (state is None or state.region is Region.BODY) and (rule := self._shapes.stands_beside(element)):
                return Sign(Region.SIDEBAR, rule)
            return state
        if state is not None and not _is_followed(sign, state):
            return state
        if self._is_void(sign, element):
            return state
        if state is None:
            return sign
        if state.region in _BOXES and sign.region is Region.NAV and not _is_nav(element):
            return state
        if state.region is Region.BODY and (sign.region is Region.HEADER or sign.rule in ("tag:footer", "tag:aside")):
            return self._within_article(state, sign, element)
        return sign

    def _is_void(self, sign: Sign, element: _Element) -> bool:
        """Whether the element holds too much to be a block of the region that its names speak of."""
        if sign.region is Region.BODY:
            return False
        if sign.region is Region.AD and self._shapes.holds_landmark(element):
            return True
        if sign.region is Region.SIDEBAR and self._shapes.holds_main(element):
            return True
        return self._shapes.share(element) > sign.most

    def _within_article(self, state: Sign, sign: Sign, element: _Element) -> Sign:
        """Header, footer and aside belong to the nearest sectioning element, which may be an article of the page."""
        if sign.rule == "tag:aside":
            return sign if self._shapes.mostly_links(element) else state
        for outer, _ in zip(element.iterancestors(), range(MAX_CLIMB), strict=False):
            if outer.tag in _SECTIONING:
                return sign if outer.tag == "main" else state
        return sign

    def _sign(self, element: _Element) -> Sign | None:
        role = element.get("role", "") if element in self._with_role else ""
        key = (element.tag, role, element.get("id", ""), self._classes.get(element, ""))
        if key not in self._signs:
            tag, _, name, names = key
            sign = self._vocabulary.sign(tag, role, f"{name} {names}"[:MAX_NAME_CHARS])
            self._signs[key] = None if tag in ("html", "body") else sign
        return self._signs[key]


def _is_followed(sign: Sign, state: Sign) -> bool:
    """Whether a sign may lead out of a region that already holds."""
    if sign.region is state.region or (sign.weak and state.region is not Region.BODY):
        return False
    if state.region is Region.COMMENT and sign.rule == "tag:footer":
        return False
    return sign.region in ENTERS[state.region]


def _is_nav(element: _Element) -> bool:
    return element.tag == "nav" or element.get("role") == "navigation"
