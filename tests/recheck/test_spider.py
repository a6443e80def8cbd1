"""Rechecks of a small web: what is due is asked for, with conditions; what is found becomes events."""

import asyncio
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkcrawler.records import Event
from pipelines.events.deriving import bring_up_to_date
from pipelines.stores.connect import open_store
from pipelines.stores.history import EventFilter
from tests.servers.web import Reply, Web
from tests.servers.workers import BIN, crawl_command, environment
from tests.stores.conftest import atomic_url, store_url
from tests.stores.visits import dump

__all__ = ["atomic_url", "store_url"]

LATER = "2100-01-01"
MODIFIED = "Thu, 01 Jan 2026 00:00:00 GMT"
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>http://b.example/kept</loc><lastmod>{}</lastmod></url>
<url><loc>http://b.example/unknown</loc><lastmod>2026-01-01</lastmod></url>
<url><loc>http://a.example/tagged</loc><lastmod>2001-01-01</lastmod></url></urlset>"""


def page(*targets: str, tail: str = "") -> bytes:
    return ("<p>words " + " ".join(f'<a href="http://{one}/">{one}</a>' for one in targets) + tail).encode()


class Site:
    """Pages by address; those with an ETag or a date answer 304 as servers do."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, bytes, dict[str, str]]] = {
            "a.example/tagged": (200, page("acme.example", "beta.example"), {"ETag": '"1"'}),
            "a.example/dated": (200, page("acme.example"), {"Last-Modified": MODIFIED}),
            "b.example/kept": (200, page("acme.example"), {}),
            "b.example/going": (200, page("acme.example"), {}),
            "b.example/failing": (200, page("acme.example"), {}),
            "b.example/other": (200, page("beta.example"), {}),
            "b.example/none": (200, page(), {}),
        }
        self.moved = {"bit.ly/one/": (301, b"", {"Location": "http://acme.example/"})}

    def put(self, url: str, status: int, body: bytes = b"", **headers: str) -> None:
        self.pages[url] = (status, body, headers)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def web(site: Site) -> Iterator[Web]:
    def answer(host: str, path: str) -> Reply:
        asked = served.hits[-1].headers
        status, body, headers = (site.pages | site.moved).get(host + path, (404, b"", {}))
        kind = "application/xml" if path.endswith(".xml") else "text/html"
        condition = asked.get("if-none-match"), asked.get("if-modified-since")
        if any(condition) and condition in ((headers.get("ETag"), None), (None, headers.get("Last-Modified"))):
            return Reply(304, b"", headers)
        return Reply(status, body, {"Content-Type": kind, **headers})

    with Web(answer) as served:
        yield served


def crawl(web: Web, store: str, folder: Path, target: str, site: Site, **arguments: object) -> None:
    seeds = folder / "seeds.txt"
    seeds.write_text("\n".join(f"http://{one}" for one in site.pages))
    settings = {"DOWNLOAD_DELAY": 0.02, "LINKCRAWLER_STORE": store}
    run(crawl_command(target, seeds, {"follow": "none", **arguments}, settings), web, folder)


def recheck(web: Web, store: str, folder: Path, target: str = "acme.example", **arguments: object) -> str:
    given = {"target": target, "due": LATER, **arguments}
    command = [str(BIN / "scrapy"), "crawl", "recheck", "-s", f"LINKCRAWLER_STORE={store}", "-s", "DOWNLOAD_DELAY=0.02"]
    command += ["-s", "LINKCRAWLER_MAX_ATTEMPTS=1", *(p for n, v in given.items() for p in ("-a", f"{n}={v}"))]
    return run(command, web, folder)


def run(command: list[str], web: Web, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=environment(web.proxy), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def asked(web: Web, since: int) -> list[str]:
    return sorted(hit.host + hit.path for hit in web.hits[since:] if hit.path != "/robots.txt")


def state(store: str) -> tuple[dict[str, str], list[Event]]:
    """Status by page and target, and all events."""

    async def read() -> tuple[dict[str, str], list[Event]]:
        async with open_store(store) as opened:
            await bring_up_to_date(opened, now=datetime.now(UTC))
            events = [event async for batch in opened.history.events(EventFilter()) for event in batch]
            links = await dump(opened)
            return {f"{link.source_url[7:]} {link.target}": link.status for link in links}, events

    return asyncio.run(read())


def test_known_pages_are_asked_with_conditions_and_their_changes_told(
    web: Web, site: Site, store_url: str, tmp_path: Path
) -> None:
    crawl(web, store_url, tmp_path, "acme.example,beta.example", site)
    first, _ = state(store_url)
    assert set(first.values()) == {"live"}
    since = len(web.hits)
    site.put("b.example/going", 200, page())
    site.put("b.example/failing", 500)
    site.put("a.example/dated", 404)

    log = recheck(web, store_url, tmp_path)

    pages = ["a.example/dated", "a.example/tagged", "b.example/failing", "b.example/going", "b.example/kept"]
    assert asked(web, since) == pages
    assert "5 known pages are due" in log
    conditions = {hit.host + hit.path: hit.headers for hit in web.hits[since:]}
    assert conditions["a.example/tagged"]["if-none-match"] == '"1"'
    assert conditions["a.example/dated"]["if-modified-since"] == MODIFIED
    assert "if-none-match" not in conditions["b.example/kept"]
    statuses, events = state(store_url)
    assert statuses == {
        "a.example/tagged acme.example": "live",
        "a.example/tagged beta.example": "live",
        "a.example/dated acme.example": "unverified",
        "b.example/kept acme.example": "live",
        "b.example/going acme.example": "lost",
        "b.example/failing acme.example": "unverified",
        "b.example/other beta.example": "live",
    }
    told = sorted((event.source_url[7:], event.kind, event.reason) for event in events if event.kind != "appeared")
    assert told == [("a.example/dated", "changed", "page_gone"), ("b.example/going", "lost", "removed")]


def test_pages_that_are_not_due_are_left_alone_unless_a_sitemap_calls_them_newer(
    web: Web, site: Site, store_url: str, tmp_path: Path
) -> None:
    crawl(web, store_url, tmp_path, "acme.example", site)
    since = len(web.hits)
    recheck(web, store_url, tmp_path, due="now")
    assert asked(web, since) == []
    soon = (datetime.now(UTC) + timedelta(minutes=30)).isoformat(timespec="seconds")
    site.put("b.example/sitemap.xml", 200, SITEMAP.format(soon).encode())

    recheck(web, store_url, tmp_path, due="now", hints="http://b.example/sitemap.xml,http://a.example/feed.xml")

    assert asked(web, since) == ["a.example/feed.xml", "b.example/kept", "b.example/sitemap.xml"]


def test_the_longest_due_come_first_within_the_budget(web: Web, site: Site, store_url: str, tmp_path: Path) -> None:
    crawl(web, store_url, tmp_path, "acme.example", site)
    since = len(web.hits)

    recheck(web, store_url, tmp_path, max_pages=2)
    recheck(web, store_url, tmp_path, max_pages=3, due="2099-01-01")

    visited = asked(web, since)
    assert len(visited) == 5
    assert set(visited) == {one for one in site.pages if one.partition("/")[2] not in ("other", "none")}


def test_a_crawl_for_one_target_does_not_lose_the_links_to_another(
    web: Web, site: Site, store_url: str, tmp_path: Path
) -> None:
    crawl(web, store_url, tmp_path, "acme.example", site)
    crawl(web, store_url, tmp_path, "beta.example", site)

    statuses, _ = state(store_url)

    assert len(statuses) == 7
    assert set(statuses.values()) == {"live"}


def test_links_through_shorteners_are_not_lost_to_visits_that_ask_none(
    web: Web, site: Site, store_url: str, tmp_path: Path
) -> None:
    short = page("bit.ly/one", tail="<a href='http://bit.ly/new'>new</a>")
    site.pages = {"a.example/stays": (200, short, {}), "b.example/goes": (200, short, {})}
    crawl(web, store_url, tmp_path, "acme.example", site, resolve_shorteners=1, restart=1)
    assert state(store_url)[0] == {"a.example/stays acme.example": "live", "b.example/goes acme.example": "live"}
    since = len(web.hits)
    site.put("a.example/stays", 200, short + b"<p>changed")
    site.put("b.example/goes", 200, page("bit.ly/other"))

    recheck(web, store_url, tmp_path)
    crawl(web, store_url, tmp_path, "acme.example", site, restart=1)

    assert state(store_url)[0] == {"a.example/stays acme.example": "live", "b.example/goes acme.example": "lost"}
    assert not [hit for hit in web.hits[since:] if hit.host == "bit.ly"]
