"""Real pages out of archives give what they give over HTTP."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.archives.crawling import archive_command, read_archives
from tests.archives.packing import Packed, write_warc, write_wat
from tests.crawl.conftest import RealWeb, crawl_command, realweb, run, stored_links
from tests.crawl.test_realweb import timeless

__all__ = ["realweb"]

TARGET = "wikipedia.org"


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


def archived(folder: Path, file: str) -> list[dict[str, Any]]:
    store = f"sqlite:///{folder}/{file}.db"
    counted = read_archives(archive_command(TARGET, folder / file, store), folder)
    assert counted["archives/records"] > 500
    return stored_links(store, folder)


def pairs(links: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Pages and addresses of hyperlinks: what metadata name."""
    return {
        (link["source_url"], link["target_url"])
        for link in links
        if any(placement["kind"] in ("a", "area") for placement in link["placements"])
    }
