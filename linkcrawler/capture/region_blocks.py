"""Sizes of the blocks of a page: how much text stands in each, how much of it in links, and where it begins."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from lxml.etree import _Element

from linkcrawler.capture.visible import UNSEEN
from linkcrawler.walk import Walk

LANDMARKS = frozenset(("nav", "main", "article", "h1"))
MAINS = frozenset(("main", "h1"))


class Blocks:
    """Character counts of elements, from the texts of one walk. Whitespace is not counted.

    Elements are asked for by their :meth:`number`.
    """

    def __init__(self, walk: Walk) -> None:
        self._begins, self._ends, self._texts = walk.begins, walk.ends, walk.texts
        self._links = walk.steps_of("a")
        self._landmarks = walk.steps_of(*LANDMARKS)
        self._mains = walk.steps_of(*MAINS)
        sizes = [len(text) - text.count(" ") for _, _, _, text in map(walk.steps.__getitem__, walk.texts)]
        for unseen in self._texts_in(walk.steps_of(*UNSEEN)):
            sizes[unseen] = 0
        self._seen = list(accumulate(sizes, initial=0))
        """Visible characters before each text, and in all."""
        for linked in self._texts_in(self._links):
            sizes[linked] = 0
        self._unlinked = list(accumulate(sizes, initial=0))
        """Those of them that do not stand in links."""
        self.total = self.text(0)
        self.total_unlinked = self.unlinked(0)

    def number(self, element: _Element) -> int:
        """The step at which the element begins; 0, the root's, for one that the walk did not meet."""
        return self._begins.get(element, 0)

    def start(self, number: int) -> int:
        """Visible characters of the page before the element."""
        return self._seen[bisect_left(self._texts, number)]

    def text(self, number: int) -> int:
        """Visible characters within it."""
        return self._within(self._seen, number)

    def unlinked(self, number: int) -> int:
        """Those of them that do not stand in links."""
        return self._within(self._unlinked, number)

    def linked(self, number: int) -> int:
        """Those of them that do."""
        return self.text(number) - self.unlinked(number)

    def _within(self, counts: list[int], number: int) -> int:
        first = bisect_left(self._texts, number)
        return counts[bisect_left(self._texts, self._ends[number], first)] - counts[first]

    def links(self, number: int) -> int:
        """Links within it, itself included."""
        return bisect_left(self._links, self._ends[number]) - bisect_left(self._links, number)

    def holds_landmark(self, number: int) -> bool:
        """Whether there is something in it that a mere box does not hold: nav, main, article, h1."""
        return _holds(self._landmarks, number, self._ends[number])

    def holds_main(self, number: int) -> bool:
        """Whether there is something in it that only the main text stands under: main, h1."""
        return _holds(self._mains, number, self._ends[number])

    def _texts_in(self, begins: list[int]) -> Iterator[int]:
        """The numbers of the texts in the elements that begin there."""
        until = after = 0
        for begin in begins:
            if begin >= until:
                until = self._ends[begin]
                first = bisect_left(self._texts, begin, after)
                after = bisect_left(self._texts, until, first)
                yield from range(first, after)


def _holds(starts: list[int], begin: int, end: int) -> bool:
    at = bisect_left(starts, begin + 1)
    return at < len(starts) and starts[at] < end
