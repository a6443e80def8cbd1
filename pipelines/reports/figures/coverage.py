"""How much of what the report speaks of is known at all."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.stores.brief import Brief, told

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
        self._counts: Counter[tuple[str, bool, str, bool]] = Counter()

    def add(self, links: Iterable[Brief]) -> None:
        self._counts.update(map(_KNOWN, links))

    def coverage(self) -> Coverage:
        statuses: Counter[str] = Counter(dict.fromkeys(("live", "lost", "unverified"), 0))
        dated: Counter[str] = Counter({BOTH: 0, LATEST_ONLY: 0})
        languages: Counter[str] = Counter()
        conflicts = 0
        for (status, is_dated, language, is_disputed), count in self._counts.items():
            statuses[status] += count
            dated[BOTH if is_dated else LATEST_ONLY] += count
            languages[language or "unknown"] += count
            conflicts += is_disputed * count
        ranked = sorted(languages.items(), key=lambda entry: (-entry[1], entry[0]))
        return Coverage(dict(statuses), dict(dated), dict(ranked), conflicts)


_KNOWN: Callable[[Brief], Any] = told("status", "dated", "language", "disputed")
