"""One walk over a parsed page, for all who read it from its beginning to its end.

Asking lxml for a tag, a text or the next element takes longer than most readers need to use it: it is asked once.
"""

from collections.abc import Callable, Iterator

from lxml.etree import _Element, iterwalk

BEGIN, END, PASSED = range(3)

Step = tuple[int, _Element, str, str]
"""What happens, the element, its tag, and the text that follows: up to the next step.

BEGIN of an element, its END, or both at once where it is PASSED over with all that it holds. Each run of white space
in the text is one space.
"""


NOTED = frozenset(("rel", "itemprop", "itemtype", "hidden", "style", "datetime"))
"""Attributes that few elements have and several readers ask all elements for."""


class Walk:
    """The steps over a page, and where in them each element begins and ends."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.steps: list[Step] = []
        """All of them, none PASSED."""
        self.begins: dict[_Element, int] = {}
        self.ends: list[int] = []
        """For each step that BEGINs an element the one that ENDs it; for others 0."""
        self.carriers: dict[str, dict[_Element, None]] = {name: {} for name in NOTED}
        """The elements that have each of the :data:`NOTED` attributes, in document order."""
        self._walk()

    def _walk(self) -> None:
        steps, begins, ends, carriers = self.steps, self.begins, self.ends, self.carriers
        entered: list[tuple[int, str]] = []
        for event, element in iterwalk(self.root, events=("start", "end")):
            at = len(steps)
            if event == "start":
                tag, text = element.tag, element.text
                entered.append((at, tag))
                begins[element] = at
                for name in NOTED.intersection(element.keys()):
                    carriers[name][element] = None
                steps.append((BEGIN, element, tag, folded_at_edges(text) if text else ""))
                ends.append(0)
            else:
                begun, tag = entered.pop()
                ends[begun] = at
                text = element.tail if entered else None
                steps.append((END, element, tag, folded_at_edges(text) if text else ""))
                ends.append(0)

    def within(self, element: _Element, passes: Callable[[_Element, str], bool]) -> Iterator[Step]:
        """The steps over ``element`` and what it holds, but for the parts below it that are passed over.

        ``passes`` is asked with the element and its tag. What follows the element itself is left out.
        """
        steps, ends = self.steps, self.ends
        at = first = self.begins[element]
        last = ends[first]
        while at < last:
            step = steps[at]
            if step[0] == BEGIN and at != first and passes(step[1], step[2]):
                at = ends[at]
                yield PASSED, step[1], step[2], steps[at][3]
            else:
                yield step
            at += 1
        yield END, element, steps[last][2], ""


def folded_at_edges(text: str) -> str:
    """``text`` with each run of white space as one space, at the edges too."""
    words = " ".join(text.split())
    if len(words) == len(text):
        return words
    if not words:
        return " "
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"
