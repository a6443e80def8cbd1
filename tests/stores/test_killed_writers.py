"""Writers that are killed with kill -9 at random moments during a load, and started again until the load is done."""

import asyncio
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from linkcrawler.records import Event, Link
from linkcrawler.urls import link_id
from pipelines.events.deriving import bring_up_to_date
from pipelines.stores.connect import open_store
from pipelines.stores.history import EventFilter
from pipelines.stores.protocol import Totals
from tests.stores.visits import START, dump
from tests.stores.writer import history

WRITER = Path(__file__).with_name("writer.py")
VISITS, WRITERS, KILLS = 48, 3, 6


def start(url: str, share: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, str(WRITER), url, str(VISITS), "2", str(share), str(WRITERS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


async def stored(url: str) -> tuple[list[Link], Totals, list[Event]]:
    async with open_store(url) as store:
        await bring_up_to_date(store, now=START)
        events = [event async for batch in store.history.events(EventFilter()) for event in batch]
        return await dump(store), await store.totals(), events


def sightings() -> dict[str, set[datetime]]:
    """When each link is seen in the whole load."""
    seen: dict[str, set[datetime]] = {}
    for visit in history(VISITS):
        for sighting in visit.sightings:
            seen.setdefault(link_id(visit.url, sighting.target_url), set()).add(visit.at)
    return seen


def is_whole(links: Sequence[Link]) -> bool:
    """Each link once, with placements of one of its sightings, between the first and the last of them."""
    seen = sightings()
    told = {placement for one in history(VISITS) for sighting in one.sightings for placement in sighting.placements}
    return len({link.id for link in links}) == len(links) and all(
        link.placements
        and set(link.placements) <= told
        and link.page
        and {link.first_seen, link.last_seen} <= seen[link.id]
        and link.first_seen <= link.last_seen
        for link in links
    )


def test_killed_writers_leave_nothing_wrong(store_url: str, tmp_path: Path) -> None:
    chance = random.Random(1)
    running = {share: start(store_url, share) for share in range(WRITERS)}
    try:
        for _ in range(KILLS):
            share = chance.randrange(WRITERS)
            victim = running[share]
            assert victim.stdout
            for _ in range(chance.randint(0, 4)):
                victim.stdout.readline()
            victim.kill()
            victim.wait()
            victim.stdout.close()
            assert is_whole(asyncio.run(stored(store_url))[0])
            running[share] = start(store_url, share)
        assert [process.wait(120) for process in running.values()] == [0] * WRITERS
    finally:
        for process in running.values():
            process.kill()
            process.wait()
            assert process.stdout
            process.stdout.close()

    alone = f"sqlite:///{tmp_path / 'alone.db'}"
    asyncio.run(put_all(alone))
    assert asyncio.run(stored(store_url)) == asyncio.run(stored(alone))
    assert {link.id: link.first_seen for link in asyncio.run(stored(store_url))[0]} == {
        link: min(times) for link, times in sightings().items()
    }


async def put_all(url: str) -> None:
    async with open_store(url) as store:
        await store.put(history(VISITS))
