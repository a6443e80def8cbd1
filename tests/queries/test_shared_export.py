"""What several processes write together is what one writes alone."""

import asyncio
import io
import json
import os
import signal
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import pyarrow.parquet
import pytest

from linkcrawler.errors import StoreError
from pipelines.queries.filter_fields import parse
from pipelines.reports.export import parquet
from pipelines.reports.export.parquet import arrow_table, parquet_of_lines, write_parquet
from pipelines.reports.export.shared import write_links
from pipelines.reports.export.text_files import LINES, write_header, write_lines
from pipelines.stores.connect import open_store
from pipelines.stores.flat import COLUMNS, COUNTS, NUMBERS, FlatRow
from tests.queries.sample import PAGES

QUESTIONS = (
    [("kind", "any")],
    [("kind", "any"), ("sort", "-first_seen")],
    [("kind", "any"), ("sort", "confidence")],
    [("one_per", "domain"), ("sort", "source_url")],
    [("kind", "any"), ("limit", "30")],
    [("appeared_from", "2020-01-01")],
)


async def both_ways(
    url: str, pairs: list[tuple[str, str]], form: str, *, as_stored: bool = False
) -> tuple[bytes, bytes, int]:
    where, alone, together = parse(pairs), io.BytesIO(), io.BytesIO()
    async with open_store(url) as store:
        if form == "parquet":
            count = await write_parquet(store.flat(where), alone)
        else:
            write_header(form, alone)
            count = await write_lines(store, where, form, alone)
        assert await write_links(store, url, where, form, together, as_stored=as_stored, few=1) == count
    return alone.getvalue(), together.getvalue(), count


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("pairs", QUESTIONS, ids=str)
def test_the_bytes_are_the_same(filled_sqlite: str, pairs: list[tuple[str, str]], form: str) -> None:
    alone, together, count = asyncio.run(both_ways(filled_sqlite, pairs, form))

    assert together == alone
    assert count > 1


@pytest.mark.parametrize("pairs", QUESTIONS, ids=str)
def test_the_table_is_the_same(filled_sqlite: str, pairs: list[tuple[str, str]]) -> None:
    *files, count = asyncio.run(both_ways(filled_sqlite, pairs, "parquet"))
    alone, together = (pyarrow.parquet.read_table(io.BytesIO(file)) for file in files)

    assert together.equals(alone)
    assert together.schema == alone.schema
    assert together.num_rows == count > 1


def test_a_line_brings_every_text_into_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = (
        "", None, "a\nb", '"', 'x,"y"', "\r\n", "=1", "日本語", " ", "NULL", "\\N", "'", "0", '""', ",", '\\"',
        "long" * 300_000,
    )  # fmt: skip
    numbers = (None, 0.1, 1e-17, 2 / 3)
    kinds: list[tuple[str | float | None, ...]] = [
        numbers if name in NUMBERS else (7,) if name in COUNTS else texts for name in COLUMNS
    ]
    known = COLUMNS.index("not_before")
    kinds[:known] = [tuple(text for text in texts if text is not None)] * known
    rows: list[FlatRow] = [
        (f"{place:016x}", *(kind[(place + column) % len(kind)] for column, kind in enumerate(kinds[1:])))
        for place in range(60)
    ]
    monkeypatch.setattr(parquet, "BYTES_PER_GROUP", 10_000)
    out = io.BytesIO()
    with parquet_of_lines(out) as lines:
        for start in range(0, len(rows), 7):
            lines.write(LINES["parquet"](rows[start : start + 7]))
            lines.flush()

    found = pyarrow.parquet.ParquetFile(out)
    assert found.metadata.num_row_groups > 1
    assert found.read().equals(arrow_table(rows))


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("pairs", QUESTIONS, ids=str)
def test_as_stored_the_lines_are_the_same(filled_sqlite: str, pairs: list[tuple[str, str]], form: str) -> None:
    alone, together, count = asyncio.run(both_ways(filled_sqlite, pairs, form, as_stored=True))

    assert sorted(together.splitlines()) == sorted(alone.splitlines())
    assert count > 1


def test_as_stored_the_rows_of_a_table_are_the_same(filled_sqlite: str) -> None:
    *files, _ = asyncio.run(both_ways(filled_sqlite, QUESTIONS[0], "parquet", as_stored=True))
    alone, together = (pyarrow.parquet.read_table(io.BytesIO(file)) for file in files)

    assert together.sort_by("id").equals(alone.sort_by("id"))


def test_as_stored_a_page_follows_the_page_that_was_found_before(filled_sqlite: str) -> None:
    _, together, _ = asyncio.run(both_ways(filled_sqlite, QUESTIONS[0], "jsonl", as_stored=True))
    pages = [json.loads(line)["source_url"] for line in together.splitlines()]

    assert len(list(groupby(pages))) == len(set(pages)) > 1


@pytest.mark.mongodb
def test_the_bytes_are_those_of_the_other_store(filled_sqlite: str, filled_mongodb: str) -> None:
    for form in ("csv", "jsonl"):
        sqlite = asyncio.run(both_ways(filled_sqlite, QUESTIONS[0], form))

        assert sqlite == asyncio.run(both_ways(filled_mongodb, QUESTIONS[0], form))
        assert sqlite[2] >= PAGES


class KillsWriters(io.BytesIO):
    """Where the header is written, every process that helps is killed."""

    def write(self, data: object) -> int:
        for task in Path(f"/proc/{os.getpid()}/task").iterdir():
            with suppress(FileNotFoundError):  # threads and processes that have just ended
                for child in (task / "children").read_text().split():
                    if b"export.writer" in Path(f"/proc/{child}/cmdline").read_bytes():
                        os.kill(int(child), signal.SIGKILL)
        return super().write(data)  # type: ignore[arg-type]


def test_a_dead_helper_is_told(filled_sqlite: str) -> None:
    async def write() -> None:
        async with open_store(filled_sqlite) as store:
            await write_links(store, filled_sqlite, parse([("kind", "any")]), "csv", KillsWriters(), few=1)

    with pytest.raises(StoreError, match="ended before its work was done"):
        asyncio.run(write())
