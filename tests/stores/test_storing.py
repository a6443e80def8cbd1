"""The storing stage on real stores: it waits for a store that is away, and refuses only what cannot be stored."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from linkcrawler.frontier.protocol import Candidate, Lease
from linkcrawler.frontier.settle import Fetched
from linkcrawler.records import Visit
from linkcrawler.vocabulary import Region
from pipelines.intake.storing import StorePipeline
from pipelines.stores.connect import open_store
from pipelines.stores.history import Refused
from pipelines.stores.sqlite import schema
from tests.stores.visits import SOURCES, dump, visit

GOOD = [visit(f"https://h{number}.example.com/", found=[(0, "Acme", Region.BODY, ())]) for number in range(6)]
_SIGHTING = GOOD[0].sightings[0]
BAD = replace(GOOD[0], url=SOURCES[0], sightings=(replace(_SIGHTING, source_url=SOURCES[1]),))
"""Its sighting names another page, which no store takes."""


def fetched(one: Visit) -> Fetched:
    return Fetched(lease=Lease("t", Candidate(url=one.url)), visit=one)


async def _stored(crawler: Crawler, visits: Sequence[Visit]) -> list[Fetched | BaseException]:
    stage = StorePipeline.from_crawler(crawler)
    await stage.open_spider()
    try:
        return await asyncio.gather(*map(stage.process_item, map(fetched, visits)), return_exceptions=True)
    finally:
        await stage.close_spider()


def crawler_for(url: str) -> Crawler:
    crawler = get_crawler(settings_dict={"LINKCRAWLER_STORE": url})
    crawler._apply_settings()
    return crawler


def counted(crawler: Crawler) -> dict[str, object]:
    assert crawler.stats
    return {str(name).removeprefix("linkcrawler/"): count for name, count in crawler.stats.get_stats().items()}


async def sources(url: str) -> list[str]:
    async with open_store(url) as store:
        return sorted(link.source_url for link in await dump(store))


def test_one_visit_that_cannot_be_stored_fails_alone(store_url: str) -> None:
    crawler = crawler_for(store_url)

    ends = asyncio.run(_stored(crawler, [*GOOD[:3], BAD, *GOOD[3:]]))

    assert [type(end) for end in ends] == [Fetched] * 3 + [ValueError] + [Fetched] * 3
    assert asyncio.run(sources(store_url)) == sorted(one.url for one in GOOD)
    counts = counted(crawler)
    assert (counts["visits"], counts["records/refused/store: ValueError"]) == (6, 1)
    assert counts["links"] == 6
    [kept] = asyncio.run(quarantined(store_url))
    assert (kept.url, kept.at) == (BAD.url, BAD.at)
    assert "carries the address and the time of its visit" in kept.reason
    assert SOURCES[1] in kept.record


async def quarantined(url: str) -> list[Refused]:
    async with open_store(url) as store:
        return await store.history.quarantined()


def test_what_the_validation_drops_is_kept_with_the_reason(store_url: str) -> None:
    crawler = crawler_for(store_url)
    bad = replace(GOOD[0], url="HTTP://h0.example.com/", sightings=())

    async def story() -> None:
        stage = StorePipeline.from_crawler(crawler)
        await stage.open_spider()
        await stage._dropped(fetched(bad), DropItem(f"{bad.url}: page address not canonical"))
        await stage._dropped(fetched(bad), DropItem(f"{bad.url}: page address not canonical"))
        await stage.close_spider()

    asyncio.run(story())

    [kept] = asyncio.run(quarantined(store_url))
    assert kept.reason == "HTTP://h0.example.com/: page address not canonical"
    assert kept.record.startswith("{")


def test_a_store_that_lost_a_table_ends_the_wait(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    asyncio.run(sources(url))
    with sqlite3.connect(tmp_path / "links.db") as database:
        database.execute("DROP TABLE visits")
    crawler = crawler_for(url)

    ends = asyncio.run(_stored(crawler, GOOD))

    assert all("no such table: visits" in str(end) for end in ends)
    assert counted(crawler)["records/refused/store: OperationalError"] == 6


def test_visits_wait_for_a_locked_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
    path = tmp_path / "links.db"
    url = f"sqlite:///{path}"
    crawler = crawler_for(url)

    async def locked() -> tuple[int, list[Fetched | BaseException]]:
        stage = StorePipeline.from_crawler(crawler)
        await stage.open_spider()
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.ensure_future(stage.process_item(fetched(one))) for one in GOOD]
        await asyncio.wait(waiting, timeout=0.5)
        done = sum(one.done() for one in waiting)
        holder.execute("ROLLBACK")
        holder.close()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        await stage.close_spider()
        return done, ends

    done, ends = asyncio.run(locked())

    assert (done, [type(end) for end in ends]) == (0, [Fetched] * 6)
    assert asyncio.run(sources(url)) == sorted(one.url for one in GOOD)
    assert not [name for name in counted(crawler) if "refused" in name]
