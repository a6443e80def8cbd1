"""Reads a table out of a file: CSV or TSV in whatever encoding programs write, JSON, or the first sheet of an XLSX."""

import csv
import gzip
import io
import warnings
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from linkcrawler.errors import UsageError
from pipelines.tables.json_rows import is_json, json_rows
from pipelines.tables.rows import BadRow, Row

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",;\t|"
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_HEADER_WITHIN = 20
"""Lines above the header that a report may put there: its title, the day of the export."""
_QUOTED_LINES = 50
"""A row that goes over more lines has a quote that nobody closed."""
MOST_BYTES = 1 << 30
"""Of what a gzip file holds."""


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...] = ()
    """What is no row of any table."""
    line: int = 1
    """Of the header."""


def read_table(path: Path) -> Table:
    """The table in the file, which may be packed with gzip. Raises UsageError if there is none or it cannot be read."""
    body = _body(path)
    if body.startswith(_ZIP):
        return _table(path, _sheet(path, body))
    text = decoded(body)
    if "\0" in text:
        raise UsageError(f"{path}: this is no text; expected CSV, TSV or JSON (save old .xls workbooks as .xlsx)")
    return _table(path, json_rows(text) if is_json(text) else _text(text))


def _body(path: Path) -> bytes:
    try:
        body = path.read_bytes()
        if body.startswith(_GZIP):
            with gzip.open(io.BytesIO(body)) as file:
                return file.read(MOST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        said = getattr(error, "strerror", None) or error
        raise UsageError(f"{path}: cannot be read ({said}); give a CSV, TSV, JSON or XLSX file") from error
    return body


def _table(path: Path, lines: Iterable[Row | BadRow]) -> Table:
    """The header is the first line with at least half as many filled cells as the fullest of the top ones."""
    filled, bad = [], []
    for line in lines:
        if isinstance(line, BadRow):
            bad.append(line)
        elif any(line[1]):
            filled.append(line)
    if not filled:
        said = f" (line {bad[0].line}: {bad[0].problem})" if bad else ""
        what = "the file is no table" if bad else "the file is empty"
        raise UsageError(f"{path}: {what}{said}; expected a header and one entry a line")
    top = filled[:_HEADER_WITHIN]
    counts = [sum(map(bool, cells)) for _, cells in top]
    at = next(place for place, count in enumerate(counts) if 2 * count >= max(counts))
    # A list of addresses has no header, and may have one line.
    if len(filled) + len(bad) == at + 1 and not any("://" in cell for cell in filled[at][1]):
        raise UsageError(f"{path}: no line below the header; expected one entry a line")
    return Table(filled[at][1], tuple(filled[at + 1 :]), tuple(bad), filled[at][0])


def decoded(body: bytes) -> str:
    """The text of a file without a word on its encoding; what fits none is replaced."""
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


def _text(text: str) -> Iterator[Row | BadRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield BadRow(start, f"{error}; check the quotes of this line")
            start = reader.line_num + 1
            continue
        if cells is None:
            return
        if reader.line_num - start > _QUOTED_LINES:
            yield BadRow(start, f"a quote is opened and not closed before line {reader.line_num}: what stands between "
                         "is not read")  # fmt: skip
        else:
            yield start, tuple(cell.strip() for cell in cells)
        start = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The one that parts the first lines into most cells."""
    top = "\n".join(text[: 1 << 16].splitlines()[:_HEADER_WITHIN])
    return max(_DELIMITERS, key=lambda mark: (top.count(mark), -_DELIMITERS.index(mark)))


def _sheet(path: Path, body: bytes) -> Iterator[Row]:
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
    except Exception as error:  # a damaged workbook fails anywhere in zipfile, zlib, the XML parser and openpyxl
        raise UsageError(f"{path}: not a readable XLSX workbook ({error}); save the sheet as CSV") from error
    for number, cells in enumerate(rows, 1):
        yield number, tuple(map(_cell, cells))


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()
