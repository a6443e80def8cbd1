"""Planted campaigns are found, organic links are left alone, on every kind of store and after every kind of stop."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import pytest

from linkcrawler.records import Visit
from linkcrawler.urls import link_id
from pipelines.evidence import load_signals
from pipelines.patterns.records import Finding
from pipelines.patterns.search import find_patterns, trace_version
from pipelines.patterns.settings import load_settings
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import LinkFilter, Store
from pipelines.verdicts.classification import classify
from pipelines.verdicts.model import load_model
from tests.patterns.campaigns import CAMPAIGNS, same_anchor
from tests.patterns.world import World

ORGANIC = 1000
SERVED = 300
"""Organic links of the comparison of stores: FerretDB writes a link the slower the more there are."""
SEPARATE = {"inserted-later", "reciprocal", "source-network", "sitewide-block"}
"""Findings about single links and sites; all others claim that several links are of one hand."""

Found = dict[str, tuple[Finding, ...]]


def planted(organic: int) -> tuple[list[Visit], dict[str, list[str]]]:
    """Visits in the order of a crawl, and by signal the ids of the links that it must be found for."""
    world = World()
    visits, expected = list(world.organic(organic)), {}
    for campaign, signal in CAMPAIGNS.items():
        made = campaign(world)
        visits += made
        expected[signal] = ids(visit for visit in made if signal != "owner-id-of-target" or "seafans" in visit.url)
    world.random.shuffle(visits)
    return visits, expected


def ids(visits: Iterable[Visit]) -> list[str]:
    return [link_id(s.source_url, s.target_url) for visit in visits for s in visit.sightings]


async def fill(store: Store, visits: list[Visit]) -> None:
    for start in range(0, len(visits), 1000):
        await store.put(visits[start : start + 1000])


async def findings(store: Store) -> Found:
    return {link: found async for batch in store.found() for link, found in batch if found}


async def searched(url: str, visits: list[Visit]) -> Found:
    async with open_store(url) as store:
        await fill(store, visits)
        await find_patterns(store, load_settings())
        return await findings(store)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What is found in SQLite."""
    folder = tmp_path_factory.mktemp("patterns")
    return asyncio.run(searched(f"sqlite:///{folder / 'links.db'}", planted(ORGANIC)[0]))


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda campaign: campaign.__name__)
def test_each_campaign_is_found(reference: Found, campaign: Callable[[World], list[Visit]]) -> None:
    signal = CAMPAIGNS[campaign]
    _, expected = planted(ORGANIC)

    missed = [link for link in expected[signal] if signal not in {f.signal for f in reference.get(link, ())}]

    assert expected[signal]
    assert not missed


def test_the_detail_names_sites(reference: Found) -> None:
    _, expected = planted(ORGANIC)
    (finding,) = (f for f in reference[expected["repeated-anchor"][0]] if f.signal == "repeated-anchor")

    assert "12 of 12 sites" in finding.detail
    assert ".test" in finding.detail


def test_copies_name_the_link_that_was_first(reference: Found) -> None:
    """Of twelve copies within three days; ``Visit.page.published`` tells which were there on the first of them."""
    visits, expected = planted(ORGANIC)
    days = {ids([visit])[0]: visit.page.published for visit in visits if visit.page and visit.sightings}
    copies = expected["syndicated-text"]
    first = min(day for link in copies if (day := days[link]))
    (detail,) = {f.detail for link in copies for f in reference[link] if f.signal == "syndicated-text"}

    at_once = [link for link in copies if days[link] == first]
    assert ("origin: " in detail) == (len(at_once) == 1)
    assert len(at_once) > 1 or f"origin: link {at_once[0]} on " in detail


@pytest.mark.mongodb
def test_the_server_finds_the_same(tmp_path: Path, store_url: str) -> None:
    visits, expected = planted(SERVED)

    found = asyncio.run(searched(store_url, visits))

    assert found == asyncio.run(searched(f"sqlite:///{tmp_path / 'links.db'}", visits))
    assert {finding.signal for told in found.values() for finding in told} >= {*expected}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_organic_links_are_left_alone(tmp_path: Path, seed: int) -> None:
    """docs/patterns.md has the figure for 50,000 links; here a tenth, thrice."""
    visits = list(World(seed, targets=60).organic(5000))

    found = asyncio.run(searched(f"sqlite:///{tmp_path / 'links.db'}", visits))

    claims = [link for link, told in found.items() if {finding.signal for finding in told} - SEPARATE]
    assert len(claims) < 0.01 * 5000


