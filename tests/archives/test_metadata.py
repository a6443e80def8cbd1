"""What metadata tell of a link goes with, and never before, what was read of the page itself."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.archives.packing import Packed, write_warc, write_wat
from tests.archives.test_own_archive import captured, links
from tests.servers.workers import BIN, environment

BODY = b"""<html><head><base href="https://a.example/x/"><title>T</title></head><body><main><h1>On tools</h1>
<p>Long ago we tried <a href="//Target.example/tool?b=2&amp;a=1#top" rel="NoFollow  ugc" title="A tool">this tool</a>,
which did its work.</p><p><a href="https://t.example/?u=https://target.example/">other</a></p></main>
<iframe src="https://target.example/frame"></iframe></body></html>"""
PAGE = "https://a.example/page"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    names = {"old": "old.warc.wat.gz", "page": "page.warc.gz", "new": "new.warc.wat.gz"}
    found = {kind: tmp_path / name for kind, name in names.items()}
    write_wat(found["old"], [Packed(PAGE, BODY, date="2022-01-01T00:00:00Z")], warc="crawl/segment/old.warc.gz")
    write_warc(found["page"], [Packed(PAGE, BODY, date="2023-01-01T00:00:00Z")])
    write_wat(found["new"], [Packed(PAGE, BODY, date="2024-01-01T00:00:00Z")])
    return found


def events(store: str, folder: Path) -> list[dict[str, Any]]:
    command = [str(BIN / "linkcrawler"), "events", "--store", store, "--since", "2000-01-01", "--format", "jsonl"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_wat_record_gives_address_words_and_rel(files: dict[str, Path]) -> None:
    (visit,) = map(json.loads, captured([files["old"]]).stdout.splitlines())

    assert (visit["outcome"], visit["page"], visit["at"]) == ("truncated", None, "2022-01-01T00:00:00Z")
    assert visit["detail"].startswith("archive old.warc.gz 0 sha1:")
    tool, frame = (sighting["placements"][0] for sighting in visit["sightings"])
    assert tool["target_url"] == "https://target.example/tool?a=1&b=2"
    assert (tool["anchor"], tool["rel"], tool["title"]) == ("this tool", ["nofollow", "ugc"], "A tool")
    assert (tool["region"], tool["region_rule"], tool["context"]["sentence"]) == ("other", "archive metadata", "")
    assert frame["kind"] == "iframe"


@pytest.mark.parametrize("order", [("old", "page", "new"), ("page", "new", "old"), ("new", "old", "page")])
def test_in_any_order_the_page_itself_is_shown_and_dates_are_those_of_all(
    files: dict[str, Path], tmp_path: Path, order: tuple[str, ...]
) -> None:
    store = f"sqlite:///{tmp_path}/links.db"
    for name in order:
        assert captured([files[name]], "--store", store).returncode == 0

    (link,) = (link for link in links(store, tmp_path) if link["target_url"].endswith("a=1&b=2"))

    assert (link["first_seen"][:4], link["last_seen"][:4], link["status"]) == ("2022", "2024", "live")
    assert link["region"] == "body"
    assert link["context"]["heading"] == ["On tools"]
    assert {(event["kind"], event["at"][:4]) for event in events(store, tmp_path)} == {("appeared", "2022")}


@pytest.mark.parametrize("told", ["{}", '{"Envelope": 7}', '{"Envelope": {"Payload-Metadata": {"x": 1', "nul\0"])
def test_what_is_no_wat_record_is_counted(tmp_path: Path, told: str) -> None:
    raw = f"{told} target.example".encode()
    head = b"WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: 2022-01-01T00:00Z\r\n"
    path = tmp_path / "odd.warc.wat"
    path.write_bytes(head + b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (len(raw), raw))

    done = captured([path])

    assert (done.returncode, done.stdout) == (0, "")
    assert "1 refused/not understood" in done.stderr
