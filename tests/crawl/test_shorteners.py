"""Links through shorteners: left alone by default, resolved on request, and no more often than a host allows."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.servers.web import Reply, Web
from tests.servers.workers import BIN, crawl_command, environment, start_worker

DELAY = 0.2
PAGE = b"""<p>Read <a href="http://bit.ly/one">this guide</a> and <a href="http://bit.ly/away">that</a>,
<a href="http://tinyurl.com/twice">an old one</a>, <a href="http://is.gd/forbidden">a hidden one</a>.</p>"""
MOVED = {
    ("bit.ly", "/one"): "https://target.example/guide",
    ("bit.ly", "/away"): "https://other.example/",
    ("tinyurl.com", "/twice"): "http://bit.ly/three",
    ("bit.ly", "/three"): "https://target.example/old",
    ("is.gd", "/forbidden"): "https://target.example/hidden",
}


def answer(host: str, path: str) -> Reply:
    if path == "/robots.txt":
        return Reply(200, b"User-agent: *\nDisallow: /forbidden\n")
    if (host, path) in MOVED:
        return Reply(301, headers={"Location": MOVED[host, path]})
    return Reply(200, PAGE) if host in ("a.example", "b.example") else Reply(404)


def crawled(folder: Path, arguments: dict[str, object]) -> tuple[dict[str, dict[str, Any]], Web, dict[str, int]]:
    """Links by source and target, what was asked, and the counts of shorteners."""
    store = f"sqlite:///{folder / 'links.db'}"
    settings = {"DOWNLOAD_DELAY": DELAY, "LINKCRAWLER_STORE": store, "STATS_DUMP": 1}
    seeds = "http://a.example/,http://b.example/"
    with Web(answer) as web:
        command = crawl_command("target.example", seeds, {"follow": "none", **arguments}, settings)
        assert start_worker(command, folder, web.proxy).wait(90) == 0, (folder / "worker.log").read_text()[-3000:]
    listing = [str(BIN / "linkcrawler"), "links", "--store", store, "--format", "jsonl"]
    done = subprocess.run(listing, cwd=folder, env=environment(), capture_output=True, text=True)
    assert not done.returncode or "no link" in done.stderr, done.stderr
    links = [json.loads(line) for line in done.stdout.splitlines()]
    log = (folder / "worker.log").read_text()
    counts = {name: int(number) for name, number in re.findall(r"'linkcrawler/shorteners/([\w/]+)': (\d+)", log)}
    return {f"{link['source_url']} {link['target_url']}": link for link in links}, web, counts


def test_shorteners_are_not_asked_unless_told(tmp_path: Path) -> None:
    links, web, counts = crawled(tmp_path, {})

    assert not links
    assert not counts
    assert {hit.host for hit in web.hits} == {"a.example", "b.example"}


def test_links_through_shorteners_count_for_their_destination(tmp_path: Path) -> None:
    links, web, counts = crawled(tmp_path, {"resolve_shorteners": 1})

    assert links.keys() == {
        f"http://{host}.example/ https://target.example/{path}" for host in "ab" for path in ("guide", "old")
    }
    (placement,) = links["http://a.example/ https://target.example/old"]["placements"]
    assert placement["via"] == ["http://tinyurl.com/twice", "http://bit.ly/three"]
    assert placement["anchor"] == "an old one"
    assert counts == {"resolved": 4, "refused/robots": 1}
    asked = [(hit.host, hit.path) for hit in web.pages() if hit.host in ("bit.ly", "tinyurl.com", "is.gd")]
    assert sorted(asked) == sorted(key for key in MOVED if key[0] != "is.gd")
    assert not [hit for hit in web.hits if hit.host.endswith(("target.example", "other.example"))]


@pytest.mark.parametrize("value", ["yes", "2"])
def test_another_value_is_refused(tmp_path: Path, value: str) -> None:
    command = crawl_command("target.example", "http://a.example/", {"resolve_shorteners": value}, {})

    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True)

    assert done.returncode
    assert "resolve_shorteners" in done.stderr
