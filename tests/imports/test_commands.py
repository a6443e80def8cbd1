"""The commands on both stores: import, what a crawl made of it, expansion, and what explain tells."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from linkcrawler.commands import main
from linkcrawler.records import Page, Sighting, Visit
from linkcrawler.vocabulary import Outcome
from pipelines.stores.connect import open_store
from pipelines.stores.history import Watched
from tests.imports.exports import AHREFS, MAJESTIC, separated
from tests.stores.conftest import atomic_url, store_url
from tests.stores.visits import START, placement

__all__ = ["atomic_url", "store_url"]

EXPORT = """Source url,Target url,First seen,Last seen
https://a.example.net/one,https://acme.org/,2023-05-02,2024-01-31
http://b.example.com/two,https://acme.org/docs,2023-06-01,2024-01-31
https://c.example.info/three,https://acme.org/,,
"""


def call(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.stdout, result.stderr


def page(url: str, *targets: tuple[str, str], **facts: object) -> Visit:
    sightings = tuple(
        Sighting(
            source_url=url, target_url=target_url, target=target, seen_at=START,
            placements=(placement(target_url, target, "Acme"),),
        )
        for target_url, target in targets
    )  # fmt: skip
    return Visit(url=url, at=START, outcome=Outcome.OK, status=200, page=Page(url=url, **facts), sightings=sightings)  # type: ignore[arg-type]


def put(url: str, visits: Sequence[Visit], watched: Sequence[Watched] = ()) -> None:
    async def write() -> None:
        async with open_store(url) as store:
            await store.put(visits)
            await store.history.put_watched(watched)

    asyncio.run(write())


def test_an_import_is_told_counted_and_known_when_repeated(store_url: str, tmp_path: Path) -> None:
    ahrefs, majestic = tmp_path / "ahrefs.csv", tmp_path / "majestic.csv"
    ahrefs.write_text(separated(AHREFS))
    majestic.write_bytes(separated(MAJESTIC, "\t").encode("utf-16"))
    command = ("import", str(ahrefs), str(majestic), "--store", store_url)

    status, out, err = call(*command)
    assert status == 0, err
    assert f"{ahrefs}: read as ahrefs (url: 'Referring page URL', target: 'Target URL', since: 'First seen'" in out
    assert out.count("7 rows: 4 seeds, 1 on the target's own site, 1 repeated, 1 not understood") == 2
    assert out.count("4 seeds are new, 0 were known") == 2
    assert err.splitlines() == [
        f"{name}, line 8: expected the address of a page, got 'no address' (no address)"
        for name in ("ahrefs.csv", "majestic.csv")
    ]
    assert call(*command)[1].count("0 seeds are new, 4 were known") == 2


def test_what_a_source_yielded(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "may.csv").write_text(EXPORT)
    call("import", str(tmp_path / "may.csv"), "--store", store_url)
    moved = Visit(
        url="http://b.example.com/two", at=START, outcome=Outcome.REDIRECTED, detail="https://b.example.com/two"
    )
    acme = ("https://acme.org/", "acme.org")
    docs = ("https://acme.org/docs", "acme.org")
    put(store_url, [page("https://a.example.net/one"), moved, page("https://b.example.com/two", acme, docs)])

    assert call("seeds", "--store", store_url)[1] == "generic  may.csv: 3 pages, 2 visited, 1 link, 2 links\n"
    each = [json.loads(line) for line in call("seeds", "--each", "--json", "--store", store_url)[1].splitlines()]
    fates = [(one["seed"]["row"], one["visited"], one["links"]) for one in each]
    assert fates == [(3, True, 2), (2, True, 0), (4, False, 0)]
    told = call("explain", "https://b.example.com/two", "--store", store_url)[1]
    assert told.count("Known to an export since 2023-06-01, still there on 2024-01-31 (may.csv, line 3).") == 1
    assert "By their word it stood there by 2023-06-01, earlier than we can tell" in told
    lines = call("links", "--format", "jsonl", "--known", "--store", store_url)[1].splitlines()
    days = {"since": "2023-06-01", "last": "2024-01-31", "lost": None}
    assert {(link := json.loads(line))["target_url"]: link["known"] for line in lines} == {
        acme[0]: [],
        docs[0]: [{"origin": "generic", "source": "may.csv", "row": 3, **days}],
    }
    assert call("links", "--known", "--store", store_url)[0] == 2
    assert call("seeds", "--forget", "generic", "may.csv", "--store", store_url)[1] == "3 seeds deleted\n"
    assert call("seeds", "--store", store_url)[1] == ""


def test_what_lies_near_known_links(store_url: str) -> None:
    ours, one, two = ((f"https://{target}/", target) for target in ("acme.org", "one.org", "two.org"))
    authors = ("https://a.example.net/by/ann", "https://social.example.com/ann")
    put(
        store_url,
        [
            page("https://a.example.net/post", ours, author_urls=authors, canonical_url="https://d.example.info/post"),
            page("https://b.example.com/both", one, two),
            page("https://c.example.info/first", one),
            page("https://c.example.info/second", two),
            page("https://only.example.edu/one", one),
            page("https://linked.example.biz/all", ours, one, two),
        ],
        [Watched(target="acme.org", competitors=("one.org", "two.org"))],
    )

    assert call("expand", "--target", "acme.org", "--store", store_url)[1].splitlines()[:4] == [
        "linking-site: 2 pages, 2 of them new",
        "author: 1 pages, 1 of them new",
        "syndication: 1 pages, 1 of them new",
        "co-citation: 3 pages, 3 of them new",
    ]
    each = call("seeds", "--each", "--store", store_url)[1].splitlines()
    assert [line.split("\t")[:2] for line in each] == [
        ["https://a.example.net/by/ann", "author"],
        ["https://b.example.com/both", "co-citation"],
        ["https://c.example.info/first", "co-citation"],
        ["https://c.example.info/second", "co-citation"],
        ["https://a.example.net/", "linking-site"],
        ["https://linked.example.biz/", "linking-site"],
        ["https://d.example.info/post", "syndication"],
    ]
    assert "co-citation: 3 pages, 0 of them new" in call("expand", "--target", "acme.org", "--store", store_url)[1]


@pytest.mark.parametrize("rivals", [(), ("one.org",)])
def test_co_citation_without_two_competitors_says_what_to_do(rivals: tuple[str, ...], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    put(url, [page("https://a.example.net/", ("https://one.org/", "one.org"))])
    options = [word for rival in rivals for word in ("--competitor", rival)]

    status, _, err = call("expand", "--target", "acme.org", "--by", "co-citation", *options, "--store", url)
    assert (status, "name them with --competitor" in err) == (2, True)


def test_what_linking_pages_offer_is_counted_once_a_page(store_url: str) -> None:
    feed, hook = "feed https://blog.example/feed", "webmention https://hook.example/in"
    both = (("https://acme.org/", "acme.org"), ("https://acme.org/docs", "acme.org"))
    put(
        store_url,
        [
            page("https://blog.example/one", *both, endpoints=(feed, hook)),
            page("https://blog.example/two", *both[:1], endpoints=(feed,)),
            page("https://other.example/", *both[:1]),
        ],
    )

    status, out, err = call("seeds", "--endpoints", "--store", store_url)

    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "feed  https://blog.example/feed: 2 linking pages",
        "webmention  https://hook.example/in: 1 linking pages",
    ]
    found = json.loads(call("seeds", "--endpoints", "--json", "--store", store_url)[1])["endpoints"]
    assert found[0] == {"kind": "feed", "url": "https://blog.example/feed", "pages": 2}
