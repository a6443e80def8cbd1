"""The commands say the same of the same visits, whichever database holds them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.calling import call_here
from tests.commands.conftest import Run
from tests.commands.sample import VISITS, fill
from tests.commands.test_links import FILTERS, FORUM
from tests.servers.mongodb import fresh_database

pytestmark = pytest.mark.mongodb

READERS = (
    ["links"],
    ["links", "--format", "csv"],
    ["report"],
    ["report", "--json"],
    ["explain", FORUM],
    ["explain", "blog.test/guest"],
)


@pytest.fixture(scope="module")
def mongo_url(mongodb_url: str) -> Iterator[str]:
    with fresh_database(mongodb_url) as url:
        # Another order, and some twice: what was written is the same.
        fill(url, [*reversed(VISITS), *VISITS[:3]])
        yield url


def same(run: Run, sqlite_url: str, mongo_url: str, *arguments: str) -> None:
    one, other = (run(*arguments, LINKCRAWLER_STORE=url) for url in (sqlite_url, mongo_url))
    assert one == other
    assert one.status == 0


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_reading(run: Run, sqlite_url: str, mongo_url: str, command: list[str]) -> None:
    same(run, sqlite_url, mongo_url, *command)


@pytest.mark.parametrize("filters", [filters for filters, _ in FILTERS], ids=" ".join)
def test_filters(sqlite_url: str, mongo_url: str, filters: list[str]) -> None:
    one, other = (call_here("links", "--store", url, "--format", "jsonl", *filters) for url in (sqlite_url, mongo_url))
    assert one == other
    assert one.status == 0


def test_classifying(run: Run, tmp_path: Path, mongo_url: str) -> None:
    sqlite_url = f"sqlite:///{tmp_path / 'links.db'}"
    fill(sqlite_url)
    for url in (sqlite_url, mongo_url):
        assert run("classify", "--all", "--store", url).out.startswith("10 links judged")

    one, other = (
        [
            json.loads(line) | {"judged_at": None}
            for line in run("links", "--store", url, "--format", "jsonl").out.splitlines()
        ]
        for url in (sqlite_url, mongo_url)
    )
    assert one == other


def test_an_empty_database(run: Run, mongodb_store_url: str) -> None:
    done = run("report", "--store", mongodb_store_url)

    assert (done.status, done.out) == (1, "")
    assert "scrapy crawl backlinks" in done.err
