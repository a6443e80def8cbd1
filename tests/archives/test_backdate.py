"""Captures of a page in an archive bound when its links appeared."""

import json
import subprocess
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from linkcrawler.archives.asking import ArchiveAway, Asking
from linkcrawler.archives.bisecting import bisect
from linkcrawler.records import Visit
from linkcrawler.vocabulary import Outcome
from tests.archives.cdx_server import CdxServer
from tests.archives.packing import Packed, write_warc
from tests.archives.test_own_archive import links
from tests.servers.workers import BIN, environment

PAGE = "https://a.example/page"
GUIDE, TOOL = "https://target.example/guide", "https://target.example/tool"
MONTHS = [f"2023-{month:02}" for month in range(1, 13)]


def body(month: int, day: int) -> bytes:
    """The guide is linked from May on, the tool from the second capture of September on."""
    guide = f'<a href="{GUIDE}">a guide</a>' if month >= 5 else "a guide"
    tool = f'<a href="{TOOL}">a tool</a>' if (month, day) >= (9, 15) else "a tool"
    return f"<p>Month {month}, day {day}: we read {guide} and use {tool}.</p>".encode()


def served(server: CdxServer) -> None:
    """Two captures a month, but for June; noise that is no page beside them."""
    for month, crawl in enumerate(MONTHS, 1):
        if month == 6:
            server.lines[crawl] = {}
            continue
        dates = [f"{crawl}-{day:02}T06:00:00Z" for day in (5, 15)]
        pages = [Packed(PAGE, body(month, int(date[8:10])), date=date) for date in dates]
        offsets = write_warc(server.folder / f"{crawl}.warc.gz", pages)
        ends = [*offsets[1:], (server.folder / f"{crawl}.warc.gz").stat().st_size]
        lines = [
            {
                "urlkey": "example,a)/page", "url": PAGE, "mime": "text/html", "status": "200", "digest": date,
                "timestamp": date[:19].replace("-", "").replace(":", "").replace("T", ""),
                "filename": f"{crawl}.warc.gz", "offset": str(start), "length": str(end - start),
            }
            for date, start, end in zip(dates, offsets, ends, strict=True)
        ]  # fmt: skip
        noise = [line | {"status": "301"} for line in lines] + [line | {"url": f"{PAGE}?x=1"} for line in lines]
        server.lines[crawl] = {PAGE: [*lines, *noise]}


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store that has seen both links in 2024, through an archive of its own."""
    url = f"sqlite:///{tmp_path}/links.db"
    write_warc(tmp_path / "own.warc.gz", [Packed(PAGE, body(12, 31), date="2024-02-01T00:00:00Z")])
    command = [str(BIN / "linkcrawler"), "capture", f"{tmp_path}/own.warc.gz", "--target", "target.example"]
    subprocess.run([*command, "--store", url], check=True, env=environment(), capture_output=True)
    return url


def backdate(server: CdxServer, store: str, folder: Path) -> str:
    command = [str(BIN / "linkcrawler"), "backdate", "--store", store, "--index", f"{server.url}/collinfo.json"]
    command += ["--files", f"{server.url}/", "--delay", "0", "--cache", str(folder / "cache")]
    done = subprocess.run(command, env=environment(), cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stderr


def interval(link: dict[str, Any]) -> tuple[str, str]:
    return link["appearance"]["not_before"][:10], link["appearance"]["not_after"][:10]


def test_the_appearance_of_each_link_narrows_to_two_captures_in_a_row(store: str, tmp_path: Path) -> None:
    with CdxServer(tmp_path) as server:
        served(server)
        told = backdate(server, store, tmp_path)

    by_target = {link["target_url"]: link for link in links(store, tmp_path)}
    assert interval(by_target[GUIDE]) == ("2023-04-15", "2023-05-05")
    assert interval(by_target[TOOL]) == ("2023-09-05", "2023-09-15")
    assert by_target[GUIDE]["first_seen"].startswith("2023-05-05T06:00:00")
    assert "1 pages, 22 captures, " in told
    assert 4 < len(server.files()) <= 10
    assert len(set(server.files())) > 2


def test_what_was_asked_once_is_not_asked_again(store: str, tmp_path: Path) -> None:
    with CdxServer(tmp_path) as server:
        served(server)
        backdate(server, store, tmp_path)
        first = links(store, tmp_path)
        asked = len(server.asked)
        told = backdate(server, store, tmp_path)

        assert len(server.asked) == asked
    assert told.rstrip().endswith("0 requests")
    assert links(store, tmp_path) == first


def test_a_busy_server_is_asked_again_and_not_before_it_says(tmp_path: Path) -> None:
    pauses: list[float] = []
    with CdxServer(tmp_path, troubles=[(429, {"Retry-After": "7"}, b""), (503, {}, b""), (504, {}, b"")]) as server:
        served(server)
        asking = Asking(tmp_path / "cache", "tests", delay=0, sleep=pauses.append)

        answer = asking.get(f"{server.url}/collinfo.json")

    assert answer
    assert len(json.loads(answer)) == len(MONTHS)
    assert [round(pause) for pause in pauses] == [7, 14, 28]


def test_a_server_that_stays_away_is_told_and_not_remembered(tmp_path: Path) -> None:
    with CdxServer(tmp_path, troubles=[(503, {}, b"")] * 3) as server:
        served(server)
        asking = Asking(tmp_path / "cache", "tests", delay=0, attempts=3, sleep=lambda seconds: None)

        with pytest.raises(ArchiveAway, match=r"status 503 \(3 attempts\)"):
            asking.get(f"{server.url}/collinfo.json")
        assert asking.get(f"{server.url}/collinfo.json")


def test_requests_keep_the_delay(tmp_path: Path) -> None:
    with CdxServer(tmp_path) as server:
        served(server)
        asking = Asking(tmp_path / "cache", "tests", delay=0.3)
        for page in range(3):
            asking.get(f"{server.url}/2023-01-index?url={PAGE}&page={page}")

        times = [at for at, _ in server.asked]
        assert all(later - earlier >= 0.3 for earlier, later in pairwise(times))


def test_captures_that_show_nothing_are_passed_over() -> None:
    def look(at: int) -> Visit | None:
        looked.append(at)
        moment = datetime(2023, 1, 1, at % 24, tzinfo=UTC)
        return None if at % 2 else Visit(url=PAGE, at=moment, outcome=Outcome.OK)

    looked: list[int] = []
    visits = bisect(range(20), {GUIDE: (-1, 20)}, look)

    assert len(looked) == len(set(looked)) < 12
    assert [visit.at.hour for visit in visits][-1] == 18
