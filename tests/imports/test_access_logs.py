"""Logs of web servers: referrers become seeds with the day of the first click; what is no page is counted."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from linkcrawler.targets import parse_target
from pipelines.imports.importing import Reading, read_file

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
N = 20
"""Pages of ours to which one visitor comes from one page: what counts as spam."""
CLICKS = (
    ("203.0.113.1", "02/May/2025", "/study", "https://blog.example.net/tides?utm=1", FIREFOX),
    ("203.0.113.2", "30/Apr/2025", "/study", "https://blog.example.net/tides?utm=1", FIREFOX),
    ("203.0.113.2", "03/May/2025", "/", "https://blog.example.net/tides?utm=1", FIREFOX),
    ("203.0.113.3", "04/May/2025", "/study", "https://news.example.com/", FIREFOX),
    ("203.0.113.3", "04/May/2025", "/study", "https://www.example.org/", FIREFOX),
    ("203.0.113.4", "04/May/2025", "/study", "-", FIREFOX),
    ("203.0.113.4", "04/May/2025", "/study", "https://www.google.co.uk/", FIREFOX),
    ("203.0.113.4", "04/May/2025", "/study", "https://duckduckgo.com/?q=x", FIREFOX),
    ("203.0.113.4", "04/May/2025", "/study", "android-app://com.example.reader/", FIREFOX),
    ("203.0.113.5", "04/May/2025", "/", "http://site7.free-share-buttons.com/", FIREFOX),
    ("203.0.113.5", "04/May/2025", "/", "http://semalt.semalt.example/crawler.php", FIREFOX),
    ("203.0.113.6", "04/May/2025", "/study", "https://list.example.net/", "ExampleBot/2.1 (+https://bot.example/)"),
    *(("203.0.113.7", "05/May/2025", f"/page/{number}", "https://spray.example.net/x", FIREFOX) for number in range(N)),
)
SEEDS = [
    ("https://blog.example.net/tides?utm=1", 1, "https://example.org/study", date(2025, 4, 30), date(2025, 5, 2)),
    ("https://blog.example.net/tides?utm=1", 3, "https://example.org/", date(2025, 5, 3), date(2025, 5, 3)),
    ("https://news.example.com/", 4, "https://example.org/study", date(2025, 5, 4), date(2025, 5, 4)),
]
MONTHS = {"Apr": "04", "May": "05"}
PASSED = {
    "on the target's own site": 1, "without a referrer": 1, "from a search engine or mailbox": 2, "from no web page": 1,
    "spam by name": 2, "by a robot": 1, "spam: one visitor, many pages": N,
}  # fmt: skip


def combined(host: str = "") -> str:
    return "".join(
        f'{host}{client} - - [{day}:10:00:00 +0000] "GET {path} HTTP/1.1" 200 512 "{referrer}" "{agent}"\n'
        for client, day, path, referrer, agent in CLICKS
    )


def nginx(client: str, day: str, path: str, referrer: str, agent: str) -> dict[str, object]:
    number, month, year = day.split("/")
    return {
        "time_iso8601": f"{year}-{MONTHS[month]}-{number}T10:00:00+00:00",
        "remote_addr": client,
        "http_host": "example.org",
        "request": f"GET {path} HTTP/2.0",
        "status": "200",
        "http_referer": referrer,
        "http_user_agent": agent,
    }


def caddy(client: str, day: str, path: str, referrer: str, agent: str) -> dict[str, object]:
    number, month, year = day.split("/")
    moment = datetime(int(year), int(MONTHS[month]), int(number), 10, tzinfo=UTC).timestamp()
    headers = {"Referer": [referrer], "User-Agent": [agent]}
    request = {"remote_ip": client, "method": "GET", "host": "example.org:443", "uri": path, "headers": headers}
    return {"level": "info", "ts": moment, "request": request, "status": 200}


COMBINED = combined()
JSON_LINES = "".join(json.dumps(nginx(*click)) + "\n" for click in CLICKS)
LOGS = {
    "combined": COMBINED,
    "combined with host": combined("example.org:443 "),
    "nginx as JSON": JSON_LINES,
    "caddy": "".join(json.dumps(caddy(*click)) + "\n" for click in CLICKS),
}


def read(folder: Path, text: str, spec: str | None = "example.org") -> Reading:
    path = folder / "access.log"
    path.write_text(text)
    reading = read_file(path, target=parse_target(spec) if spec else None, noted_at=NOW)
    found = reading.found
    assert found.rows == len(found.seeds) + found.repeated + sum(found.passed_over.values()) + len(found.bad)
    return reading


@pytest.mark.parametrize("form", LOGS)
def test_referrers_become_seeds(form: str, tmp_path: Path) -> None:
    for spec in ("example.org", None) if form != "combined" else ("example.org",):
        reading = read(tmp_path, LOGS[form], spec)

        assert reading.origin == "access log"
        told = [(seed.url, seed.row, seed.target_url, seed.since, seed.last) for seed in reading.found.seeds]
        assert told == SEEDS
        assert Counter(reading.found.passed_over) == PASSED
        assert (reading.found.repeated, reading.found.bad) == (1, ())


def test_a_broken_line_is_told_with_its_number(tmp_path: Path) -> None:
    lines = COMBINED.splitlines(keepends=True)
    found = read(tmp_path, "".join([*lines[:2], "half a li\n", *lines[2:]])).found

    [bad] = found.bad
    assert (bad.line, bad.problem) == (3, "expected a line in combined format, got 'half a li'")
    assert len(found.seeds) == len(SEEDS)


def test_a_log_without_referrers_is_told_what_it_lacks(tmp_path: Path) -> None:
    line = '203.0.113.1 - - [02/May/2025:10:00:00 +0000] "GET /study HTTP/1.1" 200 512\n'

    assert "write the combined format" in read(tmp_path, line).found.bad[0].problem


def test_other_sites_of_the_server_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, combined("other.example ") + combined("example.org ")).found

    assert len(found.seeds) == len(SEEDS)
    assert found.passed_over["about another target"] > 0
