"""Finds out what the columns of a table hold: by the program that wrote it, by their names, or as a person says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from linkcrawler.errors import UsageError

_NOT_WORD = re.compile(r"[\W_]+")
SHOWN_NAMES = 60
SHOWN_CHARS = 80


class Layout(Protocol):
    """The columns by which the exports of one program are known."""

    @property
    def has(self) -> Sequence[str]:
        """Names that it alone combines."""
        ...


F = TypeVar("F", bound=str)
L = TypeVar("L", bound=Layout)


def folded(text: str) -> str:
    """Letters and digits alone, case folded.

    >>> folded("Live_URL ")
    'liveurl'
    """
    return _NOT_WORD.sub("", text.casefold())


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Folded name to the first place that has it."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(folded(name), place)
    return places


def layout_of(header: Sequence[str], layouts: Sequence[L]) -> L | None:
    """The first whose names are all there."""
    places = places_of(header)
    return next((layout for layout in layouts if all(folded(name) in places for name in layout.has)), None)


def find_fields(
    header: Sequence[str],
    names: Mapping[F, Sequence[str]],
    own: Mapping[F, Sequence[str]],
    named: Mapping[str, str],
) -> dict[F, int]:
    """Field to the place of its column.

    ``names``: folded names of each field, best first. ``own``: names of the program that wrote the table, which go
    first. ``named``: columns by hand, which go before all. Raises UsageError if these do not fit.
    """
    places = places_of(header)
    by_hand = _by_hand(header, places, names, named)
    found: dict[F, int] = {}
    for field in sorted(names, key=lambda field: field not in own):
        wanted = (*map(folded, own.get(field, ())), *names[field])
        free = (places[name] for name in wanted if name in places and places[name] not in found.values())
        if (place := next(free, None)) is not None:
            found[field] = place
    # One column must not be read as two things: a hand-named field keeps it.
    taken = set(by_hand.values())
    return {field: place for field, place in found.items() if place not in taken} | by_hand


def _by_hand(
    header: Sequence[str], places: Mapping[str, int], fields: Iterable[F], named: Mapping[str, str]
) -> dict[F, int]:
    known: dict[str, F] = {str(field): field for field in fields}
    found: dict[F, int] = {}
    for name, column in named.items():
        field = known.get(name)
        if field is None:
            raise UsageError(f"--column {name}={column}: no such field; fields are {', '.join(known)}")
        if folded(column) not in places:
            raise UsageError(f"--column {field}={column}: no such column; the file has {names_of(header)}")
        found[field] = places[folded(column)]
    return found


def names_of(header: Sequence[str]) -> str:
    """The names of the columns, for showing."""
    shown = [repr(name[:SHOWN_CHARS]) for name in header if name][:SHOWN_NAMES]
    return ", ".join(shown) or "no names"
