"""What the command line says where it cannot go on: one message on stderr, no traceback, a non-zero status."""

import asyncio
from pathlib import Path

import pytest

from linkcrawler.vocabulary import Channel, Mode
from pipelines.stores.connect import open_store
from tests.commands.conftest import Run

READERS = (["links"], ["report"], ["explain", "0123456789abcdef"], ["classify"])


def fails(run: Run, status: int, *arguments: str, **environment: str) -> str:
    done = run(*arguments, **environment)
    assert done.status == status, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    return done.err


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_no_store_yet(run: Run, tmp_path: Path, command: list[str]) -> None:
    assert "scrapy crawl backlinks" in fails(run, 1, *command)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_an_empty_store(run: Run, tmp_path: Path, command: list[str]) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"

    async def create() -> None:
        async with open_store(url):
            pass

    asyncio.run(create())

    message = fails(run, 1, *command, LINKCRAWLER_STORE=url)
    assert f"no links in {url} yet" in message
    assert "scrapy crawl backlinks" in message


def test_a_file_that_is_no_store(run: Run, tmp_path: Path) -> None:
    (tmp_path / "linkcrawler.db").write_text("not a database, but long enough to look like one", encoding="utf-8")

    assert "linkcrawler.db" in fails(run, 1, "report")


def test_a_store_that_cannot_be_reached_and_its_password(run: Run) -> None:
    message = fails(run, 1, "report", "--store", "mongodb://ann:secret@127.0.0.1:9/links")

    assert "127.0.0.1:9" in message
    assert "secret" not in message


def test_a_store_of_another_kind(run: Run) -> None:
    assert "mongodb://" in fails(run, 2, "report", "--store", "mysql://localhost/links")


def test_unknown_words_list_the_known_ones(run: Run, sqlite_url: str) -> None:
    for option, words in (("--mode", Mode), ("--channel", Channel)):
        message = fails(run, 2, "links", "--store", sqlite_url, option, "toxic")
        assert all(word.value in message for word in words)


BAD_VALUES = [
    ("--first-seen-from", "yesterday", "2026-01-31"),
    ("--min-confidence", "2", "0<=x<=1"),
    ("--limit", "-1", "x>=0"),
    ("--format", "xml", "jsonl"),
    ("--output", "no/such/folder/file", "no/such/folder/file"),
]


@pytest.mark.parametrize(("option", "value", "hint"), BAD_VALUES)
def test_bad_values(run: Run, sqlite_url: str, option: str, value: str, hint: str) -> None:
    assert hint in " ".join(fails(run, 2, "links", "--store", sqlite_url, option, value).split())
