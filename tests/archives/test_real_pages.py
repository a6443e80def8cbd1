"""Real pages out of archives give what they give over HTTP."""

import gzip
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from linkcrawler.archives.prefilter import Prefilter
from linkcrawler.archives.reading import ArchiveReader
from linkcrawler.archives.visits import visit_of
from linkcrawler.capture import load_vocabulary
from linkcrawler.domains import registered_domain
from linkcrawler.targets import parse_targets
from linkcrawler.urls import canonicalize, host_of, join
from tests.archives.crawling import archive_command, read_archives
from tests.archives.packing import Packed, write_warc, write_wat
from tests.crawl.conftest import RealWeb, crawl_command, realweb, run, stored_links
from tests.crawl.test_realweb import timeless

__all__ = ["realweb"]

Pairs = set[tuple[str, str]]

TARGET = "wikipedia.org"
VOCABULARY = load_vocabulary()


def packed(gold: Path) -> list[Packed]:
    """The pages that name the target in any way, and one in ten of the others."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    pages = [json.loads(line) for line in (gold / "pages.jsonl").read_text().splitlines()]
    found = [
        Packed(page["url"], gzip.decompress((gold / "pages" / page["file"]).read_bytes()), date=now) for page in pages
    ]
    return [page for number, page in enumerate(found) if b"wiki" in page.body.lower() or number % 10 == 0]


@pytest.mark.gold
def test_archives_give_the_links_that_the_web_gives(gold: Path, realweb: RealWeb, tmp_path: Path) -> None:
    pages = packed(gold)
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(page.url for page in pages))
    web = f"sqlite:///{tmp_path}/web.db"
    run(crawl_command(TARGET, seeds, web), realweb, tmp_path)
    want = stored_links(web, tmp_path)
    write_warc(tmp_path / "pages.warc.gz", pages)
    write_wat(tmp_path / "pages.warc.wat.gz", pages)

    of_warc, of_wat = (archived(tmp_path, file) for file in ("pages.warc.gz", "pages.warc.wat.gz"))

    assert len(want) > 100
    assert timeless(of_warc) == timeless(want)
    assert pairs(of_wat) == pairs(want)
    assert {placement["region"] for link in of_wat for placement in link["placements"]} == {"other"}


def members(raw: bytes, records: int) -> bytes:
    """The records of a WAT file, so many to a gzip member."""
    parts = re.split(rb"(?<=\r\n\r\n)(?=WARC/1\.0\r\n)", raw)
    return b"".join(gzip.compress(b"".join(parts[at : at + records]), 1) for at in range(0, len(parts), records))


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "a member a record": lambda raw: members(raw, 1),
    "seven records a member": lambda raw: members(raw, 7),
    "one member": lambda raw: gzip.compress(raw, 1),
    "not packed": lambda raw: raw,
    "no line feed at the end": lambda raw: members(raw.rstrip(b"\r\n"), 1),
}


@pytest.fixture(scope="module")
def wat(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Pairs]:
    """Records of real pages, and what a plain reading of them finds."""
    path = tmp_path_factory.mktemp("wat") / "pages.warc.wat.gz"
    write_wat(path, packed(shared / "gold")[::2])
    raw = gzip.decompress(path.read_bytes())
    return raw, plainly_read(raw)


@pytest.mark.gold
@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("number", [1, 1000])
def test_wat_files_give_what_a_plain_reading_gives(wat: tuple[bytes, Pairs], packing: str, number: int) -> None:
    told, want = wat
    raw = PACKINGS[packing](told)
    targets = parse_targets(",".join([TARGET, *(f"host-{at}.example" for at in range(number - 1))]))
    reader = ArchiveReader(io.BytesIO(raw), Prefilter(targets))
    visits = [visit_of(record, "a.wat", targets, VOCABULARY) for record in reader]
    found = {
        (visit.url, placement.href)
        for visit in visits
        if not isinstance(visit, str)
        for sighting in visit.sightings
        for placement in sighting.placements
        if placement.kind == "a" and not placement.via
    }

    assert not reader.problem
    assert len(found) > 50
    assert found == want
    assert reader.counts["records"] == told.count(b"WARC/1.0\r\n")


def plainly_read(raw: bytes) -> Pairs:
    """Pages and hyperlinks to the target's domain, by warcio and json, without a prefilter."""
    found = set()
    for record in ArchiveIterator(io.BytesIO(raw)):
        told = json.loads(record.content_stream().read())["Envelope"]
        page = canonicalize(told["WARC-Header-Metadata"]["WARC-Target-URI"]) or ""
        html = told.get("Payload-Metadata", {}).get("HTTP-Response-Metadata", {}).get("HTML-Metadata", {})
        base = join(page, html.get("Head", {}).get("Base") or "") or page
        if registered_domain(host_of(page)) == TARGET:
            continue
        for link in html.get("Links", ()):
            url = canonicalize(join(base, link["url"]) or "") if link["path"] == "A@/href" else None
            if url and registered_domain(host_of(url)) == TARGET:
                found.add((page, link["url"]))
    return found


def archived(folder: Path, file: str) -> list[dict[str, Any]]:
    store = f"sqlite:///{folder}/{file}.db"
    counted = read_archives(archive_command(TARGET, folder / file, store), folder)
    assert counted["archives/records"] > 500
    return stored_links(store, folder)


def pairs(links: list[dict[str, Any]]) -> Pairs:
    """Pages and addresses of hyperlinks: what metadata name."""
    return {
        (link["source_url"], link["target_url"])
        for link in links
        if any(placement["kind"] in ("a", "area") for placement in link["placements"])
    }
