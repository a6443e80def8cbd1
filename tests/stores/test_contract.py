"""What every store promises, on SQLite and on real servers: see pipelines/stores/protocol.py."""

import asyncio
import random
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pymongo
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcrawler.records import Evidence, Link, Verdict, Visit
from linkcrawler.urls import link_id
from linkcrawler.vocabulary import Channel, Mode, Outcome, Region
from pipelines.patterns.records import Finding
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import UNCLASSIFIED, LinkFilter, Store, Totals
from tests.stores.visits import SOURCES, START, TARGETS, agrees, dump, expected, matches, visit, visits
from tests.stores.writer import history

WRITER = Path(__file__).with_name("writer.py")
FOUND = (0, "Acme", Region.BODY, ())


def verdict(link: Link, mode: Mode = Mode.PASSIVE, model: str = "m1") -> tuple[str, Verdict]:
    channel = {Mode.PASSIVE: Channel.EDITORIAL_CITATION, Mode.ACTIVE: Channel.SPONSORED}.get(mode, Channel.UNCLEAR)
    evidence = (Evidence(signal="citation", channel=channel, weight=1.25, detail="cites"),)
    judged = Verdict(
        mode=mode, channel=channel, confidence=0.75, evidence=evidence, model=model, judged_at=START, state=link.state
    )
    return link.id, judged


async def due(store: Store, model: str = "m1", *, everything: bool = False) -> list[Link]:
    return [link async for batch in store.unjudged(model, everything=everything) for link in batch]


async def stored(url: str, batches: list[list[Visit]]) -> tuple[list[Link], Totals]:
    async with open_store(url) as store:
        for batch in batches:
            await store.put(batch)
        return await dump(store), await store.totals()


