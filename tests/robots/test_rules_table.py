"""Every row of RFC 9309's table of answers, in one crawl: a page is asked for if and only if its host allows it."""

import gzip
from collections import Counter

import pytest

from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker

ALLOW, DENY = True, False
PAGE = "/private/page"
FORBID = b"User-agent: *\nDisallow: /private\n"
_TEXT = {"Content-Type": "text/plain"}
_GZIP = {**_TEXT, "Content-Encoding": "gzip"}
OPEN = b"User-agent: *\nDisallow: /other\n"

ROWS = {
    "rules-deny": (Reply(200, FORBID), DENY),
    "rules-allow": (Reply(200, b"User-agent: *\nDisallow: /other\n"), ALLOW),
    "empty-file": (Reply(200, b""), ALLOW),
    "empty-disallow": (Reply(200, b"User-agent: *\nDisallow:\n"), ALLOW),
    "status-204": (Reply(204), ALLOW),
    "own-group-wins": (Reply(200, b"User-agent: *\nDisallow: /\n\nUser-agent: linkcrawler\nAllow: /\n"), ALLOW),
    "own-group-denies": (Reply(200, b"User-agent: *\nAllow: /\n\nUser-agent: LinkCrawler\nDisallow: /\n"), DENY),
    "own-groups-are-merged": (
        Reply(
            200,
            b"User-agent: linkcrawler\nDisallow: /a\n\nUser-agent: x\nDisallow:\n\n"
            b"User-agent: linkcrawler\nDisallow: /private\n",
        ),
        DENY,
    ),
    "two-agents-one-group": (Reply(200, b"User-agent: x\nUser-agent: linkcrawler\nDisallow: /private\n"), DENY),
    "group-of-another": (Reply(200, b"User-agent: otherbot\nDisallow: /\n"), ALLOW),
    "longest-match-allows": (Reply(200, b"User-agent: *\nDisallow: /private\nAllow: /private/page\n"), ALLOW),
    "longest-match-denies": (Reply(200, b"User-agent: *\nAllow: /private\nDisallow: /private/page\n"), DENY),
    "equal-length-allows": (Reply(200, b"User-agent: *\nDisallow: /private\nAllow: /private\n"), ALLOW),
    "wildcard": (Reply(200, b"User-agent: *\nDisallow: /*/page\n"), DENY),
    "end-anchor-hits": (Reply(200, b"User-agent: *\nDisallow: /private/page$\n"), DENY),
    "end-anchor-misses": (Reply(200, b"User-agent: *\nDisallow: /private$\n"), ALLOW),
    "case-of-path": (Reply(200, b"User-agent: *\nDisallow: /PRIVATE\n"), ALLOW),
    "case-of-keys": (Reply(200, b"USER-AGENT: *\nDISALLOW: /private\n"), DENY),
    "escapes": (Reply(200, b"User-agent: *\nDisallow: /pr%69vate\n"), DENY),
    "comments-and-blanks": (Reply(200, b"# hi\n\n  User-agent : * # all\n\n Disallow : /private # no\n"), DENY),
    "byte-order-mark": (Reply(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /private\n"), DENY),
    "carriage-returns": (Reply(200, FORBID.replace(b"\n", b"\r")), DENY),
    "no-newline-at-end": (Reply(200, FORBID.rstrip()), DENY),
    "unknown-lines": (Reply(200, b"User-agent: *\nNoindex: /x\nSitemap: /s.xml\nDisallow: /private\n"), DENY),
    "html-instead": (Reply(200, b"<!doctype html><title>Not found</title>"), ALLOW),
    "binary": (Reply(200, bytes(range(256)) * 40), ALLOW),
    "rule-within-500-kib": (Reply(200, b"#" * 511_900 + b"\n" + FORBID), DENY),
    "rule-beyond-500-kib": (Reply(200, b"User-agent: *\n" + b"# filler\n" * 70_000 + b"Disallow: /private\n"), ALLOW),
    "packed": (Reply(200, gzip.compress(FORBID), _GZIP), DENY),
    "packed-allow": (Reply(200, gzip.compress(OPEN), _GZIP), ALLOW),
    "packed-500-kib": (Reply(200, gzip.compress(OPEN + b"# filler\n" * 70_000), _GZIP), ALLOW),
    "packing-broke-off": (Reply(200, gzip.compress(OPEN)[:-3], _GZIP), DENY),
    "packing-unknown": (Reply(200, OPEN, {**_TEXT, "Content-Encoding": "br"}), DENY),
    "broke-off": (Reply(200, OPEN, {**_TEXT, "Content-Length": "400"}, pieces=1), DENY),
    "broke-off-absent": (Reply(404, OPEN, {**_TEXT, "Content-Length": "400"}, pieces=1), ALLOW),
    "drips-too-slowly": (Reply(200, b"# drip\n", _TEXT, pieces=1000, pause=0.05), DENY),
    "status-400": (Reply(400), ALLOW),
    "status-401": (Reply(401), ALLOW),
    "status-403": (Reply(403), ALLOW),
    "status-404": (Reply(404, FORBID), ALLOW),
    "status-410": (Reply(410), ALLOW),
    "status-429": (Reply(429, headers={"Retry-After": "600"}), DENY),
    "status-500": (Reply(500, b"User-agent: *\nAllow: /\n"), DENY),
    "status-503": (Reply(503), DENY),
    "no-answer": (Reply(hang_up=True), DENY),
    "too-slow": (Reply(200, wait=30.0), DENY),
    "redirect-301": (Reply(301, headers={"Location": "/rules-elsewhere"}), DENY),
    "redirect-to-another-host": (Reply(302, headers={"Location": "http://other.example/robots.txt"}), DENY),
    "redirect-5-hops": (Reply(302, headers={"Location": "/hop/4"}), DENY),
    "redirect-6-hops": (Reply(302, headers={"Location": "/hop/5"}), ALLOW),
    "redirect-to-nowhere": (Reply(302, headers={}), ALLOW),
    "redirect-to-private": (Reply(302, headers={"Location": "http://10.0.0.1/robots.txt"}), DENY),
    "redirect-to-404": (Reply(302, headers={"Location": "/absent"}), ALLOW),
}


def answer(host: str, path: str) -> Reply:
    row = host.removesuffix(".example")
    if path == PAGE:
        return Reply(200, b"<html><body>A page.</body></html>")
    if path == "/robots.txt":
        return Reply(200, FORBID) if row == "other" else ROWS[row][0]
    if path.startswith("/hop/"):
        left = int(path.rpartition("/")[2])
        return Reply(302, headers={"Location": f"/hop/{left - 1}"}) if left else Reply(200, FORBID, _TEXT)
    return Reply(200, FORBID, _TEXT) if path == "/rules-elsewhere" else Reply(404)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Web:
    """One crawl over a host for each row."""
    folder = tmp_path_factory.mktemp("robots")
    seeds = folder / "seeds.txt"
    seeds.write_text("\n".join(f"http://{row}.example{PAGE}" for row in ROWS))
    with Web(answer) as web:
        settings = {"DOWNLOAD_DELAY": 0.05, "DOWNLOAD_TIMEOUT": 4, "LINKCRAWLER_MAX_ATTEMPTS": 1}
        command = crawl_command("target.example", seeds, {"follow": "none"}, settings)
        assert start_worker(command, folder, web.proxy).wait(120) == 0, (folder / "worker.log").read_text()[-3000:]
    return web


@pytest.mark.parametrize("row", ROWS)
def test_row(web: Web, row: str) -> None:
    asked = any(hit.host == f"{row}.example" for hit in web.pages() if hit.path == PAGE)

    assert asked is ROWS[row][1]


def test_each_host_is_asked_once_for_its_file(web: Web) -> None:
    asked = Counter(hit.host for hit in web.hits if hit.path == "/robots.txt")

    assert {host: number for host, number in asked.items() if number > 1} == {}
    assert len(asked) == len(ROWS) + 1


def test_the_file_counts_towards_the_host_s_politeness(web: Web) -> None:
    last: dict[str, float] = {}
    for hit in web.hits:
        assert hit.began - last.get(hit.host, 0.0) >= 0.045, hit
        last[hit.host] = hit.ended or float("inf")
