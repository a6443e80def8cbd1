"""Every page in a browser, at two widths: it fits, people with any ability can use it, its HTML is right."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page

from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate
from pipelines.stores.connect import open_store
from tests.commands import sample
from tests.commands.calling import call
from tests.commands.sample import id_of
from tests.frontier.conftest import redis_server
from tests.frontier.test_command import crawl
from tests.servers.redis import RedisServer
from tests.web.asking import ask
from tests.web.conftest import Served, serving
from tests.web.world import fill, hostile_id, in_thread

__all__ = ["redis_server"]

PAGES = {
    "overview": "/",
    "links": "/links",
    "filtered": "/links?mode=passive&region=comment&sort=-first_seen",
    "nothing": "/links?text=nobody+said+this",
    "groups": "/links?group=channel",
    "months": "/links?group=month&mode=active",
    "hostile": f"/link/{hostile_id()}",
    "crawl": "/crawl",
    "problem": "/links?mode=nope",
    "login": "/login",
}


def open_page(page: Page, site: Served, address: str) -> None:
    page.goto(f"{site.address}{address}")
    # Figures may take longer than a visitor is made to wait.
    while page.get_by_text("are being read").count():
        page.reload()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_is_accessible(sized_page: Page, site: Served, axe: str, name: str) -> None:
    page = sized_page
    open_page(page, site, PAGES[name])

    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert _violations(page, axe) == []


def test_the_report_fits_and_is_accessible(page: Page, report_file: Path, axe: str) -> None:
    page.goto(f"file://{report_file}")

    assert _violations(page, axe) == []
    assert page.locator("svg[role=img]").count() >= 10
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def _violations(page: Page, axe: str) -> list[str]:
    """What axe finds serious or critical, with the elements."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def test_html_is_valid(site: Served, report_file: Path, node_modules: Path, tmp_path: Path) -> None:
    shutil.copy(report_file, tmp_path)
    for name, address in PAGES.items():
        while "are being read" in (text := ask(site, address).text):
            pass
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps({"root": True, "extends": ["html-validate:standard"]}))

    tool = node_modules / ".bin" / "html-validate"
    done = subprocess.run(
        [tool, "--formatter", "text", *sorted(tmp_path.glob("*.html"))],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert len(list(tmp_path.glob("*.html"))) == len(PAGES) + 1
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_keys_alone_lead_to_a_link(page: Page, site: Served) -> None:
    page.goto(f"{site.address}/links?mode=active")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    for _ in range(80):
        page.keyboard.press("Tab")
        if "/link/" in page.evaluate("document.activeElement.href || ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/link/*")


def test_counts_change_by_themselves(page: Page, own_site: Served) -> None:
    page.goto(f"{own_site.address}/crawl")
    passive = page.locator("[data-live='links passive']")
    before = int(passive.inner_text())
    url = f"sqlite:///{own_site.store}"
    listed = page.request.get(f"{own_site.address}/api/v1/links?mode=active&limit=1").json()
    (link,) = listed["links"]

    said = ("--mode", "passive", "--channel", "editorial_citation", "--by", "ann")
    done = call("linkcrawler", "label", link["id"], *said, "--store", url, folder=own_site.store.parent)

    assert done.status == 0
    page.wait_for_function(
        "n => document.querySelector(\"[data-live='links passive']\").textContent === String(n)", arg=before + 1
    )


@pytest.mark.redis
def test_the_shared_frontier_is_shown(filled: Path, redis_server: RedisServer) -> None:
    redis_server.client.flushall()
    with serving(f"sqlite:///{filled}", "--frontier", redis_server.url) as site:
        assert "this Redis holds no crawl" in ask(site, "/crawl").text
        in_thread(asyncio.run, crawl(redis_server))
        while "queued" not in (rows := facts(ask(site, "/crawl").text)):
            pass

    assert (rows["queued"], rows["dead"], rows["violations"]) == ("5", "1", "0")


@pytest.mark.redis
def test_of_several_crawls_one_is_chosen(page: Page, filled: Path, redis_server: RedisServer) -> None:
    redis_server.client.flushall()
    for key in ("first", "second"):
        in_thread(asyncio.run, crawl(redis_server, key))
    with serving(f"sqlite:///{filled}", "--frontier", redis_server.url) as site:
        page.goto(f"{site.address}/crawl")
        rows = page.get_by_role("group", name="Crawls", exact=True).locator("tbody tr")
        assert [row.split("\t")[0] for row in rows.all_inner_texts()] == ["first", "second"]
        assert "violations" not in facts(ask(site, "/crawl").text)

        page.get_by_role("link", name="second", exact=True).click()
        assert page.locator("[data-live='frontier second violations']").inner_text() == "0"
        assert facts(ask(site, "/crawl?crawl=second").text)["queued"] == "5"
        missing = ask(site, "/crawl?crawl=third")
        assert (missing.status, "it has first, second" in missing.text) == (404, True)


def facts(text: str) -> dict[str, str]:
    """What a status page tells of the frontier and the store."""
    return dict(re.findall(r'scope="row"><bdi>([^<]+)</bdi></th><td[^>]*>([^<]+)<', text))


def test_the_frontier_in_the_stores_own_file_is_shown(own_site: Served) -> None:
    assert "queued" not in facts(ask(own_site, "/crawl").text)

    async def admit() -> None:
        frontier = EmbeddedFrontier(own_site.store, "c0ffee", Limits(delay=1.0), clock=time.monotonic)
        await frontier.open()
        await frontier.begin()
        await frontier.admit([Candidate(f"https://a.example/{number}") for number in range(3)])
        await frontier.close()

    in_thread(asyncio.run, admit())
    while "queued" not in (rows := facts(ask(own_site, "/crawl").text)):
        pass
    assert (rows["queued"], rows["crawls running"]) == ("3", "1")


def test_an_empty_store_says_how_to_fill_it_and_shows_what_comes(sized_page: Page, tmp_path: Path, axe: str) -> None:
    page = sized_page
    url = f"sqlite:///{tmp_path / 'links.db'}"
    in_thread(asyncio.run, lay_out(url))
    with serving(url) as site:
        for path in ("/", "/links"):
            page.goto(f"{site.address}{path}")
            assert f"LINKCRAWLER_STORE={url}" in page.get_by_role("status").inner_text()
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            assert _violations(page, axe) == []
        page.goto(f"{site.address}/")
        fill(url)
        page.get_by_role("heading", name="Modes side by side").wait_for(timeout=150_000)


async def lay_out(url: str) -> None:
    async with open_store(url):
        pass


@pytest.mark.mongodb
def test_a_store_on_a_server_is_served_alike(mongodb_store_url: str, tmp_path: Path) -> None:
    urls = (mongodb_store_url, f"sqlite:///{tmp_path / 'links.db'}")
    paths = ["/api/v1/links?sort=-first_seen", "/api/v1/counts?by=region", "/api/v1/totals", "/links?mode=active"]
    paths.append(f"/link/{id_of('https://sea.test/tides', '/study')}")
    told = []
    for url in urls:
        in_thread(sample.fill, url)
        with serving(url) as site:
            told.append([_CHANGES.sub("", ask(site, path).text) for path in paths])

    assert told[0] == told[1]


_CHANGES = re.compile(r'value="[0-9a-f]{64}"|class="store">[^<]+')
"""What differs between any two servers: the forms' tokens, the name of the store."""
