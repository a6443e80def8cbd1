"""Sizes of the blocks of a page: how much text stands in each, how much of it in links, and where it begins."""

from bisect import bisect_left

from lxml.etree import _Element

from linkcrawler.capture.visible import UNSEEN
from linkcrawler.walk import BEGIN, Walk

LANDMARKS = frozenset(("nav", "main", "article", "h1"))
MAINS = frozenset(("main", "h1"))


class Blocks:
    """Character counts of elements, from one pass over the page. Whitespace is not counted.

    Elements are asked for by their :meth:`number`.
    """

    def __init__(self, walk: Walk) -> None:
        self._begins, self._ends = walk.begins, walk.ends
        self._seen = [0] * len(walk.steps)
        """Visible characters before the text of each step."""
        self._linked = [0] * len(walk.steps)
        """Those of them that stand in links."""
        self._links: list[int] = []
        """Steps at which links begin; below, landmarks and main texts."""
        self._landmarks: list[int] = []
        self._mains: list[int] = []
        self._count(walk)
        self.total = self.text(0)
        self.total_linked = self.linked(0)

    def number(self, element: _Element) -> int:
        """The step at which the element begins; 0, the root's, for one that the walk did not meet."""
        return self._begins.get(element, 0)

    def start(self, number: int) -> int:
        """Visible characters of the page before the element."""
        return self._seen[number]

    def text(self, number: int) -> int:
        """Visible characters within it."""
        return self._seen[self._ends[number]] - self._seen[number]

    def linked(self, number: int) -> int:
        """Those of them that stand in links."""
        return self._linked[self._ends[number]] - self._linked[number]

    def links(self, number: int) -> int:
        """Links within it, itself included."""
        return bisect_left(self._links, self._ends[number]) - bisect_left(self._links, number)

    def holds_landmark(self, number: int) -> bool:
        """Whether there is something in it that a mere box does not hold: nav, main, article, h1."""
        return _holds(self._landmarks, number, self._ends[number])

    def holds_main(self, number: int) -> bool:
        """Whether there is something in it that only the main text stands under: main, h1."""
        return _holds(self._mains, number, self._ends[number])

    def _count(self, walk: Walk) -> None:
        seen_at, linked_at = self._seen, self._linked
        seen = linked = unseen = within_link = 0
        for at, (kind, _, tag, text) in enumerate(walk.steps):
            seen_at[at], linked_at[at] = seen, linked
            if tag == "a":
                within_link += 1 if kind == BEGIN else -1
                if kind == BEGIN:
                    self._links.append(at)
            elif tag in UNSEEN:
                unseen += 1 if kind == BEGIN else -1
            elif tag in LANDMARKS and kind == BEGIN:
                self._landmarks.append(at)
                if tag in MAINS:
                    self._mains.append(at)
            if text and not unseen:
                size = len(text) - text.count(" ")
                seen += size
                if within_link:
                    linked += size


def _holds(starts: list[int], begin: int, end: int) -> bool:
    at = bisect_left(starts, begin + 1)
    return at < len(starts) and starts[at] < end
