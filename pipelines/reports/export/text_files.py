"""Writes links as JSON Lines or CSV, in UTF-8."""

import csv
import io
from collections.abc import AsyncIterator
from typing import IO, Any

import msgspec

from linkcrawler.records import Link
from pipelines.reports.export.flat import COLUMNS, row_of
from pipelines.reports.export.record import record_of

# Spreadsheets run a cell as a formula if it begins so (OWASP "CSV Injection", full-width forms included).
_FORMULA_STARTS = frozenset(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


async def write_jsonl(links: AsyncIterator[Link], out: IO[bytes]) -> int:
    """One object a line; returns how many."""
    encode = msgspec.json.Encoder().encode
    count = 0
    async for link in links:
        out.write(encode(record_of(link)) + b"\n")
        count += 1
    return count


async def write_csv(links: AsyncIterator[Link], out: IO[bytes]) -> int:
    """RFC 4180 with a header line; text cells that a spreadsheet would run are made text by a leading apostrophe."""
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    async for link in links:
        writer.writerow([_cell(value) for value in row_of(link).values()])
        count += 1
    text.detach()
    return count


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in _FORMULA_STARTS else value
