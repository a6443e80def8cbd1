"""Opening a store: what cannot be used is said in one line, with what to do, and never with a password."""

import asyncio
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pymongo
import pytest

from linkcrawler.errors import LinkcrawlerError, StoreError, UsageError
from pipelines.stores.connect import open_store
from pipelines.stores.sqlite.schema import connect


def refusal(url: str, *, create: bool = True) -> LinkcrawlerError:
    async def opened() -> None:
        async with open_store(url, create=create):
            pass

    with pytest.raises(LinkcrawlerError) as caught:
        asyncio.run(opened())
    return caught.value


@pytest.mark.parametrize(
    "url", ["links.db", "postgresql://host/db", "sqlite://links.db", "sqlite:///", "sqlite:///:memory:"]
)
def test_an_address_of_another_form_is_refused_with_the_right_ones(url: str) -> None:
    error = refusal(url)

    assert isinstance(error, UsageError)
    assert "sqlite:///linkcrawler.db" in str(error)
    assert "mongodb://host/linkcrawler" in str(error)


def test_no_store_is_made_where_one_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "missing.db"

    error = refusal(f"sqlite:///{path}", create=False)

    assert isinstance(error, StoreError)
    assert str(error).startswith(f"no store at {path}: run a crawl first")
    assert not path.exists()


def test_a_database_without_a_store_is_none(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notes (text)")

    assert "no store at" in str(refusal(f"sqlite:///{path}", create=False))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to have a header " * 20, encoding="utf-8")

    error = refusal(f"sqlite:///{path}")

    assert isinstance(error, StoreError)
    assert "file is not a database" in str(error)
    assert path.read_text(encoding="utf-8").startswith("not a database")


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    error = refusal(f"sqlite:///{tmp_path / 'nowhere' / 'links.db'}")

    assert isinstance(error, StoreError)
    assert "does not exist; create it" in str(error)


def test_a_file_of_a_newer_release(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"

    async def make() -> None:
        async with open_store(url):
            pass

    asyncio.run(make())
    with sqlite3.connect(tmp_path / "links.db") as file:
        file.execute("UPDATE store_schema SET version = 99")

    error = refusal(url)

    assert isinstance(error, StoreError)
    assert "schema version 99" in str(error)
    assert "install the release that wrote it" in str(error)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    error = refusal(f"mongodb://user:s3cret@127.0.0.1:{port}/links?authSource=admin")

    assert isinstance(error, StoreError)
    assert f"mongodb://127.0.0.1:{port}/links" in str(error)
    assert "check that the server runs" in str(error)
    assert "s3cret" not in str(error)
    assert error.__cause__ is None


@pytest.mark.parametrize("url", ["mongodb://user:s3cret@host", "mongodb://user:s3c:ret@host/db", "mongodb:///db"])
def test_a_malformed_server_address_is_refused_without_its_password(url: str) -> None:
    error = refusal(url)

    assert isinstance(error, UsageError)
    assert "mongodb://host/database" in str(error)
    assert "s3c" not in str(error)


@pytest.mark.mongodb
def test_a_server_without_a_store_and_one_of_a_newer_release(mongodb_store_url: str) -> None:
    assert "run a crawl first" in str(refusal(mongodb_store_url, create=False))

    with pymongo.MongoClient(mongodb_store_url) as client:
        client.get_default_database()["store_schema"].insert_one({"_id": "version", "version": 99})

    assert "schema version 99" in str(refusal(mongodb_store_url))


def test_workers_that_start_at_once_make_one_store(tmp_path: Path) -> None:
    """The switch to a write-ahead log is refused to some of those who ask for it together, without waiting."""
    workers = 6
    together = Barrier(workers)

    def open_all() -> list[int]:
        found = []
        for number in range(30):
            together.wait(60)
            connection = connect(tmp_path / f"{number}.db", create=True)
            found.append(connection.execute("SELECT count(*) FROM store_schema").fetchone()[0])
            connection.close()
        return found

    with ThreadPoolExecutor(workers) as pool:
        opened = [pool.submit(open_all) for _ in range(workers)]
        assert [one.result(120) for one in opened] == [[1] * 30] * workers
