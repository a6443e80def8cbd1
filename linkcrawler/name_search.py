"""Whether text holds any of many names: as quick for a thousand as for ten."""

import re
from collections.abc import Iterable


class NameSearch:
    """Looks at the dots of a text that an ending of some name follows, and at what stands before them.

    A search for each name alone reads the text a thousand times: 54 ms for a page of 150 KB, where this takes 0.5.
    """

    def __init__(self, names: Iterable[bytes]) -> None:
        """``names``: lower case, each with a dot in it and something before the dot."""
        # By the last byte of the first label and the ending: "e.co.uk" -> the names that end so.
        by_end: dict[bytes, tuple[bytes, ...]] = {}
        endings = set[bytes]()
        for name in names:
            label, _, ending = name.partition(b".")
            end = label[-1:] + b"." + ending
            by_end[end] = (*by_end.get(end, ()), name)
            endings.add(ending)
        self._by_end = by_end
        # The longest is met first, and may hide others that it begins with: "com.au", "com".
        ordered = sorted(endings, key=len, reverse=True)
        self._dots = re.compile(rb"\.(?=(%b))" % b"|".join(map(re.escape, ordered))) if endings else None
        self._hidden = {
            ending: tuple(other for other in ordered if ending.startswith(other) and other != ending)
            for ending in ordered
        }

    def __call__(self, text: bytes) -> bool:
        """Whether ``text``, in lower case, holds a name, be it within a longer word."""
        if self._dots is None:
            return False
        for found in self._dots.finditer(text):
            start, end = found.span(1)
            if self._ends(text, start, end):
                return True
            for ending in self._hidden[found[1]]:
                if self._ends(text, start, start + len(ending)):
                    return True
        return False

    def _ends(self, text: bytes, ending: int, end: int) -> bool:
        """Whether a name stands there whose ending begins at ``ending``."""
        names = self._by_end.get(text[max(0, ending - 2) : end])
        return names is not None and text.endswith(names, 0, end)
