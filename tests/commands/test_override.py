"""A person's word goes before the verdict, in lists, reports and stories alike."""

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest

from linkcrawler.records import Override
from linkcrawler.vocabulary import Channel, Mode
from pipelines.stores.connect import open_store
from tests.commands.conftest import Run
from tests.commands.sample import DAY, fill, id_of

SEA = id_of("https://sea.test/tides", "/study")


@pytest.fixture
def overruled(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    fill(url)
    override = Override(mode=Mode.ACTIVE, channel=Channel.SPONSORED, by="ann", at=DAY, note="we paid")

    async def overrule() -> None:
        async with open_store(url) as store:
            await store.put_override(SEA, override)

    asyncio.run(overrule())
    return url


def test_what_is_listed_is_what_is_filtered(run: Run, overruled: str) -> None:
    link = json.loads(run("links", "--store", overruled, "--channel", "sponsored", "--format", "jsonl").out)

    assert (link["id"], link["mode"], link["channel"]) == (SEA, "active", "sponsored")
    assert link["override"] == {"by": "ann", "at": "2026-03-01T12:00:00Z", "note": "we paid"}
    assert link["evidence"][0]["channel"] == "editorial_citation"
    assert link["confidence"] is None
    assert link["judged"] == {"mode": "passive", "channel": "editorial_citation", "confidence": 0.91}


def test_flat_and_plain(run: Run, overruled: str) -> None:
    (row,) = csv.DictReader(io.StringIO(run("links", "--store", overruled, "--id", SEA, "--format", "csv").out))
    line = run("links", "--store", overruled, "--id", SEA).out.splitlines()[1]

    assert (row["mode"], row["override_by"], row["override_note"]) == ("active", "ann", "we paid")
    assert [row[name] for name in ("confidence", "judged_mode", "judged_channel", "judged_confidence")] == [
        "", "passive", "editorial_citation", "0.91"
    ]  # fmt: skip
    assert line.split("\t")[2:5] == ["active", "sponsored", ""]


def test_report_and_story(run: Run, overruled: str) -> None:
    report = json.loads(run("report", "--store", overruled, "--json").out)
    story = run("explain", SEA, "--store", overruled).out

    assert report["channels"]["active"]["sponsored"] == 1
    assert report["links"]["passive"] == 2
    assert "ann said on 2026-03-01: active, sponsored: we paid." in story
    assert "Passive, editorial citation" in story
