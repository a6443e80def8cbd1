"""Sizes of the blocks of a page: how much text stands in each, how much of it in links, and where it begins."""

from array import array

from lxml.etree import _Element, iterwalk

from linkcrawler.capture.visible import UNSEEN

LANDMARKS = frozenset(("nav", "main", "article", "h1"))
MAINS = frozenset(("main", "h1"))


class Blocks:
    """Character counts per element, from one walk over the page. Whitespace is not counted."""

    def __init__(self, root: _Element) -> None:
        self._number: dict[_Element, int] = {}
        self.text = array("l")
        """Visible characters within the element."""
        self.linked = array("l")
        """Those of them that stand in links."""
        self.links = array("l")
        self.landmarks = array("l")
        """Elements within it that a mere box does not hold: nav, main, article, h1."""
        self.mains = array("l")
        """Elements within it that only the main text stands under: main, h1."""
        self.start = array("l")
        """Visible characters of the page before the element."""
        self._walk(root)
        self.total = self.text[0] if self.text else 0

    def number(self, element: _Element) -> int:
        """Row of the element in the tables; 0, the root's, for one that the walk did not meet."""
        return self._number.get(element, 0)

    def _walk(self, root: _Element) -> None:
        seen = linked = links = landmarks = mains = unseen = within_link = 0
        for event, element in iterwalk(root, events=("start", "end")):
            tag = element.tag
            if event == "start":
                row = len(self.text)
                self._number[element] = row
                self.start.append(seen)
                self.text.append(seen)
                self.linked.append(linked)
                self.links.append(links)
                landmarks += tag in LANDMARKS
                self.landmarks.append(landmarks)
                mains += tag in MAINS
                self.mains.append(mains)
                unseen += tag in UNSEEN
                if tag == "a":
                    within_link += 1
                    links += 1
                size = 0 if unseen else _size(element.text)
            else:
                row = self._number[element]
                self.text[row] = seen - self.text[row]
                self.linked[row] = linked - self.linked[row]
                self.links[row] = links - self.links[row]
                self.landmarks[row] = landmarks - self.landmarks[row]
                self.mains[row] = mains - self.mains[row]
                unseen -= tag in UNSEEN
                within_link -= tag == "a"
                size = 0 if unseen else _size(element.tail)
            seen += size
            if within_link:
                linked += size


def _size(text: str | None) -> int:
    return sum(map(len, text.split())) if text else 0
