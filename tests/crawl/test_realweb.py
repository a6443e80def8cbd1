"""A crawl of the real pages finds exactly the links that an independent scan of the same pages finds."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.conftest import RealWeb, crawl_command, run, stored_links


def expected(shared: Path, target: str) -> dict[str, int]:
    """Number of hyperlinks to the target by page."""
    scan = [sys.executable, str(shared / "realweb" / "expect.py"), target]
    done = subprocess.run(scan, capture_output=True, text=True, check=True)
    pages = [json.loads(line) for line in done.stdout.splitlines()]
    return {page["source_url"]: len(page["hrefs"]) for page in pages}


def found(links: list[dict[str, Any]]) -> dict[str, int]:
    """Number of stored direct hyperlinks by page."""
    counts = Counter[str]()
    for link in links:
        direct = [p for p in link["placements"] if p["kind"] in ("a", "area") and not p["via"]]
        counts[link["source_url"]] += len(direct)
    return {url: number for url, number in counts.items() if number}


@pytest.mark.gold
@pytest.mark.parametrize("target", ["nih.gov", "wikipedia.org", "creativecommons.org"])
def test_pages_and_counts_agree(shared: Path, realweb: RealWeb, tmp_path: Path, target: str) -> None:
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(realweb.addresses()))
    store = f"sqlite:///{tmp_path}/links.db"
    run(crawl_command(target, seeds, store), realweb, tmp_path)

    want = expected(shared, target)
    got = found(stored_links(store, tmp_path))
    assert len(want) > 10
    assert sorted(got.values()) == sorted(want.values())
    assert got == {canonical(url): number for url, number in want.items()}


def canonical(url: str) -> str:
    from linkcrawler.urls import canonicalize

    return canonicalize(url) or url


def timeless(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The links without what a visit's time decides."""
    return [{k: v for k, v in link.items() if k not in ("first_seen", "last_seen", "appearance")} for link in links]


@pytest.mark.gold
def test_a_second_run_changes_nothing_but_last_seen(realweb: RealWeb, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(realweb.addresses()[:300]))
    store = f"sqlite:///{tmp_path}/links.db"
    run(crawl_command("wikipedia.org", seeds, store), realweb, tmp_path)
    first = stored_links(store, tmp_path)
    run(crawl_command("wikipedia.org", seeds, store), realweb, tmp_path)
    second = stored_links(store, tmp_path)

    assert first
    assert timeless(second) == timeless(first)
    assert [link["first_seen"] for link in second] == [link["first_seen"] for link in first]
    assert all(now["last_seen"] > before["last_seen"] for now, before in zip(second, first, strict=True))