def empty(url: str) -> str:
    """The same store without its content: a new file, or the collections emptied."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
    else:
        with pymongo.MongoClient(url) as client:
            for name in ("links", "pages", "visits", "events"):
                client.get_default_database()[name].delete_many({})
    return url


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(visits(), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_store_the_same(store_url: str, told: list[Visit], chance: random.Random) -> None:
    again = told + chance.sample(told, k=chance.randint(0, len(told)))
    chance.shuffle(again)
    cut = chance.randint(0, len(again))

    straight, straight_totals = asyncio.run(stored(empty(store_url), [told]))
    shuffled, shuffled_totals = asyncio.run(stored(empty(store_url), [again[:cut], again[cut:]]))

    assert straight == shuffled
    assert straight_totals == shuffled_totals
    stories = expected(told)
    assert len(stories) == len(straight)
    assert all(agrees(link, story) for link, story in zip(straight, stories, strict=True))


def test_only_a_later_successful_visit_calls_a_link_lost(store_url: str) -> None:
    async def statuses() -> list[str]:
        seen = []
        async with open_store(store_url) as store:
            for one in (
                visit(day=2, found=[FOUND]),
                visit(day=1),
                visit(day=3, outcome=Outcome.UNREACHABLE),
                visit(day=5, outcome=Outcome.TRUNCATED),
                visit(day=4),
                visit(day=6, outcome=Outcome.GONE),
                visit(day=7, found=[FOUND]),
            ):
                await store.put([one])
                seen += [link.status for link in await dump(store)]
        return seen

    assert asyncio.run(statuses()) == ["live", "live", "unverified", "unverified", "lost", "lost", "live"]


def test_a_visit_before_the_first_sighting_bounds_the_appearance(store_url: str) -> None:
    told = [visit(day=1), visit(day=3), visit(day=4, outcome=Outcome.GONE), visit(day=9, found=[FOUND]), visit(day=12)]

    [link], _ = asyncio.run(stored(store_url, [told]))

    assert link.appearance.not_before == START + timedelta(days=3)
    assert link.appearance.not_after == START + timedelta(days=9)


def test_a_verdict_survives_visits_and_falls_due_when_what_it_rests_on_changes(store_url: str) -> None:
    async def story() -> list[int]:
        counts = []
        async with open_store(store_url) as store:
            await store.put([visit(day=1, found=[FOUND])])
            [judged] = await due(store)
            await store.put_verdicts([verdict(judged)])
            for one in (
                visit(day=2, found=[FOUND]),  # nothing new
                visit(day=3, found=[(0, "Acme tools", Region.BODY, ())]),  # another anchor
            ):
                await store.put([one])
                counts.append(len(await due(store)))
                assert (await dump(store))[0].verdict == verdict(judged)[1]
            await store.put_verdicts([verdict((await dump(store))[0])])
            counts.append(len(await due(store)))
            await store.put([visit(day=4, title="Sponsored: tools")])  # other page facts, link gone
            counts.append(len(await due(store)))
            await store.put_verdicts([verdict(judged)])  # of a state that is over
            counts.append(len(await due(store)))
            await store.put_verdicts([verdict((await dump(store))[0])])
            counts += [len(await due(store)), len(await due(store, "m2")), len(await due(store, everything=True))]
        return counts

    assert asyncio.run(story()) == [0, 1, 0, 1, 1, 0, 1, 1]


def test_unjudged_may_be_left_and_taken_up_again(store_url: str) -> None:
    told = [visit(f"https://h{number}.example.com/", found=[FOUND]) for number in range(40)]
    counts = []

    async def judge_twice() -> tuple[list[str], list[str], dict[Mode | None, int]]:
        async with open_store(store_url) as store:
            await store.put(told)
            counts.append(await store.count_unjudged())
            first = (await due(store))[:15]
            await store.put_verdicts([verdict(link) for link in first])
            counts.append(await store.count_unjudged())
            rest = await due(store)
            return [link.id for link in first], [link.id for link in rest], (await store.totals()).by_mode

    first, rest, by_mode = asyncio.run(judge_twice())

    assert sorted(first + rest) == sorted(link_id(one.url, TARGETS[0][0]) for one in told)
    assert by_mode == {Mode.PASSIVE: 15, None: 25}
    assert counts == [40, 25]


FILTERS = [
    LinkFilter(),
    LinkFilter(limit=3),
    LinkFilter(ids=(link_id(SOURCES[0], TARGETS[0][0]), "0" * 16)),
    LinkFilter(source_urls=(SOURCES[1], SOURCES[2])),
    LinkFilter(target="beta.org"),
    LinkFilter(mode=UNCLASSIFIED),
    LinkFilter(mode="active"),
    LinkFilter(channel="sponsored"),
    LinkFilter(region="comment"),
    LinkFilter(kind="hyperlink"),
    LinkFilter(kind="iframe"),
    LinkFilter(rel="nofollow"),
    LinkFilter(rel="follow"),
    LinkFilter(status="live"),
    LinkFilter(status="lost"),
    LinkFilter(status="unverified"),
    LinkFilter(source_domain="example.com", language="en"),
    LinkFilter(language="de"),
    LinkFilter(anchor="acme TOOLS"),
    LinkFilter(anchor="grösse"),
    LinkFilter(anchor="50% ("),
    LinkFilter(anchor="gr*"),
    LinkFilter(anchor="tool"),
    LinkFilter(text="TRIED  größe"),
    LinkFilter(text="STRASSE"),
    LinkFilter(text="we tri*"),
    LinkFilter(text="tri*"),
    LinkFilter(text="tried we"),
    LinkFilter(text="' OR 1=1 --"),
    LinkFilter(first_seen_from=START + timedelta(days=2)),
    LinkFilter(first_seen_to=START + timedelta(days=2)),
    LinkFilter(first_seen_from=START + timedelta(days=1), first_seen_to=START + timedelta(days=2), target="acme.org"),
]


def seeded(count: int) -> list[Visit]:
    chance = random.Random(3)
    regions = [Region.BODY, Region.COMMENT]
    anchors = ["Acme", "ACME  tools", "Größe", "50% (off)"]
    rels: list[tuple[str, ...]] = [(), ("nofollow",), ("sponsored", "nofollow")]
    return [
        visit(
            chance.choice(SOURCES),
            day=chance.randint(0, 4),
            outcome=chance.choice([Outcome.OK, Outcome.OK, Outcome.UNREACHABLE]),
            found=[
                (
                    chance.randrange(3),
                    chance.choice(anchors),
                    chance.choice(regions),
                    chance.choice(rels),
                )
                for _ in range(2)
            ],
            language=chance.choice(["en", "de"]),
        )
        for _ in range(count)
    ]


async def filtered(url: str) -> tuple[list[Link], list[list[Link]]]:
    async with open_store(url) as store:
        await store.put(seeded(16))
        links = await dump(store)
        modes = (Mode.PASSIVE, Mode.ACTIVE, Mode.UNDETERMINED)
        await store.put_verdicts([verdict(link, modes[place % 3]) for place, link in enumerate(links) if place % 4])
        return await dump(store), [await dump(store, where) for where in FILTERS]


def test_filters_select_what_their_documentation_says(store_url: str) -> None:
    links, answers = asyncio.run(filtered(store_url))

    assert len(links) > 5
    for where, answer in zip(FILTERS, answers, strict=True):
        fitting = [link for link in links if matches(link, where)]
        assert answer == (fitting[: where.limit] if where.limit else fitting), where


def test_stores_answer_alike_row_for_row(store_url: str, tmp_path: Path) -> None:
    reference = asyncio.run(filtered(f"sqlite:///{tmp_path / 'reference.db'}"))

    assert asyncio.run(filtered(store_url)) == reference


def test_writers_at_once_store_what_one_would(store_url: str, tmp_path: Path) -> None:
    """Each writer holds a third of the visits of every page, so that whatever one undoes of another is missing."""
    count = 45
    command = [sys.executable, WRITER, store_url, str(count), "1"]
    writers = [subprocess.Popen([*command, str(share), "3"], stdout=subprocess.DEVNULL) for share in range(3)]
    assert [process.wait() for process in writers] == [0, 0, 0]

    alone = asyncio.run(stored(f"sqlite:///{tmp_path / 'alone.db'}", [history(count)]))
    assert asyncio.run(stored(store_url, [])) == alone


def test_a_killed_writer_leaves_whole_links_and_repeating_it_completes_them(store_url: str, tmp_path: Path) -> None:
    count = 40
    command = [sys.executable, WRITER, store_url, str(count), "2", "0", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        for _ in range(5):
            assert process.stdout.readline()
        process.kill()

    partial, _ = asyncio.run(stored(store_url, []))
    told = {placement for one in history(count) for sighting in one.sightings for placement in sighting.placements}
    assert partial
    assert all(link.placements and set(link.placements) <= told and link.page for link in partial)
    assert all(link.first_seen <= link.last_seen for link in partial)

    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    alone = asyncio.run(stored(f"sqlite:///{tmp_path / 'alone.db'}", [history(count)]))
    assert asyncio.run(stored(store_url, [])) == alone


def test_text_that_no_encoding_holds_is_stored_with_replacement_characters(store_url: str) -> None:
    told = visit(found=[(0, "Ac\ud800me\x00", Region.BODY, ())], title="\udfff")

    [link], _ = asyncio.run(stored(store_url, [[told]]))

    assert link.placements[0].anchor == "Ac\ufffdme\ufffd"
    assert link.page
    assert link.page.title == "\ufffd"


def test_a_sighting_of_another_page_or_time_is_refused(store_url: str) -> None:
    wrong = visit(found=[FOUND])
    wrong = replace(wrong, sightings=(replace(wrong.sightings[0], source_url=SOURCES[1]),))

    with pytest.raises(ValueError, match="carries the address and the time of its visit"):
        asyncio.run(stored(store_url, [[wrong]]))


def test_a_late_visit_makes_a_verdict_due_wherever_it_moves_the_appearance(store_url: str) -> None:
    async def story() -> list[int]:
        counts = []
        async with open_store(store_url) as store:
            for one in (
                visit(day=5, found=[FOUND]),
                visit(day=2),  # the link was not there yet
                visit(day=1),  # nor before: nothing new
                visit(day=3, outcome=Outcome.TRUNCATED),  # tells nothing
                visit(day=4, found=[FOUND]),  # it was there already
                modified(visit(day=6, found=[FOUND]), START + timedelta(days=3)),
                modified(visit(day=7, found=[FOUND]), START + timedelta(days=6)),  # nothing new
            ):
                await store.put([one])
                counts.append(len(await due(store)))
                await store.put_verdicts([verdict((await dump(store))[0])])
                assert not await due(store)
            [link] = await dump(store)
            assert link.appearance.not_before == START + timedelta(days=2)
            assert link.appearance.not_after == START + timedelta(days=3)
        return counts

    assert asyncio.run(story()) == [1, 1, 0, 0, 1, 1, 0]


def test_a_late_visit_is_not_hidden_by_a_verdict_that_did_not_see_it(store_url: str) -> None:
    async def story() -> tuple[int, int]:
        async with open_store(store_url) as store:
            await store.put([visit(day=5, found=[FOUND])])
            [judged] = await due(store)
            await store.put([visit(day=2)])
            await store.put_verdicts([verdict(judged)])
            before = len(await due(store))
            await store.put_verdicts([verdict((await dump(store))[0])])
            return before, len(await due(store))

    assert asyncio.run(story()) == (1, 0)


@pytest.mark.parametrize("raised_by", ["mark_due", "mark_due of a domain", "put_findings"])
def test_what_is_raised_while_links_are_judged_stays_due(store_url: str, raised_by: str) -> None:
    async def story() -> tuple[int, int]:
        async with open_store(store_url) as store:
            await store.put([visit(found=[FOUND])])
            [judged] = await due(store)
            if raised_by == "put_findings":
                await store.put_findings([(judged.id, (Finding("burst", "12 sites"),))])
            else:
                assert await store.mark_due({"example.com"} if "domain" in raised_by else None) == 1
            await store.put_verdicts([verdict(judged)])
            before = len(await due(store))
            await store.put_verdicts([verdict((await dump(store))[0])])
            return before, len(await due(store))

    assert asyncio.run(story()) == (1, 0)


def test_the_appearance_is_the_same_in_any_order(store_url: str, tmp_path: Path) -> None:
    told = [
        modified(visit(day=4, found=[FOUND]), START + timedelta(days=3, hours=5)),
        visit(day=1),
        visit(day=2),
        modified(visit(day=6, found=[FOUND]), START + timedelta(days=5)),
        visit(day=8),
    ]
    orders = [told, told[::-1], [told[3], told[1], told[0], told[4], told[2], told[3]]]
    answers = [asyncio.run(stored(empty(store_url), [[one] for one in order]))[0] for order in orders]
    answers.append(asyncio.run(stored(f"sqlite:///{tmp_path / 'at-once.db'}", [told]))[0])

    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0].appearance.not_before == START + timedelta(days=2)
    assert answers[0][0].appearance.not_after == START + timedelta(days=3, hours=5)


def modified(one: Visit, at: datetime) -> Visit:
    assert one.page
    return replace(one, page=replace(one.page, last_modified=at))
