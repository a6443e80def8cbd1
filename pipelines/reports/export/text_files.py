"""Writes links as JSON Lines or CSV, in UTF-8."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import IO

import msgspec

from linkcrawler.records import Link
from pipelines.reports.export.record import record_of
from pipelines.stores.flat import COLUMNS, FlatRow

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


async def write_csv(batches: AsyncIterator[Sequence[FlatRow]], out: IO[bytes]) -> int:
    """RFC 4180 with a header line; text cells that a spreadsheet would run are made text by a leading apostrophe."""
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    async for rows in batches:
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(map(_harmless, rows))
        text.write(buffer.getvalue())
        count += len(rows)
    text.detach()
    return count


def _harmless(row: FlatRow) -> Sequence[object]:
    telling = [place for place in _FOREIGN if (value := row[place]) and value[0] in _FORMULA_STARTS]  # type: ignore[index]
    if not telling:
        return row
    cells = list(row)
    for place in telling:
        cells[place] = f"'{cells[place]}"
    return cells
