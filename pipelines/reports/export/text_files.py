"""Writes links as JSON Lines or CSV, in UTF-8."""

from collections.abc import AsyncIterator, Sequence
from typing import IO

import msgspec

from linkcrawler.records import Link
from pipelines.reports.export.record import record_of
from pipelines.stores.flat import COLUMNS, FlatRow
from pipelines.stores.seeds import KnownSeed

_KNOWN = ("origin", "source", "row", "since", "last", "lost")

# Spreadsheets run a cell as a formula if it begins so (OWASP "CSV Injection", full-width forms included).
_FORMULA_STARTS = frozenset(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))

_FOREIGN = tuple(
    COLUMNS.index(name)
    for name in (
        "target", "anchor", "rel", "sentence", "before", "after", "heading", "conflict", "not_before_source",
        "not_after_source", "evidence", "model", "override_by", "override_note", "page_title", "page_language",
        "page_author", "page_site_name", "page_canonical_url", "page_published_source",
    )
)  # fmt: skip
"""Columns whose text pages or people wrote; the others hold our own words, numbers, times and canonical addresses."""


async def write_jsonl(links: AsyncIterator[Link], out: IO[bytes]) -> int:
    """One object a line; returns how many."""
    encode = msgspec.json.Encoder().encode
    count = 0
    async for link in links:
        out.write(encode(record_of(link)) + b"\n")
        count += 1
    return count


async def write_jsonl_with_known(pairs: AsyncIterator[tuple[Link, list[KnownSeed]]], out: IO[bytes]) -> int:
    """The same objects, each with what others say of the link under ``known``."""
    encode = msgspec.json.Encoder().encode
    count = 0
    async for link, seeds in pairs:
        known = [{name: getattr(seed, name) for name in _KNOWN} for seed in seeds]
        out.write(encode({**record_of(link), "known": known}) + b"\n")
        count += 1
    return count


async def write_csv(batches: AsyncIterator[Sequence[FlatRow]], out: IO[bytes]) -> int:
    """RFC 4180 with a header line; text cells that a spreadsheet would run are made text by a leading apostrophe."""
    out.write(",".join(COLUMNS).encode() + b"\r\n")
    count = 0
    async for rows in batches:
        out.write("".join(map(_line, rows)).encode("utf-8", "replace"))
        count += len(rows)
    return count


def _line(row: FlatRow) -> str:
    """All cells in quotes: whether one needs them takes longer to find out than to write them (csv.writer: 4 times)."""
    telling = [place for place in _FOREIGN if (value := row[place]) and value[0] in _FORMULA_STARTS]  # type: ignore[index]
    if telling:
        row = tuple(f"'{value}" if place in telling else value for place, value in enumerate(row))
    cells = [value if type(value) is str else "" if value is None else str(value) for value in row]
    text = _PARTING.join(cells)
    if '"' in text:
        text = text.replace('"', '""')
    if text.count(_PARTING) != len(COLUMNS) - 1:
        return '"' + '","'.join(cell.replace('"', '""') for cell in cells) + '"\r\n'
    return '"' + text.replace(_PARTING, '","') + '"\r\n'


_PARTING = "\x1f"
"""Holds the place between two cells until quotes are doubled; what holds one itself goes a longer way."""
