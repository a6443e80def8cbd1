"""Exports of every vendor, in several encodings: read with exact counts, and never twice."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from linkcrawler.errors import UsageError
from linkcrawler.targets import parse_target
from pipelines.imports.importing import Reading, read_file
from pipelines.stores.seeds import KnownSeed
from tests.imports.exports import (
    AHREFS,
    AHREFS_API,
    CANONICAL,
    GOOGLE,
    LAST,
    LOST,
    PAGES,
    SINCE,
    TARGET,
    WITH_TARGET,
    encoded,
    separated,
    workbook,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENCODINGS = [name for name, _ in encoded(AHREFS)]


def read(folder: Path, body: bytes | str, spec: str | None = None, name: str = "export.csv", **more: object) -> Reading:
    path = folder / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    target = parse_target(spec) if spec else None
    reading = read_file(path, target=target, noted_at=NOW, **more)  # type: ignore[arg-type]
    found = reading.found
    assert found.rows == len(found.seeds) + found.repeated + sum(found.passed_over.values()) + len(found.bad)
    return reading


def check(reading: Reading, origin: str, target_url: str, *, bad: int = 8) -> None:
    found = reading.found
    assert reading.origin == origin
    assert [(seed.url, seed.row, seed.target, seed.target_url) for seed in found.seeds] == [
        (url, row, "example.org", target_url) for row, url in enumerate(CANONICAL, bad - 6)
    ]
    assert (found.rows, found.repeated, dict(found.passed_over)) == (7, 1, {"on the target's own site": 1})
    assert [row.line for row in found.bad] == [bad]
    assert "'no address'" in found.bad[0].problem
    assert found.unread_days == ()


@pytest.mark.parametrize("encoding", range(len(ENCODINGS)), ids=ENCODINGS)
@pytest.mark.parametrize("vendor", WITH_TARGET)
def test_each_vendor_in_each_encoding(vendor: str, encoding: int, tmp_path: Path) -> None:
    body = [body for _, body in encoded(WITH_TARGET[vendor])][encoding]

    check(read(tmp_path, body), vendor, TARGET)
    check(read(tmp_path, gzip.compress(body), "example.org"), vendor, TARGET)


@pytest.mark.parametrize("vendor", WITH_TARGET)
def test_each_vendor_as_a_workbook(vendor: str, tmp_path: Path) -> None:
    path = workbook(WITH_TARGET[vendor], tmp_path / "made.xlsx")

    check(read(tmp_path, path.read_bytes(), name="export.xlsx"), vendor, TARGET)


@pytest.mark.parametrize("encoding", range(len(ENCODINGS)), ids=ENCODINGS)
@pytest.mark.parametrize("lines", GOOGLE, ids=lambda lines: lines[0][0])
def test_search_console_in_its_languages(lines: list[list[str]], encoding: int, tmp_path: Path) -> None:
    reading = read(tmp_path, [body for _, body in encoded(lines)][encoding], "example.org")

    check(reading, "google", "")
    assert {seed.last for seed in reading.found.seeds} == ({date.fromisoformat(LAST)} if len(lines[0]) > 1 else {None})
    assert {seed.since for seed in reading.found.seeds} == {None}


def test_days_are_the_vendors_word(tmp_path: Path) -> None:
    seeds = read(tmp_path, separated(AHREFS)).found.seeds

    since, last, lost = map(date.fromisoformat, (SINCE, LAST, LOST))
    assert [(seed.since, seed.last, seed.lost) for seed in seeds] == [(since, last, None)] * 3 + [(since, last, lost)]
    assert {(seed.origin, seed.source, seed.noted_at) for seed in seeds} == {("ahrefs", "export.csv", NOW)}


def test_json_lines_and_answers_of_interfaces(tmp_path: Path) -> None:
    header, *lines = AHREFS_API
    objects = [dict(zip(header, line, strict=True)) for line in lines]
    broken = "\n".join([*map(json.dumps, objects[:4]), "{broken", json.dumps(objects[4])])
    wrapped = json.dumps({"tasks": [{"result": [{"items": objects}]}]})

    check(read(tmp_path, wrapped, name="answer.json"), "ahrefs", TARGET, bad=7)
    found = read(tmp_path, broken, name="links.jsonl").found
    assert [row.line for row in found.bad] == [5]
    assert ([seed.url for seed in found.seeds], found.repeated) == ([*CANONICAL], 1)


def test_sites_are_seeds_as_well(tmp_path: Path) -> None:
    text = "Site,Linking pages,Target pages\nexample.net,10,2\nexample.com,3,1\n"
    found = read(tmp_path, text, "example.org")

    assert found.origin == "google"
    assert [seed.url for seed in found.found.seeds] == ["https://example.net/", "https://example.com/"]


@pytest.mark.parametrize("header", ["", "Wo es steht,Wann\n", "見つけた場所,日付\n"])
def test_addresses_tell_themselves(header: str, tmp_path: Path) -> None:
    lines = "".join(f"{page},2024-01-31\n" if header else f"{page}\n" for page in PAGES)
    reading = read(tmp_path, header + lines, "example.org")

    assert [seed.url for seed in reading.found.seeds] == [*CANONICAL]
    assert [seed.row for seed in reading.found.seeds] == [*range(2 if header else 1, 6 if header else 5)]


@pytest.mark.parametrize("text", ["example.net\nexample.com/links\n", "https://example.net/\n"])
def test_a_plain_list(text: str, tmp_path: Path) -> None:
    reading = read(tmp_path, text, "example.org")

    assert reading.origin == "list"
    assert [seed.row for seed in reading.found.seeds] == [*range(1, text.count("\n") + 1)]
    assert reading.found.seeds[0].url == "https://example.net/"


def test_pages_go_before_sites_and_days_keep_their_names(tmp_path: Path) -> None:
    text = "Domain,Fundstelle,First seen\n" + "".join(f"example.net,{page},2023-05-02\n" for page in PAGES)
    found = read(tmp_path, text, "example.org").found.seeds

    assert [(seed.url, str(seed.since)) for seed in found] == [(url, SINCE) for url in CANONICAL]


def test_of_two_columns_of_addresses_the_targets_is_told_by_the_target(tmp_path: Path) -> None:
    text = "wohin,woher\n" + "".join(f"{TARGET},{page}\n" for page in PAGES)

    found = read(tmp_path, text, "example.org").found.seeds
    assert [(seed.url, seed.target_url) for seed in found] == [(url, TARGET) for url in CANONICAL]
    with pytest.raises(UsageError, match=r"has 'wohin', 'woher' and 4 rows.*an export of Ahrefs.*--column url="):
        read(tmp_path, text)


def test_columns_by_hand(tmp_path: Path) -> None:
    text = f"wohin,woher,erstmals\n{TARGET},{PAGES[0]},02.05.2023\n"
    named = {"url": "woher", "target": "Wohin", "since": "erstmals"}

    assert read(tmp_path, text, named=named).found.seeds == (
        KnownSeed(
            url=PAGES[0], origin="by hand", source="export.csv", row=2, target="example.org", target_url=TARGET,
            since=date(2023, 5, 2), noted_at=NOW,
        ),
    )  # fmt: skip


REFUSED = [
    ("Linking page\nhttps://a.example/\n", {}, "does not say what the pages link to: add --target"),
    ("Linking page\nhttps://a.example/\n", {"form": "nobody"}, "--format nobody: not known; expected one of ahrefs"),
    ("name,size\na,b\n", {}, "it has 'name', 'size' and 1 rows"),
    ("Source url,Target url,First seen\nhttps://a.example/,https://b.example/,03/04/2026\n", {}, "--dates day-first"),
    ("", {}, "the file is empty"),
    (b"\x00\x01\x02\x03" * 50, {}, "no text"),
    (b"PK\x03\x04 no workbook", {}, "not a readable XLSX"),
    (b"\x1f\x8b no gzip", {}, "cannot be read"),
]


@pytest.mark.parametrize(("body", "more", "hint"), REFUSED)
def test_what_is_not_understood_is_said_with_what_to_do(
    body: bytes | str, more: dict[str, str], hint: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, body, **more)

    assert hint in str(caught.value)


def test_a_day_that_is_none_costs_the_day_alone(tmp_path: Path) -> None:
    text = (
        "Source url,Target url,First seen\n"
        f"{PAGES[0]},{TARGET},2023-02-30\n{PAGES[1]},{TARGET},2999-01-01\n{PAGES[2]},{TARGET},soon\n"
    )
    found = read(tmp_path, text).found

    assert [seed.since for seed in found.seeds] == [None] * 3
    assert [row.line for row in found.unread_days] == [2, 3, 4]


def test_rows_about_another_target_are_counted(tmp_path: Path) -> None:
    text = f"Source url,Target url\n{PAGES[0]},{TARGET}\n{PAGES[1]},https://other.example/\n"

    assert read(tmp_path, text, "example.org").found.passed_over == {"about another target": 1}
    assert [seed.target for seed in read(tmp_path, text).found.seeds] == ["example.org", "other.example"]
