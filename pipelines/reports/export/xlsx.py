"""Writes links as a workbook, row by row in flat memory. Needs XlsxWriter, the ``xlsx`` extra."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import IO, Any

from linkcrawler.errors import UsageError
from pipelines.stores.flat import COLUMNS, FlatRow

ROWS_PER_SHEET = 1_048_576
CHARS_PER_CELL = 32_767
"""What Excel holds ("Excel specifications and limits")."""

# A text stays a text: nothing in it is run, followed or turned into a number.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


async def write_xlsx(
    batches: AsyncIterator[Sequence[FlatRow]], out: IO[bytes], rows_per_sheet: int = ROWS_PER_SHEET
) -> tuple[int, int]:
    """Columns as in CSV, a header on every sheet; returns how many rows, and how many cells were cut."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise UsageError(
            "--format xlsx needs the package XlsxWriter, which is not installed: "
            "pip install 'linkcrawler[xlsx]', or choose --format csv"
        ) from error
    count = cut = 0
    book = xlsxwriter.Workbook(out, _OPTIONS)
    try:
        sheet = _sheet(book)
        async for batch in batches:
            for row in batch:
                place = count % (rows_per_sheet - 1)
                if place == 0 and count:
                    sheet = _sheet(book)
                cut += _write_row(sheet, place + 1, row)
                count += 1
    finally:
        await asyncio.to_thread(book.close)  # packs everything: minutes for millions of rows
    return count, cut


def _sheet(book: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, COLUMNS)
    return sheet


def _write_row(sheet: Any, place: int, row: FlatRow) -> int:
    """How many cells were too long."""
    cut = 0
    for column, value in enumerate(row):
        if isinstance(value, str):
            if len(value) > CHARS_PER_CELL:
                value, cut = value[:CHARS_PER_CELL], cut + 1
            if value:
                sheet.write_string(place, column, value)
        elif value is not None:
            sheet.write_number(place, column, value)
    return cut
