"""A crawl that is killed in the middle goes on with the same command: every page is stored, once."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from linkcrawler.urls import canonicalize
from tests.crawl.conftest import RealWeb, crawl_command, environment, run, wait_until


@pytest.mark.gold
@pytest.mark.parametrize("moments", [(60,), (20, 60, 40)], ids=["killed once", "killed three times"])
def test_every_page_is_stored_once(realweb: RealWeb, tmp_path: Path, moments: tuple[int, ...]) -> None:
    addresses = realweb.addresses()[:300]
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(addresses))
    store = tmp_path / "links.db"
    command = crawl_command("nih.gov", seeds, f"sqlite:///{store}")

    for moment in moments:
        before = len(realweb.hits())
        with subprocess.Popen(command, cwd=tmp_path, env=environment(realweb), stderr=subprocess.DEVNULL) as crawl:
            wait_until(lambda b=before, m=moment: pages_hit(realweb, b) >= m, 60)
            crawl.kill()
    last = run(command, realweb, tmp_path)

    with sqlite3.connect(store) as db:
        stored = [url for (url,) in db.execute("SELECT url FROM pages")]
    assert sorted(stored) == sorted({canonicalize(url) for url in addresses})
    assert "going on with this crawl" in last.stderr
    fetched = [hit["url"] for hit in realweb.hits() if not hit["url"].endswith("/robots.txt")]
    assert len(fetched) < len(addresses) * (len(moments) + 1)


def pages_hit(realweb: RealWeb, since: int) -> int:
    return sum(not hit["url"].endswith("/robots.txt") for hit in realweb.hits()[since:])
