"""A store that release 0.1 wrote (schema version 1) is brought forward, on every backend, killed or not."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linkcrawler.commands import main
from linkcrawler.errors import StoreError
from linkcrawler.records import Event, Link
from pipelines.events.deriving import bring_up_to_date
from pipelines.stores import migration
from pipelines.stores.connect import open_store
from pipelines.stores.history import EventFilter
from pipelines.stores.migrating import migrate
from pipelines.stores.mongodb import migration as of_mongodb
from pipelines.stores.protocol import LinkFilter
from pipelines.stores.sqlite import migration as of_sqlite
from tests.stores.old_store import fill, put_back
from tests.stores.visits import START, dump

KINDS = ("appeared", "lost", "returned")
"""What a visit of version 1 tells: it kept no anchors."""
KILLED = Path(__file__).with_name("killed_migration.py")


async def content(url: str) -> tuple[Sequence[Link], Sequence[Link], object, list[Event]]:
    async with open_store(url) as store:
        await bring_up_to_date(store, now=START)
        found = [event async for batch in store.history.events(EventFilter(kinds=KINDS)) for event in batch]
        words = await dump(store, LinkFilter(text="docs", status="lost"))
        return await dump(store), words, (await store.totals(), await store.owned()), found


async def new(url: str) -> object:
    async with open_store(url) as store:
        await fill(store)
    return await content(url)


def call(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.output


def test_a_migrated_store_is_the_one_that_this_release_would_have_written(store_url: str, tmp_path: Path) -> None:
    put_back(store_url)

    assert call("migrate", "--dry-run", "--store", store_url) == (
        0, "would bring the store from schema version 1 to 2: 4 links, 4 pages\n"
    )  # fmt: skip
    assert call("migrate", "--store", store_url)[1].endswith(
        "brought the store from schema version 1 to 2: 4 links, 4 pages\n"
    )
    assert call("migrate", "--store", store_url) == (0, "the store has schema version 2: nothing to do\n")

    assert asyncio.run(content(store_url)) == asyncio.run(new(f"sqlite:///{tmp_path / 'new.db'}"))


@pytest.mark.parametrize("command", [["classify"], ["links"], ["report"], ["events"], ["labels"]])
def test_every_command_names_the_remedy_for_an_old_store(command: list[str], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    put_back(url)

    status, said = call(*command, "--store", url)

    assert status == 1
    assert "has schema version 1, this linkcrawler reads 2" in said
    assert f"bring it forward with: linkcrawler migrate --store {url}" in said


def test_an_old_database_is_refused_with_the_remedy(store_url: str) -> None:
    put_back(store_url)

    with pytest.raises(StoreError, match="linkcrawler migrate --store"):
        asyncio.run(content(store_url))


def test_what_cannot_be_migrated(tmp_path: Path) -> None:
    assert "no store at" in call("migrate", "--store", f"sqlite:///{tmp_path / 'none.db'}")[1]
    url = f"sqlite:///{tmp_path / 'newer.db'}"
    put_back(url)
    with of_sqlite.sqlite3.connect(tmp_path / "newer.db") as file:
        file.execute("UPDATE store_schema SET version = 99")

    assert "install the release that wrote it" in call("migrate", "--store", url)[1]


@pytest.mark.parametrize("moment", [1, 3, 6])
def test_a_migration_that_is_killed_goes_on(store_url: str, tmp_path: Path, moment: int) -> None:
    """Killed with the process at the n-th batch of one document each, then run again."""
    put_back(store_url)
    killed = subprocess.run([sys.executable, KILLED, store_url, str(moment)], capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr

    with pytest.raises(StoreError, match="linkcrawler migrate"):
        asyncio.run(content(store_url))
    asyncio.run(migrate(store_url))

    assert asyncio.run(content(store_url)) == asyncio.run(new(f"sqlite:///{tmp_path / 'new.db'}"))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (migration, of_sqlite, of_mongodb):
        monkeypatch.setattr(module, "BATCH", 2)


def test_a_migrated_file_has_the_tables_and_indexes_of_a_new_one(tmp_path: Path) -> None:
    old, fresh = tmp_path / "old.db", tmp_path / "new.db"
    put_back(f"sqlite:///{old}")
    asyncio.run(migrate(f"sqlite:///{old}"))
    asyncio.run(new(f"sqlite:///{fresh}"))

    assert layout(old) == layout(fresh)


def layout(path: Path) -> dict[str, Any]:
    with of_sqlite.sqlite3.connect(path) as file:
        named = file.execute("SELECT name, type, iif(type = 'table', '', sql) FROM sqlite_master").fetchall()
        tables = sorted(name for name, kind, _ in named if kind == "table")
        columns = {name: sorted(row[1:3] for row in file.execute(f"PRAGMA table_xinfo({name})")) for name in tables}
    return {"named": sorted(named), "columns": columns}
