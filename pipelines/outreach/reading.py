"""Reads a table out of a file: CSV or TSV in whatever encoding spreadsheets write, or the first sheet of an XLSX."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from linkcrawler.errors import UsageError

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",;\t|"
_ZIP = b"PK\x03\x04"
_HEADER_WITHIN = 20
"""Lines above the header that a report may put there: its title, the day of the export."""


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Line of the file (of the sheet, for XLSX), counted from 1, and the cells."""


def read_table(path: Path) -> Table:
    """The table in the file. Raises UsageError if there is none or it cannot be read."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give a CSV, TSV or XLSX file") from error
    lines = _sheet(path, body) if body.startswith(_ZIP) else _text(path, body)
    return _table(path, lines)


def _table(path: Path, lines: Iterator[tuple[int, tuple[str, ...]]]) -> Table:
    """The header is the first line with at least half as many filled cells as the fullest of the top ones."""
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        raise UsageError(f"{path}: the file is empty; expected a header and one contact a line")
    top = filled[:_HEADER_WITHIN]
    counts = [sum(map(bool, cells)) for _, cells in top]
    at = next(place for place, count in enumerate(counts) if 2 * count >= max(counts))
    if len(filled) == at + 1:
        raise UsageError(f"{path}: no line below the header; expected one contact a line")
    return Table(filled[at][1], tuple(filled[at + 1 :]))


def _text(path: Path, body: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    text = _decoded(body)
    if "\0" in text:
        raise UsageError(f"{path}: this is no text; expected a CSV or TSV file (save old .xls workbooks as .xlsx)")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        start = 1
        for cells in reader:
            yield start, tuple(cell.strip() for cell in cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}; check the quotes of this line") from error


def _decoded(body: bytes) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    # Some exports are UTF-16 without a mark: then every other byte of plain letters is zero.
    if body[1:200:2].count(0) > len(body[1:200:2]) // 2:
        return body.decode("utf-16-le", "replace")
    if body[0:200:2].count(0) > len(body[0:200:2]) // 2:
        return body.decode("utf-16-be", "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """The one that parts the first lines into most cells."""
    top = "\n".join(text.splitlines()[:_HEADER_WITHIN])
    return max(_DELIMITERS, key=lambda mark: (top.count(mark), -_DELIMITERS.index(mark)))


def _sheet(path: Path, body: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        import openpyxl
    except ImportError as error:
        raise UsageError(
            f"{path}: XLSX needs the package openpyxl, which is not installed: pip install 'linkcrawler[xlsx]', "
            "or save the sheet as CSV"
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that have no part in the cells
            book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
            sheets = book.worksheets
            rows: Iterable[tuple[object, ...]] = list(sheets[0].iter_rows(values_only=True)) if sheets else ()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UsageError(f"{path}: not a readable XLSX workbook ({error}); save the sheet as CSV") from error
    for number, cells in enumerate(rows, 1):
        yield number, tuple(map(_cell, cells))


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()