def test_the_order_of_visits_does_not_matter(reference: Found, tmp_path: Path) -> None:
    visits, _ = planted(ORGANIC)

    assert asyncio.run(searched(f"sqlite:///{tmp_path / 'links.db'}", visits[::-1])) == reference


def test_a_search_that_was_stopped_goes_on(reference: Found, tmp_path: Path) -> None:
    visits, _ = planted(ORGANIC)

    async def run() -> Found:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await fill(store, visits)
            for stop_after in (1, 2, 1000):
                try:
                    await find_patterns(Stopping(store, stop_after), load_settings())  # type: ignore[arg-type]
                except Stopped:
                    continue
            return await findings(store)

    assert asyncio.run(run()) == reference


def test_a_second_search_has_nothing_to_do(tmp_path: Path) -> None:
    visits, _ = planted(500)

    async def run() -> tuple[int, int]:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await fill(store, visits)
            await find_patterns(store, load_settings())
            again = await find_patterns(store, load_settings())
            return again.traced, again.changed

    assert asyncio.run(run()) == (0, 0)


def test_links_are_due_once_something_new_is_found(tmp_path: Path) -> None:
    """Two sites share their words: nothing. Ten more join: the first two are judged again, by what was found."""
    world = World()
    organic, campaign = list(world.organic(200)), same_anchor(world)
    first = ids(campaign[:2])

    async def run() -> tuple[Counter[str], list[set[str]]]:
        model = load_model()
        signals = load_signals(model)
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await fill(store, organic + campaign[:2])
            await find_patterns(store, load_settings())
            await classify(store, model, signals)
            await fill(store, campaign[2:])
            await find_patterns(store, load_settings())
            judged = await classify(store, model, signals)
            links = [link async for link in store.links(LinkFilter(ids=tuple(first)))]
            return judged, [{item.signal for item in link.verdict.evidence} for link in links if link.verdict]

    judged, told = asyncio.run(run())

    assert judged.total() == len(campaign)
    assert all("repeated-anchor" in signals for signals in told)
    assert len(told) == 2


def test_what_is_no_longer_so_is_taken_back(tmp_path: Path) -> None:
    """The pages change their words."""
    world = World()
    campaign = same_anchor(world)
    changed = [
        world.visit(
            visit.url.split("/")[2],
            visit.sightings[0].target_url,
            "Tidepool",
            path="/" + visit.url.split("/", 3)[3],
            seen=visit.at.replace(year=2027),
        )
        for visit in campaign
    ]

    async def run() -> tuple[int, int]:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await fill(store, campaign)
            await find_patterns(store, load_settings())
            before = len(await findings(store))
            await fill(store, changed)
            await find_patterns(store, load_settings())
            return before, len(await findings(store))

    assert asyncio.run(run()) == (len(campaign), 0)


def test_sites_that_the_user_names_belong_to_the_target(tmp_path: Path) -> None:
    world = World()
    visits = [world.visit("fan.test", "https://tidepool.example/", "a tool", sentence=world.sentence("a tool"))]

    async def run() -> set[str]:
        model = load_model()
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await fill(store, visits)
            await store.put_owned({"tidepool.example": ["fan.test"]})
            await classify(store, model, load_signals(model))
            (link,) = [link async for link in store.links(LinkFilter())]
            assert link.verdict
            return {link.verdict.channel, *(item.signal for item in link.verdict.evidence)}

    assert {"owned-listed", "owned_property"} <= asyncio.run(run())


class Stopped(Exception):
    pass


class Stopping:
    """A store whose process dies at the n-th write of the search."""

    def __init__(self, store: Store, after: int) -> None:
        self._store = store
        self._left = after

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def put_traces(self, traces: object) -> None:
        await self._write(self._store.put_traces, traces)

    async def put_findings(self, changes: object) -> None:
        await self._write(self._store.put_findings, changes)

    async def _write(self, write: Callable[..., object], rows: object) -> None:
        if self._left == 0:
            raise Stopped
        self._left -= 1
        await write(rows)  # type: ignore[misc]


def test_edited_settings_have_the_links_traced_anew(tmp_path: Path) -> None:
    visits, _ = planted(20)
    settings = load_settings()
    edited = msgspec.structs.replace(
        settings, words=msgspec.structs.replace(settings.words, generic=settings.words.generic | {"tide tables"})
    )

    async def traced() -> list[int]:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await fill(store, visits)
            return [(await find_patterns(store, each)).traced for each in (settings, settings, edited, edited)]

    first, again, after, last = asyncio.run(traced())

    assert (again, last) == (0, 0)
    assert first == after > 20
    assert trace_version(settings, frozenset(("a.org",))) != trace_version(settings, frozenset(("b.org",)))
