"""The same crawl, classified and reported from SQLite and from a MongoDB-protocol server, says the same."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.conftest import BIN, RealWeb, crawl_command, run, stored_links

TARGET = "wikipedia.org"


@pytest.mark.gold
@pytest.mark.mongodb
def test_links_and_report_are_equal(realweb: RealWeb, mongodb_store_url: str, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(realweb.addresses()[:250]))
    stores = [f"sqlite:///{tmp_path}/links.db", mongodb_store_url]
    outcomes = [crawled(store, seeds, realweb, tmp_path) for store in stores]

    sqlite, mongodb = outcomes
    assert len(sqlite["links"]) > 10
    assert all(link["mode"] for link in sqlite["links"])
    assert sqlite == mongodb


def crawled(store: str, seeds: Path, realweb: RealWeb, folder: Path) -> dict[str, Any]:
    """What the commands say of a crawl into the store, without the moments at which it ran."""
    run(crawl_command(TARGET, seeds, store), realweb, folder)
    command(folder, "classify", "--store", store)
    report = json.loads(command(folder, "report", "--store", store, "--json"))
    return {"links": [timeless(link) for link in stored_links(store, folder)], "report": timeless(report)}


def command(folder: Path, *words: str) -> str:
    done = subprocess.run([str(BIN / "linkcrawler"), *words], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def timeless(record: Any) -> Any:
    """The record with each moment of this year's run blanked; dates of pages stay."""
    text = json.dumps(record, sort_keys=True)
    return json.loads(re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z?", "moment", text))
