"""Flat rows made from columns are those made from whole links, on every store, and what the formats make of them."""

import asyncio
import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import msgspec
import openpyxl
import pyarrow.parquet
import pytest

from linkcrawler.records import Context, Link, Placement
from pipelines.queries.filter_fields import parse
from pipelines.reports.export.parquet import write_parquet
from pipelines.reports.export.text_files import write_csv
from pipelines.reports.export.xlsx import write_xlsx
from pipelines.stores.connect import open_store
from pipelines.stores.flat import COLUMNS, FlatRow, flat_of
from pipelines.stores.record import record_of
from tests.queries.sample import PAGES
from tests.stores.old_store import put_back

EVERY = parse([("kind", "any")])


async def read(url: str) -> tuple[list[FlatRow], list[Link]]:
    async with open_store(url) as store:
        rows = [row for batch in [batch async for batch in store.flat(EVERY)] for row in batch]
        return rows, [link async for link in store.links(EVERY)]


def test_columns_and_whole_links_make_the_same_rows(filled_sqlite: str) -> None:
    rows, links = asyncio.run(read(filled_sqlite))

    assert len(rows) >= PAGES
    assert rows == [flat_of(link) for link in links]


async def read_records(url: str) -> tuple[list[bytes], list[bytes]]:
    encode = msgspec.json.Encoder().encode_lines
    async with open_store(url) as store:
        columns = [encode(batch) async for batch in store.records(EVERY)]
        return columns, [encode([record_of(link)]) async for link in store.links(EVERY)]


def test_columns_and_whole_links_make_the_same_records(filled_sqlite: str) -> None:
    columns, links = asyncio.run(read_records(filled_sqlite))

    assert b"".join(columns).splitlines() == b"".join(links).splitlines()
    assert len(links) >= PAGES


@pytest.mark.mongodb
def test_stores_make_the_same_records(filled_sqlite: str, filled_mongodb: str) -> None:
    sqlite, mongodb = (b"".join(asyncio.run(read_records(url))[0]) for url in (filled_sqlite, filled_mongodb))

    assert sqlite == mongodb


def test_a_placement_is_stored_with_every_field_that_records_show(tmp_path: Path) -> None:
    """By the first release already: records show placements as they are stored."""
    put_back(f"sqlite:///{tmp_path / 'old.db'}")
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        stored = [one for (text,) in connection.execute("SELECT placements FROM links") for one in json.loads(text)]

    assert stored
    for placement in stored:
        assert list(placement) == [field.name for field in fields(Placement)]
        assert list(placement["context"]) == [field.name for field in fields(Context)]


@pytest.mark.mongodb
def test_stores_make_the_same_rows(filled_sqlite: str, filled_mongodb: str) -> None:
    assert asyncio.run(read(filled_sqlite))[0] == asyncio.run(read(filled_mongodb))[0]


def test_every_format_holds_the_same_text(filled_sqlite: str, tmp_path: Path) -> None:
    book, parquet, text = tmp_path / "links.xlsx", tmp_path / "links.parquet", io.BytesIO()

    async def write() -> tuple[int, int]:
        async with open_store(filled_sqlite) as store:
            await write_csv(store.flat(EVERY), text)
            with parquet.open("wb") as out:
                await write_parquet(store.flat(EVERY), out)
            with book.open("wb") as out:
                return await write_xlsx(store.flat(EVERY), out, rows_per_sheet=50)

    count, cut = asyncio.run(write())

    rows = [dict(zip(COLUMNS, row, strict=True)) for row in asyncio.run(read(filled_sqlite))[0]]
    assert (count, cut) == (len(rows), 0)
    assert pyarrow.parquet.read_table(parquet).to_pylist() == rows
    in_csv = list(csv.DictReader(io.StringIO(text.getvalue().decode(), newline="")))
    assert [{name: value.removeprefix("'") for name, value in row.items()} for row in in_csv] == [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    assert {row["anchor"] for row in in_csv} >= {"'=1+1", "日本語の研究"}
    sheets = [list(sheet.iter_rows()) for sheet in openpyxl.load_workbook(book).worksheets]
    assert len(sheets) > 1
    cells = [row for sheet in sheets for row in sheet[1:]]
    assert [[cell.value for cell in row] for row in cells] == [
        [None if value == "" else value for value in row.values()] for row in rows
    ]
    formulas = [cell for row in cells for cell in row if cell.value == "=1+1"]
    assert formulas
    assert {cell.data_type for cell in formulas} == {"s"}
