"""One walk over a parsed page, for all who read it from its beginning to its end.

Asking lxml for a tag, a text or the next element takes longer than most readers need to use it: it is asked once.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from lxml.etree import _Element, iterwalk

BEGIN, END, PASSED = range(3)

Step = tuple[int, _Element, str, str]
"""What happens, the element, its tag, and the text that follows: up to the next step.

BEGIN of an element, its END, or both at once where it is PASSED over with all that it holds. Each run of white space
in the text is one space. Scripts and styles have none, long as they are: no reader of a text wants it.
"""

PIECE = 512
"""Steps that are handed out at once."""

NOTED = frozenset(("rel", "role", "itemprop", "itemtype", "hidden", "style", "datetime"))
"""Attributes that few elements have and several readers ask all elements for."""

_CODE = frozenset(("script", "style"))


class Walk:
    """The steps over a page, and where in them each element begins and ends."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.steps: list[Step] = []
        """All of them, none PASSED."""
        self.begins: dict[_Element, int] = {}
        self.ends: list[int] = []
        """For each step that BEGINs an element the one that ENDs it; for others 0."""
        self.tags: defaultdict[str, list[int]] = defaultdict(list)
        """The steps that BEGIN an element of each tag."""
        self.texts: list[int] = []
        """The steps with more text than white space."""
        self.classes: dict[_Element, str] = {}
        """The class names of each element that has some."""
        self.carriers: dict[str, dict[_Element, None]] = {name: {} for name in NOTED}
        """The elements that have each of the :data:`NOTED` attributes, in document order."""
        self._walk()

    def _walk(self) -> None:
        steps, begins, ends, classes, carriers = self.steps, self.begins, self.ends, self.classes, self.carriers
        tags, texts, has_none = self.tags, self.texts, NOTED.isdisjoint
        entered: list[tuple[int, str]] = []
        for at, (event, element) in enumerate(iterwalk(self.root, events=("start", "end"))):
            ends.append(0)
            if event == "start":
                kind, tag = BEGIN, element.tag
                text = None if tag in _CODE else element.text
                entered.append((at, tag))
                begins[element] = at
                tags[tag].append(at)
                names = element.keys()
                if "class" in names:
                    classes[element] = element.get("class", "")
                if not has_none(names):
                    for name in NOTED.intersection(names):
                        carriers[name][element] = None
            else:
                begun, tag = entered.pop()
                ends[begun] = at
                kind, text = END, element.tail if entered else None
            if not text:
                text = ""
            elif text.isspace():
                text = " "
            else:
                text = folded_at_edges(text)
                texts.append(at)
            steps.append((kind, element, tag, text))

    def steps_of(self, *tags: str) -> list[int]:
        """The steps that BEGIN elements of these tags, in order."""
        found = [self.tags[tag] for tag in tags if tag in self.tags]
        return sorted(chain.from_iterable(found)) if len(found) > 1 else found[0] if found else []

    def elements(self, *tags: str) -> list[_Element]:
        """The elements of these tags, in document order: a tenth of the time that a way through the tree takes."""
        return [self.steps[at][1] for at in self.steps_of(*tags)]

    def within(self, element: _Element, passed: Sequence[int]) -> Iterator[Step]:
        """The steps over ``element`` and what it holds, but for the parts below it that are passed over.

        ``passed`` are the steps at which those begin, in order. What follows the element itself is left out.
        """
        return chain.from_iterable(self._parts_within(element, passed))

    def _parts_within(self, element: _Element, passed: Sequence[int]) -> Iterator[Sequence[Step]]:
        steps, ends = self.steps, self.ends
        first = self.begins[element]
        last = ends[first]
        at = first
        for number in range(bisect_right(passed, first), len(passed)):
            begin = passed[number]
            if begin >= last:
                break
            if begin >= at:
                yield from self._between(at, begin)
                at = ends[begin]
                yield ((PASSED, *steps[begin][1:3], steps[at][3]),)
                at += 1
        yield from self._between(at, last)
        yield ((END, element, steps[last][2], ""),)

    def _between(self, first: int, last: int) -> Iterator[Sequence[Step]]:
        """The steps from ``first`` on, before ``last``: copied by pieces, as who asks may soon have read enough."""
        for at in range(first, last, PIECE):
            yield self.steps[at : min(at + PIECE, last)]


def folded_at_edges(text: str) -> str:
    """``text`` with each run of white space as one space, at the edges too."""
    words = " ".join(text.split())
    if len(words) == len(text):
        return words
    if not words:
        return " "
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"
