"""A planted year in short: the events are the planted ones, and adaptive visits find new links in time for less."""

import asyncio
from pathlib import Path

from pipelines.stores.connect import open_store
from tests.recheck.planted import plant
from tests.recheck.year import live, measure, planted_events, retold
from tests.stores.conftest import atomic_url, store_url

__all__ = ["atomic_url", "store_url"]


def test_a_year_of_rechecks(tmp_path: Path) -> None:
    said: list[str] = []

    assert asyncio.run(measure(200, 365, 20, 1, tmp_path, said.append)), "\n".join(said)


def test_a_season_on_every_store(store_url: str, tmp_path: Path) -> None:
    web = plant(12, 80, 3)

    async def season() -> None:
        async with open_store(store_url) as store:
            lived = await live(store, web, 80, 4)
        planted = planted_events(web, lived.visits)
        assert len(planted) > 25
        assert lived.told == planted
        assert await retold(f"sqlite:///{tmp_path / 'retold.db'}", lived.visits, 1) == planted

    asyncio.run(season())
