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
        number, open_rows = self._number, list[int]()
        text, linked_text, start = self.text, self.linked, self.start
        all_links, all_landmarks, all_mains = self.links, self.landmarks, self.mains
        seen = linked = links = landmarks = mains = unseen = within_link = 0
        for event, element in iterwalk(root, events=("start", "end")):
            tag = element.tag
            if event == "start":
                row = number[element] = len(text)
                open_rows.append(row)
                start.append(seen)
                text.append(seen)
                linked_text.append(linked)
                all_links.append(links)
                if tag in LANDMARKS:
                    landmarks += 1
                    mains += tag in MAINS
                elif tag == "a":
                    within_link += 1
                    links += 1
                elif tag in UNSEEN:
                    unseen += 1
                all_landmarks.append(landmarks)
                all_mains.append(mains)
                words = element.text
            else:
                row = open_rows.pop()
                text[row] = seen - text[row]
                linked_text[row] = linked - linked_text[row]
                all_links[row] = links - all_links[row]
                all_landmarks[row] = landmarks - all_landmarks[row]
                all_mains[row] = mains - all_mains[row]
                if tag == "a":
                    within_link -= 1
                elif tag in UNSEEN:
                    unseen -= 1
                words = element.tail
            if words and not unseen:
                size = len("".join(words.split()))
                seen += size
                if within_link:
                    linked += size
