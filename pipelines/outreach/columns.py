"""Finds out what the columns of an outreach log hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from linkcrawler.errors import UsageError
from pipelines.outreach.contact import Stage
from pipelines.outreach.vocabulary import FIELDS, Field, System, Vocabulary, folded

BY_HAND = "by hand"
GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    system: str
    at: Mapping[Field, int]
    """Field to the place of its column."""
    header: tuple[str, ...]
    rows: Stage
    """What a row means whose status says nothing."""

    def told(self) -> dict[str, str]:
        """Field to the name of its column, for showing."""
        return {field: self.header[self.at[field]] for field in FIELDS if field in self.at}


def find_columns(header: Sequence[str], vocabulary: Vocabulary, named: Mapping[str, str]) -> Columns:
    """``named`` gives fields by hand (``{"url": "Where"}``) and goes before what is found.

    Raises UsageError if nothing says which site a row is about, or if ``named`` does not fit the header.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(folded(name), place)
    system = next((one for one in vocabulary.systems if all(folded(name) in places for name in one.has)), None)
    at = _by_name(places, vocabulary, system) | _by_hand(header, places, named)
    if not at.keys() & {"url", "domain", "email"}:
        raise UsageError(_not_understood(header, vocabulary))
    # One column must not be read as two things: a hand-named field keeps it.
    at = {field: place for field, place in at.items() if field in named or place not in _taken(header, places, named)}
    name = system.name if system else BY_HAND if named else GENERIC
    return Columns(name, at, tuple(header), system.rows if system else _rows(at))


def _by_name(places: Mapping[str, int], vocabulary: Vocabulary, system: System | None) -> dict[Field, int]:
    found: dict[Field, int] = {}
    own = system.columns if system else {}
    for field in sorted(FIELDS, key=lambda field: field not in own):
        names = (*map(folded, own.get(field, ())), *vocabulary.columns.get(field, ()))
        free = (places[name] for name in names if name in places and places[name] not in found.values())
        if (place := next(free, None)) is not None:
            found[field] = place
    return found


def _by_hand(header: Sequence[str], places: Mapping[str, int], named: Mapping[str, str]) -> dict[Field, int]:
    found: dict[Field, int] = {}
    for field, column in named.items():
        if field not in get_args(Field):
            raise UsageError(f"--column {field}={column}: no such field; fields are {', '.join(FIELDS)}")
        if folded(column) not in places:
            names = ", ".join(filter(None, header))
            raise UsageError(f"--column {field}={column}: no such column; the file has {names}")
        found[field] = places[folded(column)]  # type: ignore[index]
    return found


def _taken(header: Sequence[str], places: Mapping[str, int], named: Mapping[str, str]) -> set[int]:
    return set(_by_hand(header, places, named).values())


def _rows(at: Mapping[Field, int]) -> Stage:
    """A list that has prices, anchors or days of placement, and no status, is one of placements."""
    return Stage.PLACED if "status" not in at and at.keys() & {"placed", "anchor", "cost"} else Stage.CONTACTED


def _not_understood(header: Sequence[str], vocabulary: Vocabulary) -> str:
    names = ", ".join(repr(name) for name in header if name) or "no names"
    systems = ", ".join(system.name for system in vocabulary.systems)
    return (
        f"the columns of this file are not understood: it has {names}; expected one with the address or the domain of "
        f"the site that was contacted (url, domain, website, live url ...), as {systems} export it; or say which "
        "column holds what, for example --column url='Found at' --column date='When' --column status='How it went' "
        f"(fields: {', '.join(FIELDS)})"
    )
