"""How much of what the report speaks of is known at all."""

from collections import Counter
from dataclasses import dataclass

from pipelines.stores.outline import Outline

BOTH, LATEST_ONLY = "both bounds", "latest only"


@dataclass(frozen=True, slots=True)
class Coverage:
    statuses: dict[str, int]
    """Links by status."""
    dated: dict[str, int]
    """Links by what is known of their appearance: both bounds of the interval, or only by when."""
    languages: dict[str, int]
    """Links by the page's language, most first; ``unknown`` where none is known."""
    conflicts: int
    """Links of which dates disagree."""


class Coverages:
    def __init__(self) -> None:
        self._statuses: Counter[str] = Counter(dict.fromkeys(("live", "lost", "unverified"), 0))
        self._dated: Counter[str] = Counter({BOTH: 0, LATEST_ONLY: 0})
        self._languages: Counter[str] = Counter()
        self._conflicts = 0

    def add(self, link: Outline) -> None:
        self._statuses[link.status] += 1
        self._dated[BOTH if link.dated else LATEST_ONLY] += 1
        self._languages[link.language or "unknown"] += 1
        self._conflicts += link.disputed

    def coverage(self) -> Coverage:
        languages = sorted(self._languages.items(), key=lambda entry: (-entry[1], entry[0]))
        return Coverage(dict(self._statuses), dict(self._dated), dict(languages), self._conflicts)
