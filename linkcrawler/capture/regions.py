"""Where on the page an element stands: region and the rule that decided, from structure and vocabulary.

Every ancestor may give a sign (its class and id words, its role, its tag). Read from the outside in, a sign is followed
or not depending on the region that already holds: a menu in a header is ``nav``, a menu in a footer stays ``footer``.
A sign is void where the element holds most of the page's text: no sidebar does. Where no sign speaks, the share of
links in the block and its place on the page decide.
"""

from lxml.etree import _Element

from linkcrawler.capture.region_blocks import Blocks
from linkcrawler.capture.region_words import RegionWords, Sign
from linkcrawler.vocabulary import Region

_R = Region

ENTERS: dict[Region, frozenset[Region]] = {
    _R.BODY: frozenset(Region) - {_R.BODY},
    _R.HEADER: frozenset({_R.NAV, _R.AD, _R.COMMENT, _R.RELATED, _R.FOOTER}),
    _R.NAV: frozenset({_R.AD, _R.FOOTER}),
    _R.FOOTER: frozenset({_R.AD}),
    _R.SIDEBAR: frozenset({_R.AD}),
    _R.COMMENT: frozenset({_R.AD}),
    _R.RELATED: frozenset({_R.AD}),
    _R.BIO: frozenset({_R.AD, _R.RELATED, _R.COMMENT}),
    _R.AD: frozenset(),
    _R.OTHER: frozenset(),
}
"""Which signs are followed inside a region; all others are ignored there."""

MOST = 0.5
"""Share of the page's text above which an element cannot be a mere part of it."""


class Regions:
    """Answers for one page, each ancestor judged once."""

    def __init__(self, root: _Element, vocabulary: RegionWords, page_url: str = "") -> None:
        self._vocabulary = vocabulary
        self._page_url = page_url
        self._blocks = Blocks(root)
        self._signs: dict[tuple[str, str, str], Sign | None] = {}
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
        if state is None or state.region is Region.BODY:
            return self._unsigned(element, state)
        return state

    def _step(self, state: Sign | None, element: _Element) -> Sign | None:
        sign = self._sign(element)
        if sign is None:
            return state
        if sign.region is not Region.BODY and self._holds_most(element):
            return state
        if state is None or sign.region in ENTERS[state.region]:
            return sign
        return state

    def _sign(self, element: _Element) -> Sign | None:
        tag = element.tag
        if not isinstance(tag, str) or tag in ("html", "body"):
            return None
        get = element.get
        key = (tag, get("role", ""), f"{get('id', '')} {get('class', '')}")
        if key not in self._signs:
            self._signs[key] = self._vocabulary.sign(*key)
        return self._signs[key]

    def _holds_most(self, element: _Element) -> bool:
        blocks = self._blocks
        own = blocks.number(element)
        return (blocks.text[own] - blocks.linked[own]) > MOST * (blocks.total - blocks.linked[0])

    def _unsigned(self, element: _Element, state: Sign | None) -> tuple[Region, str]:
        return Region.BODY, state.rule if state else "default"
