"""Pages of links: nothing twice, nothing left out, in every order; one per domain, block or text in any of them."""

import asyncio

import pytest

from linkcrawler.domains import domain_of
from linkcrawler.errors import UsageError
from pipelines.queries.filter_fields import parse
from pipelines.queries.paging import read_page
from pipelines.stores.connect import open_store
from pipelines.stores.link_filter import SORTS

ORDERS = [f"{way}{field}" for field in SORTS for way in ("", "-")]
COLLAPSED = [(), ("domain",), ("block",), ("domain", "block")]


@pytest.fixture(params=["sqlite", pytest.param("mongodb", marks=pytest.mark.mongodb)])
def filled(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"filled_{request.param}"))


async def paged(url: str, pairs: list[tuple[str, str]], pages: int = 0) -> tuple[list[str], list[str], int]:
    """Ids page by page (of seven, or about so many pages), ids in one go, and how many the store counts."""
    async with open_store(url) as store:
        where = parse(pairs)
        whole = [link.id async for link in store.links(where)]
        count = await store.count(where)
        size = -(-len(whole) // pages) if pages else 7
        ids: list[str] = []
        after = ""
        while True:
            page = await read_page(store, parse([*pairs, ("limit", str(size)), ("after", after)]))
            ids += [link.id for link in page.links]
            after = page.next
            if not after:
                return ids, whole, count


@pytest.mark.parametrize("order", ORDERS)
def test_pages_are_the_whole_in_pieces(filled: str, order: str) -> None:
    ids, whole, count = asyncio.run(paged(filled, [("sort", order)]))

    assert ids == whole
    assert len(whole) == len(set(whole)) > 20
    assert order.endswith("confidence") or count == len(whole)


@pytest.mark.parametrize("collapsed", COLLAPSED[1:], ids=" ".join)
@pytest.mark.parametrize("order", ["id", "-first_seen"])
def test_pages_of_what_is_collapsed(filled: str, order: str, collapsed: tuple[str, ...]) -> None:
    pairs = [("sort", order), *(("one_per", name) for name in collapsed)]

    ids, whole, count = asyncio.run(paged(filled, pairs, pages=4))

    assert ids == whole
    assert count == len(whole) > 4


def test_one_per_domain_is_the_first_of_each(filled: str) -> None:
    async def read(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
        async with open_store(filled) as store:
            found = store.links(parse([("sort", "-first_seen"), ("status", "live"), *pairs]))
            return [(domain_of(link.source_url), link.id) async for link in found]

    every = asyncio.run(read())
    firsts = dict(reversed(every))

    assert dict(asyncio.run(read(("one_per", "domain")))) == firsts


def test_orders_are_the_same_on_every_store(filled: str, filled_sqlite: str) -> None:
    for order in ORDERS:
        pairs = [("sort", order), ("appeared_from", "60d")] if order == "id" else [("sort", order)]
        assert asyncio.run(paged(filled, pairs)) == asyncio.run(paged(filled_sqlite, pairs))


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([("colour", "red")], "colour"),
        ([("mode", "toxic")], "passive"),
        ([("mode", "active"), ("mode", "passive")], "twice"),
        ([("min_confidence", "high")], "0<=x<=1"),
        ([("first_seen_from", "yesterday")], "7d"),
        ([("after", "%%%")], "cursor"),
        ([("after", "WyJpZCIsICJhIiwgImEiXQ"), ("sort", "-id")], "belongs to the order"),
    ],
)
def test_what_is_not_understood_is_told(pairs: list[tuple[str, str]], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parse(pairs)


@pytest.mark.parametrize("name", ["text", "anchor", "heading"])
def test_text_without_a_word_is_told(filled_sqlite: str, name: str) -> None:
    with pytest.raises(UsageError, match="holds no word"):
        asyncio.run(paged(filled_sqlite, [(name, "!?")]))
