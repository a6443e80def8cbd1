"""Crawls that start from sitemaps, feeds, OPML lists and the store, over HTTP; what each seed came from is kept."""

import asyncio
import gzip
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from linkcrawler.seeding.discovery import discover
from linkcrawler.seeding.seeds import BadLine, Seed, SeedSource, read_seeds
from pipelines.stores.connect import open_store
from pipelines.stores.seeds import KnownSeed
from tests.servers.web import Reply, Web
from tests.servers.workers import BIN, environment
from tests.stores.conftest import atomic_url, store_url
from tests.stores.visits import START, dump

__all__ = ["atomic_url", "store_url"]

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
INDEX = f'<sitemapindex xmlns="{SITEMAP}"><sitemap><loc>http://a.example/news.xml.gz</loc></sitemap></sitemapindex>'
NEWS = f"""<urlset xmlns="{SITEMAP}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>http://a.example/one</loc><news:news><news:title>One</news:title></news:news></url>
<url><loc>http://a.example/two</loc></url><url><loc>http://acme.example/own</loc></url></urlset>"""
RSS = """<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>http://b.example/</link>
<atom:link rel="hub" href="https://hub.example/"/><item><link>/post</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="http://c.example/atom"/>
<entry><link rel="replies" href="http://c.example/replies"/><link href="http://c.example/entry"/></entry></feed>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
"items": [{"id": 1, "url": "http://d.example/item"}, {"id": 2, "external_url": "http://e.example/linked"}]}"""
OPML = """<opml version="2.0"><body><outline text="Blogs">
<outline type="rss" xmlUrl="http://b.example/feed" htmlUrl="http://b.example/"/>
<outline type="link" url="http://f.example/page"/></outline></body></opml>"""
PAGE = '<p>words <a href="http://acme.example/">Acme</a>'
DOCUMENTS = {
    "a.example/robots.txt": b"User-agent: *\nDisallow: /private\nSitemap: http://a.example/index.xml\n",
    "a.example/index.xml": INDEX.encode(),
    "a.example/news.xml.gz": gzip.compress(NEWS.encode()),
    "b.example/feed": RSS.encode(),
    "b.example/": b'<html><link rel="alternate" type="application/rss+xml" href="/feed"><p>no link</p></html>',
    **{name: PAGE.encode() for name in ("a.example/one", "a.example/two", "b.example/post", "f.example/page")},
}


@pytest.fixture
def web() -> Iterator[Web]:
    def answer(host: str, path: str) -> Reply:
        body = DOCUMENTS.get(host + path)
        kind = "text/html" if body and body.startswith((b"<p", b"<html")) else "application/octet-stream"
        return Reply(200 if body else 404, body or b"", {"Content-Type": kind})

    with Web(answer) as served:
        yield served


