"""Sites that belong to a target: named on the command line, or by the projects that watch it."""

import asyncio
from pathlib import Path

from linkcrawler.records import Link
from pipelines.evidence import load_signals
from pipelines.patterns.owning import owned_by_projects, store_owned
from pipelines.stores.connect import open_store
from pipelines.stores.history import Watched
from pipelines.stores.protocol import LinkFilter, Store
from pipelines.verdicts.classification import classify
from pipelines.verdicts.model import load_model
from tests.patterns.world import World

FAN = "fan.test"


async def filled(store: Store) -> None:
    world = World()
    await store.put([world.visit(FAN, "https://tidepool.example/", "a tool", sentence=world.sentence("a tool"))])


async def judged(store: Store) -> set[str]:
    model = load_model()
    await classify(store, model, load_signals(model))
    (link,) = [link async for link in store.links(LinkFilter())]
    return signals_of(link)


def signals_of(link: Link) -> set[str]:
    assert link.verdict
    return {item.signal for item in link.verdict.evidence}


def test_what_projects_list_is_taken_over_and_has_the_links_judged_anew(tmp_path: Path) -> None:
    async def run() -> tuple[set[str], int, set[str], int]:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await filled(store)
            before = await judged(store)
            await store.history.put_watched([Watched(target="https://tidepool.example/docs/", owned=(f"www.{FAN}",))])
            due = await store_owned(store, await owned_by_projects(store))
            after = await judged(store)
            return before, due, after, await store_owned(store, await owned_by_projects(store))

    before, due, after, again = asyncio.run(run())

    assert "owned-listed" not in before
    assert (due, again) == (1, 0)
    assert "owned-listed" in after


def test_a_project_without_a_list_leaves_what_was_said_before(tmp_path: Path) -> None:
    async def run() -> set[str]:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await filled(store)
            await store_owned(store, {"tidepool.example": {FAN}})
            await store.history.put_watched([Watched(target="tidepool.example")])
            await store_owned(store, await owned_by_projects(store))
            return await judged(store)

    assert "owned-listed" in asyncio.run(run())
