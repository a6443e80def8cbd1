"""Where every address of a crawl went: admitted or refused, and of those admitted, stored or given up, by reason."""

import gzip
import json
import re
import sqlite3
from typing import NamedTuple

import pytest

from linkcrawler.settings import ITEM_PIPELINES
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker

HTML = {"Content-Type": "text/html"}
SESSION = "PHPSESSID=q8r7s6t5u4v3w2x1y0"


def page(*links: str) -> Reply:
    return Reply(200, "".join(f'<a href="{link}">words</a>' for link in links).encode())


def moved(to: str) -> Reply:
    return Reply(302, headers={"Location": to})


LINKS = {
    "/dropped": page("/after-dropped"),
    "/after-dropped": page(),
    "/failing": page("/after-failing"),
    "/forbidden/": page(),
    "/film": Reply(200, b"x" * 65_536, {"Content-Type": "video/mp4"}, pieces=100, pause=0.001),
    "/brotli": Reply(200, b"\x0b\x02\x80words\x03", {**HTML, "Content-Encoding": "br"}),
    "/half": Reply(200, gzip.compress(b"<p>words</p>" * 50)[:-9], {**HTML, "Content-Encoding": "gzip"}),
    "/two": Reply(200, gzip.compress(b"<p>one") + gzip.compress(b'<a href="/whole">'), {"Content-Encoding": "gzip"}),
    "/whole": page(),
    "/into-a-trap": moved("/calendar/2199/01/"),
    "/log-in": moved(f"/members?b=2&{SESSION}&a=1"),
    "/members?a=1&b=2": page(),
    "/cookies": moved(f"/cookies?{SESSION}"),
    f"/cookies?{SESSION}": page(),
}
UNLINKED = {"/after-dropped", "/whole", "/members?a=1&b=2", f"/cookies?{SESSION}"}
ELSEWHERE = (
    "http://10.0.0.1/",
    "/calendar/2199/02/",
    "mailto:me@a.example",
    "/",
    "/whole?sid=0123456789abcdef",
    "http://www.denied.example/",
)


class Crawl(NamedTuple):
    counts: dict[str, int]
    visits: dict[str, tuple[str, str]]
    """Outcome and detail by path."""
    web: Web
    log: str


def answer(host: str, path: str) -> Reply:
    if path == "/robots.txt":
        return Reply(200, b"User-agent: *\nDisallow: /forbidden/\n")
    return page(*(LINKS.keys() - UNLINKED), *ELSEWHERE) if path == "/" else LINKS.get(path, Reply(404))


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    folder = tmp_path_factory.mktemp("counts")
    settings = {
        "DOWNLOAD_DELAY": 0.05,
        "LINKCRAWLER_STORE": f"sqlite:///{folder / 'links.db'}",
        "LINKCRAWLER_MAX_ATTEMPTS": 2,
        "LINKCRAWLER_DENY_HOSTS": "denied.example",
        "STATS_DUMP": 1,
        "ITEM_PIPELINES": json.dumps({**ITEM_PIPELINES, "tests.crawl.failing.Failing": 200}),
    }
    with Web(answer) as web:
        command = crawl_command("target.example", "http://a.example/", {"follow": "web"}, settings)
        assert start_worker(command, folder, web.proxy).wait(60) == 0, (folder / "worker.log").read_text()[-3000:]
    log = (folder / "worker.log").read_text()
    counts = {name: int(number) for name, number in re.findall(r"'linkcrawler/([\w/ ]+)': (\d+)", log)}
    with sqlite3.connect(folder / "links.db") as db:
        visits = {url.removeprefix("http://a.example"): (how, why) for url, how, why in
                  db.execute("SELECT url, outcome, detail FROM visits")}  # fmt: skip
    return Crawl(counts, visits, web, log)


def under(counts: dict[str, int], prefix: str) -> dict[str, int]:
    return {name.removeprefix(prefix): number for name, number in counts.items() if name.startswith(prefix)}


def test_what_was_seen_was_admitted_or_refused(crawl: Crawl) -> None:
    counts = crawl.counts
    on_front, on_others, redirects = len(LINKS) - len(UNLINKED) + len(ELSEWHERE), 2, 3

    refused = under(counts, "urls/refused/")

    assert refused == {"trap": 2, "not_http": 1, "duplicate": 2}
    assert counts["urls/admitted"] + sum(refused.values()) == on_front + on_others + redirects


def test_what_was_admitted_was_stored_or_given_up(crawl: Crawl) -> None:
    counts, visits, web, log = crawl
    dropped, failed, denied, seeds = 1, 1, 1, 1

    assert under(counts, "pages/refused/") == {
        "denied_host": 1, "robots": 1, "private_address": 1, "too_many_failures": 1,
    }  # fmt: skip
    assert not [hit for hit in crawl.web.hits if hit.host == "www.denied.example"]
    assert counts["urls/admitted"] + seeds == counts["visits"] + dropped + failed + denied
    assert len(visits) == counts["visits"]
    assert "queued pages not kept: 1 denied_host, 1 private_address, 1 robots, 1 too_many_failures" in log
    assert sum(hit.path == "/failing" for hit in web.hits) == 2
    assert not [hit for hit in web.hits if hit.path == "/after-failing"]


def test_links_of_a_dropped_page_are_followed(crawl: Crawl) -> None:
    assert "/dropped" not in crawl.visits
    assert crawl.visits["/after-dropped"] == ("ok", "")


def test_a_page_that_was_not_read_whole_says_nothing_of_its_links(crawl: Crawl) -> None:
    visits = crawl.visits

    assert visits["/brotli"] == ("not_html", "Content-Encoding: br")
    assert visits["/half"][0] == "truncated"
    assert visits["/film"] == ("not_html", "video/mp4")
    assert visits["/two"][0] == visits["/whole"][0] == "ok"


def test_redirects_lead_into_no_trap_and_carry_no_session(crawl: Crawl) -> None:
    _, visits, web, _ = crawl

    assert visits["/log-in"] == ("redirected", "http://a.example/members?a=1&b=2")
    assert visits["/members?a=1&b=2"][0] == visits[f"/cookies?{SESSION}"][0] == "ok"
    assert not [hit for hit in web.hits if "calendar" in hit.path or hit.path.startswith("/members?b")]
