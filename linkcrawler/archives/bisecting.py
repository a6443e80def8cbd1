"""Between which of a page's captures its links appeared, with as few of them looked at as that takes."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from linkcrawler.records import Visit

T = TypeVar("T")


def bisect(
    captures: Sequence[T], links: Mapping[str, tuple[int, int]], look: Callable[[T], Visit | None]
) -> list[Visit]:
    """The visits that were looked at. ``links``: by target address, the number of the last capture that is known to be
    too early (-1: none), and of the first that is known to be late enough (their count: none).

    ``look`` gives the visit that a capture shows, None if it shows none; each is asked for once. It is taken that a
    link which appeared stayed; where one came and went, the visits say truly what stood there when, and no more.
    """
    seen: dict[int, Visit | None] = {}
    for link, (absent, present) in sorted(links.items()):
        while present - absent > 1:
            at = _readable(captures, absent, present, seen, look)
            if at is None:
                break
            visit = seen[at]
            if visit and any(sighting.target_url == link for sighting in visit.sightings):
                present = at
            else:
                absent = at
    return [visit for _, visit in sorted(seen.items()) if visit]


def _readable(
    captures: Sequence[T], absent: int, present: int, seen: dict[int, Visit | None], look: Callable[[T], Visit | None]
) -> int | None:
    """The capture between the two, nearest to their middle, that shows something."""
    middle = (absent + present) // 2
    for at in sorted(range(absent + 1, present), key=lambda at: (abs(at - middle), at)):
        if at not in seen:
            seen[at] = look(captures[at])
        if seen[at]:
            return at
    return None
