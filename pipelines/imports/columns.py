"""Finds out what the columns of an export hold: by its vendor, by their names, by hand, or by what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from linkcrawler.errors import UsageError
from linkcrawler.seeding.seeds import parse_seed
from linkcrawler.targets import Target
from pipelines.imports.vocabulary import DAYS, FIELDS, Field, Vocabulary
from pipelines.tables.columns import find_fields, layout_of, names_of
from pipelines.tables.reading import Table

BY_HAND = "by hand"
GENERIC = "generic"
LIST = "list"

_LOOKED_AT = 200
_MOSTLY = 0.9
"""Share of the filled cells of a column of addresses that are some."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    origin: str
    """The vendor's name, ``generic``, ``by hand`` or ``list``."""
    at: Mapping[Field, int]
    table: Table
    """The rows that the columns are of."""

    def told(self) -> str:
        """For showing."""
        header = self.table.header
        return ", ".join(f"{field}: {header[self.at[field]]!r}" for field in FIELDS if field in self.at)


def find_columns(
    table: Table, vocabulary: Vocabulary, named: Mapping[str, str], *, vendor: str | None = None, target: Target | None
) -> Columns:
    """``vendor`` says who wrote the table, ``named`` gives fields by hand (``{"url": "Where"}``) and goes before all.

    Raises UsageError if nothing says which page a row is about, or if what is given does not fit the header.
    """
    known = [one for one in vocabulary.vendors if vendor in (None, one.name)]
    if not known and vendor != GENERIC:
        names = ", ".join(dict.fromkeys([*(one.name for one in vocabulary.vendors), GENERIC]))
        raise UsageError(f"--format {vendor}: not known; expected one of {names}")
    layout = layout_of(table.header, known) or (known[0] if vendor and known else None)
    own = layout.columns if layout else {}
    at = find_fields(table.header, vocabulary.columns, own, named)
    # A vendor's export may have a field under no name, such as pages in a list of sites.
    at = {field: place for field, place in at.items() if own.get(field) != [] or field in named}
    if "url" not in at and not named and (layout is None or "domain" not in at):
        found = _by_content(table, target)
        if found:
            days = {field: at[field] for field in DAYS if field in at and at[field] not in found.at.values()}
            return replace(found, origin=vendor or found.origin, at={**found.at, **days})
    if not at.keys() & {"url", "domain"}:
        raise UsageError(_not_understood(table, vocabulary))
    return Columns(layout.name if layout else BY_HAND if named else GENERIC, at, table)


def _by_content(table: Table, target: Target | None) -> Columns | None:
    """A plain list of addresses, or a table in a language that nobody foresaw: one column of addresses tells itself,
    of two the one with the target's is told by ``target``. Days are left alone: nothing says what they mean."""
    alone = len(table.header) == 1
    if any(_address(cell, bare=alone) for cell in table.header):
        header = tuple(f"column {number}" for number in range(1, len(table.header) + 1))
        table = replace(table, header=header, rows=((table.line, table.header), *table.rows))
    at: dict[Field, int] = {}
    for place in range(len(table.header)):
        cells = [cells[place] for _, cells in table.rows[:_LOOKED_AT] if place < len(cells) and cells[place]]
        addresses = [url for cell in cells if (url := _address(cell, bare=alone))]
        if len(addresses) < max(1, _MOSTLY * len(cells)):
            continue
        field: Field = "target" if target and all(map(target.matches, addresses)) else "url"
        if field in at:
            return None
        at[field] = place
    return Columns(LIST if alone else GENERIC, at, table) if "url" in at else None


def _address(cell: str, *, bare: bool) -> str | None:
    """``bare``: ``example.org`` is one as well."""
    if not bare and cell[:4].lower() != "http":
        return None
    try:
        return parse_seed(cell).url
    except ValueError:
        return None


def _not_understood(table: Table, vocabulary: Vocabulary) -> str:
    vendors = ", ".join(dict.fromkeys(vendor.title for vendor in vocabulary.vendors))
    return (
        f"the columns of this file are not understood: it has {names_of(table.header)} and {len(table.rows)} rows; "
        f"expected an export of {vendors}, or a column with the address of the page that links (source url, linking "
        "page, url ...); say which column holds what, for example --column url='Found on' --column target='Leads to' "
        f"--column since='First found' (fields: {', '.join(FIELDS)})"
    )
