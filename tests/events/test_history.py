"""What happened to links, as stores tell it: whatever the order in which visits came."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcrawler.records import Visit
from linkcrawler.vocabulary import Outcome
from pipelines.stores.connect import open_store
from pipelines.stores.history import EventFilter
from tests.events.pages import ACME, PAGE, START, history, link, said, seen, told, unmodified
from tests.stores.test_contract import empty

DOCS = "https://acme.org/docs"
ITEMS = [f"https://news.example.com/{number}" for number in range(40)]
FOOT = ["https://blog.example.com/about", "https://blog.example.com/terms"]

STORIES: dict[str, tuple[list[Visit], list[tuple[float, str, str, str, str]]]] = {
    "comes, goes and comes back": (
        [seen(1), seen(2, link()), seen(3, link()), seen(4), seen(5), seen(6, link()), seen(9)],
        [(2, "appeared", "", "", ""), (4, "lost", "removed", "", ""), (6, "returned", "", "", ""),
         (9, "lost", "removed", "", "")],
    ),
    "errors say nothing": (
        [seen(1, link()), seen(2, outcome=Outcome.UNREACHABLE), seen(3, outcome=Outcome.HTTP_ERROR),
         seen(4, outcome=Outcome.TRUNCATED), seen(5, link())],
        [(1, "appeared", "", "", "")],
    ),
    "anchor, rel and region": (
        [seen(1, link()), seen(2, link(ACME, "Acme tools", "footer", "nofollow")),
         seen(3, link(ACME, "Acme tools", "footer"))],
        [(1, "appeared", "", "", ""), (2, "changed", "anchor", "Acme", "Acme tools"),
         (2, "changed", "region", "body", "footer"), (2, "changed", "rel", "", "nofollow"),
         (3, "changed", "rel", "nofollow", "")],
    ),
    "moved to another target": (
        [seen(1, link()), seen(2, link(DOCS))],
        [(1, "appeared", "", "", ""), (2, "appeared", "", "", ""), (2, "lost", "retargeted", "", DOCS)],
    ),
    "another link with other words": (
        [seen(1, link()), seen(2, link(DOCS, "Manual"))],
        [(1, "appeared", "", "", ""), (2, "appeared", "", "", ""), (2, "lost", "removed", "", "")],
    ),
    "rolled off a listing": (
        [seen(1, link(), links=[FOOT[0], *ITEMS[10:19], ACME, FOOT[1]]),
         seen(2, links=[FOOT[0], *ITEMS[8:18], FOOT[1]])],
        [(1, "appeared", "", "", ""), (2, "lost", "rolled_off", "", "")],
    ),
    "taken out of a listing that moved on": (
        [seen(1, link(), links=[FOOT[0], *ITEMS[10:14], ACME, *ITEMS[14:19], FOOT[1]]),
         seen(2, links=[FOOT[0], ITEMS[9], *ITEMS[10:18], FOOT[1]])],
        [(1, "appeared", "", "", ""), (2, "lost", "removed", "", "")],
    ),
    "taken out of an article whose header changed": (
        [seen(1, link(), links=[ITEMS[0], *FOOT, ACME]), seen(2, links=[ITEMS[1], *FOOT])],
        [(1, "appeared", "", "", ""), (2, "lost", "removed", "", "")],
    ),
    "page gone and back": (
        [seen(1, link()), seen(2, outcome=Outcome.GONE), seen(3, outcome=Outcome.GONE), seen(4, link()),
         seen(5, outcome=Outcome.REDIRECTED, detail="https://example.com/"), seen(6, outcome=Outcome.ROBOTS), seen(7)],
        [(1, "appeared", "", "", ""), (2, "changed", "page_gone", "", ""), (4, "changed", "page_back", "", ""),
         (5, "changed", "page_redirected", "", "https://example.com/"), (6, "changed", "page_robots", "", ""),
         (7, "lost", "removed", "", "")],
    ),
    "noindex and canonical": (
        [seen(1, link(), canonical=PAGE), seen(2, link(), canonical=PAGE, robots=("noindex",)),
         seen(3, link(), canonical="https://example.com/other", robots=("noindex",)), seen(4, link(), canonical=PAGE)],
        [(1, "appeared", "", "", ""), (2, "changed", "page_noindex", "", ""),
         (3, "changed", "page_canonical", PAGE, "https://example.com/other"), (4, "changed", "page_canonical",
         "https://example.com/other", PAGE), (4, "changed", "page_indexable", "", "")],
    ),
    "not modified": (
        [seen(1, link()), unmodified(seen(1, link()), 2), seen(3), unmodified(seen(3), 4)],
        [(1, "appeared", "", "", ""), (3, "lost", "removed", "", "")],
    ),
    "two visits at one time": (
        [seen(1, link()), seen(2, link()), seen(2), seen(2, link(), body="other")],
        [(1, "appeared", "", "", "")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_what_visits_tell(store_url: str, story: str) -> None:
    visits, expected = STORIES[story]

    assert said(asyncio.run(history(store_url, [visits]))) == expected


@pytest.mark.parametrize("story", STORIES)
def test_the_same_backwards_twice_and_one_by_one(story: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    visits, expected = STORIES[story]
    folder = tmp_path_factory.mktemp("order")
    orders = [visits[::-1], visits[1::2] + visits[::2] + visits]
    for number, order in enumerate(orders):
        url = f"sqlite:///{folder / f'{number}.db'}"
        assert said(asyncio.run(history(url, [[one] for one in order]))) == expected


def a_visit() -> st.SearchStrategy[Visit]:
    found = st.builds(
        link,
        st.sampled_from([ACME, DOCS, "https://acme.org/blog"]),
        st.sampled_from(["Acme", "tools"]),
        st.sampled_from(["body", "footer"]),
    )
    outcomes = [Outcome.OK] * 4 + [Outcome.TRUNCATED, Outcome.GONE, Outcome.REDIRECTED, Outcome.UNREACHABLE]
    return st.builds(
        lambda day, links, url, outcome, robots: seen(
            day, *{one[0]: one for one in links}.values(), url=url, outcome=outcome, robots=robots
        ),
        st.integers(0, 9),
        st.lists(found, max_size=3),
        st.sampled_from([PAGE, "https://news.example.net/list"]),
        st.sampled_from(outcomes),
        st.sampled_from([(), ("noindex",)]),
    )


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(a_visit(), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_events(
    store_url: str, visits: list[Visit], chance: random.Random
) -> None:
    again = visits + chance.sample(visits, k=chance.randint(0, len(visits)))
    chance.shuffle(again)
    cut = chance.randint(0, len(again))

    straight = asyncio.run(_from_nothing(store_url, [visits]))
    shuffled = asyncio.run(_from_nothing(store_url, [again[:cut], again[cut:]]))

    assert straight == shuffled


async def _from_nothing(url: str, batches: Sequence[Sequence[Visit]]) -> object:
    empty(url)
    events = await history(url, batches)
    async with open_store(url) as store:
        due = await store.history.due_pages(["acme.org"], by=START + timedelta(days=5000))
    return events, due


def test_events_are_filtered_as_their_documentation_says(store_url: str) -> None:
    visits = [one for told_of, _ in STORIES.values() for one in told_of]

    async def story() -> None:
        async with open_store(store_url) as store:
            await store.put(visits)
            everything = await told(store)
            day = START + timedelta(days=4)
            some = everything[0]
            for where, fits in (
                (EventFilter(since=day), lambda event: event.at >= day),
                (EventFilter(until=day), lambda event: event.at <= day),
                (EventFilter(kinds=("lost", "returned")), lambda event: event.kind in ("lost", "returned")),
                (EventFilter(reasons=("anchor",)), lambda event: event.reason == "anchor"),
                (EventFilter(target="acme.org"), lambda event: event.target == "acme.org"),
                (EventFilter(target="other.org"), lambda event: False),
                (EventFilter(link=some.link), lambda event: event.link == some.link),
                (EventFilter(source_url=PAGE), lambda event: event.source_url == PAGE),
            ):
                assert await told(store, where) == [event for event in everything if fits(event)], where
            assert await told(store, EventFilter(limit=3)) == everything[:3]

    asyncio.run(story())


def test_what_was_forgotten_is_not_told_again(store_url: str) -> None:
    """After visits are forgotten, later ones go on from there: a link that comes back returned, it did not appear."""
    first = [seen(1, link(), link(DOCS, "Manual")), seen(2, link()), seen(3, link()), seen(4, link())]
    later = [seen(6, link(), link(DOCS, "Manual")), seen(7, link(DOCS, "Manual"))]

    async def story() -> None:
        async with open_store(store_url) as store:
            await store.put(first)
            before = await told(store)
            gone = await store.history.forget(START + timedelta(days=3, hours=1))
            assert (gone.visits, gone.events) == (2, 3)
            assert [event.kind for event in before] == ["appeared", "appeared", "lost"]
            await store.put([*later, first[1]])  # the last of these comes late, and tells what is forgotten
            assert said(await told(store)) == [
                (6, "returned", "", "", ""), (7, "lost", "removed", "", "")
            ]  # fmt: skip

    asyncio.run(story())


def test_the_newest_visits_of_a_page_come_first(store_url: str) -> None:
    async def story() -> list[tuple[float, str, int]]:
        async with open_store(store_url) as store:
            await store.put([seen(1), seen(2, link()), seen(3, outcome=Outcome.GONE), seen(4, link(), url=f"{PAGE}?x")])
            found = await store.history.visits(PAGE, most=2)
            return [((visit.at - START) / timedelta(days=1), visit.outcome, len(visit.states)) for visit in found]

    assert asyncio.run(story()) == [(3, "gone", 0), (2, "ok", 1)]