def crawl(web: Web, store: str, folder: Path, seeds: str) -> str:
    settings = {"LINKCRAWLER_STORE": store, "DOWNLOAD_DELAY": "0.02"}
    arguments = {"target": "acme.example", "seeds": seeds, "follow": "none"}
    words = [word for name, value in arguments.items() for word in ("-a", f"{name}={value}")]
    words += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    done = subprocess.run(
        [str(BIN / "scrapy"), "crawl", "backlinks", *words],
        cwd=folder, env=environment(web.proxy), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


async def kept(store: str) -> tuple[list[str], set[tuple[str, str, str]]]:
    async with open_store(store) as opened:
        links = [link.source_url for link in await dump(opened)]
        seeds = {(one.origin, one.source, one.url) async for batch in opened.seeds.all() for one in batch}
    return sorted(links), seeds


def test_a_site_names_its_pages_from_robots_to_packed_news(web: Web, store_url: str, tmp_path: Path) -> None:
    log = crawl(web, store_url, tmp_path, "sitemap:http://a.example/")

    links, seeds = asyncio.run(kept(store_url))
    assert links == ["http://a.example/one", "http://a.example/two"]
    assert seeds == {("sitemap", "http://a.example/news.xml.gz", url) for url in links}
    assert "sitemap:http://a.example/: 2 pages are queued" in log


def test_lists_lead_to_feeds_and_pages(web: Web, store_url: str, tmp_path: Path) -> None:
    (tmp_path / "blogs.opml").write_text(OPML)
    log = crawl(web, store_url, tmp_path, "opml:blogs.opml,feed:http://b.example/")

    links, seeds = asyncio.run(kept(store_url))
    assert links == ["http://b.example/post", "http://f.example/page"]
    assert ("opml", "http://b.example/feed", "http://b.example/post") in seeds
    assert ("feed", "http://b.example/feed", "http://b.example/post") in seeds
    assert ("opml", "blogs.opml", "http://f.example/page") in seeds
    assert "the hub https://hub.example/ tells of its changes" in log


def test_new_seeds_of_the_store_are_visited_once(web: Web, store_url: str, tmp_path: Path) -> None:
    seed = KnownSeed(
        url="http://a.example/one", origin="ahrefs", source="may.csv", target="acme.example", since=date(2023, 5, 2),
        noted_at=START,
    )  # fmt: skip
    others = [
        replace(
            seed, url="http://a.example/two", origin="moz", target="other.example", target_url="http://acme.example/"
        ),
        replace(seed, url="http://b.example/post", target="other.example"),
    ]

    async def put() -> None:
        async with open_store(store_url) as store:
            await store.seeds.put([seed, *others])

    asyncio.run(put())
    assert "store:new: 2 pages are queued" in crawl(web, store_url, tmp_path, "store:new")
    assert asyncio.run(kept(store_url))[0] == ["http://a.example/one", "http://a.example/two"]
    assert "store:new: 0 pages are queued" in crawl(web, store_url, tmp_path, "store:new")
    assert "store:moz: 1 pages are queued" in crawl(web, store_url, tmp_path, "store:moz")
    assert "nothing came from 'nobody'; expected new, all or one of ahrefs, moz" in crawl(
        web, store_url, tmp_path, "store:nobody"
    )


KINDS = [
    (ATOM, ["http://c.example/entry"], [], []),
    (JSON_FEED, ["http://d.example/item", "http://e.example/linked"], [], ["https://hub.example/"]),
    (RSS, ["http://x.example/post"], [], ["https://hub.example/"]),
    (INDEX, [], ["http://a.example/news.xml.gz"], []),
    ("http://a.example/1\n\nhttp://a.example/2\nno address\n", ["http://a.example/1", "http://a.example/2"], [], []),
    ("Sitemap: /a.xml\nsitemap:http://b.example/b.xml\n", [], ["http://x.example/a.xml", "http://b.example/b.xml"], []),
    ("{broken", [], [], []),
    ("<broken", [], [], []),
    ("", [], [], []),
]


@pytest.mark.parametrize(("text", "pages", "documents", "hubs"), KINDS)
def test_what_a_document_names(text: str, pages: list[str], documents: list[str], hubs: list[str]) -> None:
    found = discover(text.encode(), "http://x.example/here")

    assert ([*found.pages], [*found.documents], [*found.hubs]) == (pages, documents, hubs)


def test_sources_stand_among_addresses(tmp_path: Path) -> None:
    (tmp_path / "seeds.txt").write_text("a.example\nSitemap: https://B.example\nopml:none.opml\nstore:ahrefs\n")

    assert read_seeds(str(tmp_path / "seeds.txt")) == [
        Seed("https://a.example/"),
        SeedSource("sitemap", "https://b.example/"),
        BadLine(3, "opml:none.opml", "no such file, and no address"),
        SeedSource("store", "ahrefs"),
    ]
    assert read_seeds("https://a.example/,feed:https://b.example/feed,store:new") == [
        Seed("https://a.example/"), SeedSource("feed", "https://b.example/feed"), SeedSource("store", "new"),
    ]  # fmt: skip
