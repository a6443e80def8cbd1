"""Where seeds come from: what every store promises of it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

from linkcrawler.records import Visit
from linkcrawler.vocabulary import Outcome, Region
from pipelines.stores.connect import open_store
from pipelines.stores.seeds import KnownSeed
from tests.stores.visits import START, visit

SEED = KnownSeed(
    url="https://a.example/post",
    origin="ahrefs",
    source="may.csv",
    row=7,
    target="acme.org",
    target_url="https://acme.org/",
    since=date(2023, 5, 2),
    noted_at=START,
)
OTHERS = (
    replace(SEED, row=3, since=None, last=date(2024, 1, 1)),
    replace(SEED, row=9, since=date(2023, 4, 1), lost=date(2024, 2, 1), noted_at=START + timedelta(days=1)),
)
WIDEST = replace(SEED, row=3, since=date(2023, 4, 1), last=date(2024, 1, 1), lost=date(2024, 2, 1))


async def put(url: str, *batches: list[KnownSeed]) -> tuple[list[int], list[KnownSeed]]:
    async with open_store(url) as store:
        new = [await store.seeds.put(batch) for batch in batches]
        return new, [seed async for batch in store.seeds.all() for seed in batch]


def test_what_is_told_again_widens_the_days_in_any_order(store_url: str) -> None:
    for number, order in enumerate(permutations([SEED, *OTHERS])):
        told = [replace(seed, source=str(number)) for seed in order]
        new, found = asyncio.run(put(store_url, told[:1], told[1:], told))

        assert new == [1, 0, 0]
        assert replace(WIDEST, source=str(number)) in found
        assert len(found) == number + 1


def test_a_batch_may_tell_one_seed_twice(store_url: str) -> None:
    assert asyncio.run(put(store_url, [SEED, *OTHERS], [])) == ([1, 0], [WIDEST])


def test_seeds_come_by_origin_source_and_address(store_url: str) -> None:
    seeds = [
        replace(SEED, origin=origin, source=source, url=f"https://{host}.example/")
        for origin in ("moz", "ahrefs") for source in ("b", "a") for host in ("z", "y")
    ]  # fmt: skip

    assert asyncio.run(put(store_url, seeds))[1] == sorted(seeds, key=lambda one: (one.origin, one.source, one.url))


def test_a_source_can_be_forgotten(store_url: str) -> None:
    async def forget() -> tuple[int, list[KnownSeed], list[KnownSeed]]:
        async with open_store(store_url) as store:
            await store.seeds.put([SEED, replace(SEED, source="june.csv")])
            gone = await store.seeds.forget("ahrefs", "may.csv")
            return gone, await store.seeds.of_pages([SEED.url]), await store.seeds.of_pages(["https://b.example/"])

    assert asyncio.run(forget()) == (1, [replace(SEED, source="june.csv")], [])


def test_what_became_of_pages(store_url: str) -> None:
    moved = Visit(url="http://a.example/", at=START, outcome=Outcome.REDIRECTED, detail="https://a.example/")
    found = visit(day=1, found=[(0, "Acme", Region.BODY, ()), (1, "Docs", Region.BODY, ())])

    async def ask() -> object:
        async with open_store(store_url) as store:
            await store.put([moved, found])
            urls = [moved.url, found.url, "https://never.example/"]
            return dict(await store.seeds.visited(urls)), dict(await store.seeds.links_on(urls))

    assert asyncio.run(ask()) == ({moved.url: moved.detail, found.url: ""}, {found.url: 2})
