"""The write-ahead log of an SQLite store stays short, whoever else reads or writes."""

import asyncio
import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from pipelines.stores.connect import open_store
from pipelines.stores.sqlite import write_ahead
from tests.benchmarks.stored_links import visits

MOST = 1 << 20


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(write_ahead, "MOST_BYTES", MOST)
    monkeypatch.setattr(write_ahead, "_PATIENCE_MS", 20)
    return tmp_path / "links.db"


def put(file: Path, batches: int) -> list[int]:
    """How long the log is after each batch of a hundred visits."""

    async def run() -> list[int]:
        lengths, made = [], visits(batches * 100)
        async with open_store(f"sqlite:///{file}") as store:
            while batch := list(islice(made, 100)):
                await store.put(batch)
                lengths.append(Path(f"{file}-wal").stat().st_size)
        return lengths

    return asyncio.run(run())


def test_a_log_that_has_grown_is_emptied(file: Path) -> None:
    lengths = put(file, 20)

    assert max(lengths) < MOST
    assert lengths.count(0) > 2


def test_a_reader_holds_it_up_but_no_writer(file: Path) -> None:
    put(file, 1)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM links").fetchone()
        grown = put(file, 20)

    after = put(file, 20)

    assert grown == sorted(grown)
    assert grown[-1] > 3 * MOST
    assert 0 in after
