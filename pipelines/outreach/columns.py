"""Finds out what the columns of an outreach log hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linkcrawler.errors import UsageError
from pipelines.outreach.contact import Stage
from pipelines.outreach.vocabulary import FIELDS, Field, Vocabulary
from pipelines.tables.columns import find_fields, layout_of, names_of

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
    system = layout_of(header, vocabulary.systems)
    at = find_fields(header, vocabulary.columns, system.columns if system else {}, named)
    if not at.keys() & {"url", "domain", "email"}:
        raise UsageError(_not_understood(header, vocabulary))
    name = system.name if system else BY_HAND if named else GENERIC
    return Columns(name, at, tuple(header), system.rows if system else _rows(at))


def _rows(at: Mapping[Field, int]) -> Stage:
    """A list that has prices, anchors or days of placement, and no status, is one of placements."""
    return Stage.PLACED if "status" not in at and at.keys() & {"placed", "anchor", "cost"} else Stage.CONTACTED


def _not_understood(header: Sequence[str], vocabulary: Vocabulary) -> str:
    systems = ", ".join(system.name for system in vocabulary.systems)
    return (
        f"the columns of this file are not understood: it has {names_of(header)}; expected one with the address or the "
        f"domain of the site that was contacted (url, domain, website, live url ...), as {systems} export it; or say "
        "which column holds what: --column url='Found at' --column date='When' --column status='How it went' "
        f"(fields: {', '.join(FIELDS)})"
    )
