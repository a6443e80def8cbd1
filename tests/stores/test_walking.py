"""However the SQLite store finds a page of links, walking or looking up, it is the same page."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from linkcrawler.vocabulary import Mode
from pipelines.stores.connect import open_store
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.sqlite.filter import select_rows
from pipelines.stores.sqlite.walking import MANY, probe, walk
from tests.stores.test_contract import FILTERS, seeded, verdict
from tests.stores.visits import START, dump

WHERES = [
    *FILTERS,
    LinkFilter(signal="citation"),
    LinkFilter(signal="no-such-signal", mode="passive"),
    LinkFilter(min_confidence=0.5, max_confidence=0.8, channel="sponsored"),
    LinkFilter(last_seen_to=START + timedelta(days=3), mode="active"),
    LinkFilter(target_url="acme.org", text="tried"),
    LinkFilter(source_host="blog.example.com", heading="tools"),
    LinkFilter(text="tried", rel="nofollow", region="body"),
]
SORTS = ("id", "-first_seen", "-last_seen", "confidence", "source_url", "-anchor")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walking") / "links.db"

    async def fill() -> None:
        async with open_store(f"sqlite:///{path}") as store:
            await store.put(seeded(40))
            links = await dump(store)
            modes = (Mode.PASSIVE, Mode.ACTIVE)
            await store.put_verdicts([verdict(one, modes[at % 2]) for at, one in enumerate(links) if at % 4])

    asyncio.run(fill())
    return path


@pytest.mark.parametrize("where", WHERES, ids=repr)
def test_every_way_finds_the_same_links(file: Path, where: LinkFilter) -> None:
    with sqlite3.connect(file) as connection:
        for sort, limit in product(SORTS, (2, 500)):
            asked = replace(where, sort=sort, limit=limit)
            plain, walked, looked_up = (
                connection.execute(*select_rows(asked, found=number)).fetchall() for number in (None, MANY, 0)
            )
            assert walked == plain, sort
            assert looked_up == plain, sort
            if counting := probe(asked):
                (number,) = connection.execute(*counting).fetchone()
                assert number >= len(plain) or number == MANY
    assert probe(replace(where, limit=0)) is None


def test_a_walk_that_goes_on_for_too_long_is_given_up(file: Path) -> None:
    asked = select_rows(LinkFilter(signal="no-such-signal", limit=5), found=MANY)
    with sqlite3.connect(file) as connection:
        assert walk(connection, *asked, steps=10) is None
        assert walk(connection, *asked, steps=1_000_000) == []
        assert connection.execute("SELECT count(*) FROM links").fetchone()[0] > 5, "the connection goes on"
