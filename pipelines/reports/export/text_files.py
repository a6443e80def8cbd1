"""Writes links as JSON Lines or CSV, in UTF-8."""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import IO, Any

import msgspec

from linkcrawler.records import Link
from pipelines.stores.flat import COLUMNS, COUNTS, NUMBERS, FlatRow
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store
from pipelines.stores.record import record_of
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


def write_header(form: str, out: IO[bytes]) -> None:
    if form == "csv":
        out.write(",".join(COLUMNS).encode() + b"\r\n")


async def write_lines(store: Store, where: LinkFilter, form: str, out: IO[bytes]) -> int:
    """The links that fit as ``csv`` without a header, or as ``jsonl``; returns how many."""
    if form == "jsonl":
        return await write_jsonl(store.records(where), out)
    return await _write_rows(store.flat(where), out)


def _csv_lines(rows: Sequence[FlatRow]) -> bytes:
    """All cells in quotes: whether one needs them takes longer to find out than to write them (csv.writer: 4 times)."""
    return b"".join([f'"{line}"\r\n'.encode("utf-8", "replace") for line in map(_line, rows)])


def _exact_lines(rows: Sequence[FlatRow]) -> bytes:
    return b"".join([f'"{line}"\n'.encode("utf-8", "replace") for line in map(_exact_line, rows)])


def _exact_line(row: FlatRow) -> str:
    cells = _cells(row, NOTHING)
    text = _BETWEEN.join(cells)
    return text if text.count('"') == _QUOTES else _BETWEEN.join([cell.replace('"', '""') for cell in cells])


NOTHING = "\0"
"""Stands in lines for Parquet where nothing is known; no stored text holds it."""

LINES: Mapping[str, Callable[[Sequence[Any]], bytes]] = {
    "csv": _csv_lines,
    "jsonl": msgspec.json.Encoder().encode_lines,
    "parquet": _exact_lines,
}
"""By form what makes lines of flat rows, or of records for ``jsonl``; those for Parquet are CSV of the exact text."""


async def write_jsonl(batches: AsyncIterator[Sequence[object]], out: IO[bytes]) -> int:
    """One record a line, see :func:`pipelines.stores.record.record_of`; returns how many."""
    encode = msgspec.json.Encoder().encode_lines
    count = 0
    async for records in batches:
        out.write(encode(records))
        count += len(records)
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
    write_header("csv", out)
    return await _write_rows(batches, out)


async def _write_rows(batches: AsyncIterator[Sequence[FlatRow]], out: IO[bytes]) -> int:
    count = 0
    async for rows in batches:
        out.write(_csv_lines(rows))
        count += len(rows)
    return count


def _line(row: FlatRow) -> str:
    """The cells of a row without the first and the last quote."""
    cells = _cells(row, "")
    text = _BETWEEN.join(cells)
    if text.count('"') == _QUOTES and not _maybe_formula(text):
        return text
    for place in _FOREIGN:
        if cells[place][:1] in _FORMULA_STARTS:
            cells[place] = f"'{cells[place]}"
    return _BETWEEN.join([cell.replace('"', '""') for cell in cells])


def _cells(row: FlatRow, nothing: str) -> list[str]:
    cells: list[Any] = list(row)
    for place in _MAYBE_NOTHING:
        if cells[place] is None:
            cells[place] = nothing
    for place in _NUMBERS:
        cells[place] = str(cells[place])
    return cells


_BETWEEN = '","'
_QUOTES = 2 * (len(COLUMNS) - 1)
"""In a row no cell of which holds one."""
_MAYBE_NOTHING = range(COLUMNS.index("not_before"), len(COLUMNS))
"""What stands before is known of every link."""
_NUMBERS = tuple(COLUMNS.index(name) for name in (*NUMBERS, *COUNTS))
_maybe_formula = re.compile(f"{_BETWEEN}[{re.escape(''.join(sorted(_FORMULA_STARTS)))}]").search
