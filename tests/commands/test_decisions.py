"""What counts as one decision to link."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.records import Context, Link, Page, Placement
from linkcrawler.vocabulary import Region
from pipelines.queries.decisions import Decisions
from pipelines.queries.page_addresses import page_address
from pipelines.stores.brief import brief_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def link(source: str, path: str = "/", region: Region = Region.BODY, *, words: str = "", canonical: str = "") -> Link:
    target_url = f"https://example.org{path}"
    placement = Placement(
        href=target_url,
        target_url=target_url,
        target="example.org",
        anchor="Example",
        region=region,
        context=Context(sentence=words),
    )
    return Link(
        id=source + path,
        source_url=source,
        target_url=target_url,
        target="example.org",
        first_seen=NOW,
        last_seen=NOW,
        placements=(placement,),
        page=Page(url=source, canonical_url=canonical),
    )


def count(*links: Link) -> int:
    with closing(Decisions(("all",))) as decisions:
        for one in links:
            decisions.add(brief_of(one), "all")
        return decisions.counts()["total"]


CASES = [
    ("two links of one page", 1, [link("https://a.test/p"), link("https://a.test/p", "/x")]),
    ("two pages", 2, [link("https://a.test/p", words="One."), link("https://a.test/q", words="Two.")]),
    (
        "the same words on two domains",
        2,
        [link("https://a.test/p", words="One."), link("https://b.test/p", words="One.")],
    ),
    ("tracking parameters", 1, [link("https://a.test/p", words="1"), link("https://a.test/p?utm_source=x", words="2")]),
    ("other parameters", 2, [link("https://a.test/p?id=1", words="1"), link("https://a.test/p?id=2", words="2")]),
    (
        "a canonical address",
        1,
        [
            link("https://a.test/p?print=1", words="1", canonical="https://a.test/p"),
            link("https://a.test/p", words="2"),
        ],
    ),
    (
        "a front page given as canonical for all",
        2,
        [link(f"https://a.test/{n}", words=n, canonical="https://a.test/") for n in "12"],
    ),
    ("a footer on every page", 1, [link(f"https://a.test/{n}", region=Region.FOOTER) for n in range(5)]),
    (
        "a footer with two links on every page",
        1,
        [link(f"https://a.test/{n}", path, Region.FOOTER) for n in range(5) for path in ("/", "/x")],
    ),
    (
        "a footer on every page and one citation",
        2,
        [
            *(link(f"https://a.test/{n}", region=Region.FOOTER) for n in range(5)),
            link("https://a.test/0", "/x", words="One."),
        ],
    ),
    ("a text on many pages", 1, [link(f"https://a.test/{n}", words="The same text.") for n in range(5)]),
]


@pytest.mark.parametrize(("want", "links"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_decisions(want: int, links: list[Link]) -> None:
    assert count(*links) == want


POOL = [one for _, _, links in CASES for one in links]


@given(
    st.lists(st.sampled_from(POOL), max_size=12).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some)))
)
def test_the_order_does_not_matter(orders: tuple[list[Link], list[Link]]) -> None:
    one, other = orders

    assert count(*one) == count(*other)


def test_page_address_without_scheme_www_and_final_slash() -> None:
    assert page_address(link("https://www.a.test/p/?b=1&fbclid=2")) == "a.test/p?b=1"
