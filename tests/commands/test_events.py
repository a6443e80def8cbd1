"""``linkcrawler events`` on every store: its forms and filters."""

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from linkcrawler.commands import main
from linkcrawler.records import Verdict
from linkcrawler.vocabulary import Channel, Mode
from pipelines.events.message import FIELDS
from pipelines.stores.connect import open_store
from tests.events.pages import START, link, seen
from tests.stores.conftest import atomic_url, store_url
from tests.stores.visits import dump

__all__ = ["atomic_url", "store_url"]


def events(store: str, *words: str) -> str:
    done = CliRunner().invoke(main, ["events", "--store", store, "--since", "2020-01-01", *words])
    assert done.exit_code == 0, done.output
    return done.output


async def filled(url: str) -> None:
    """A link that comes, is judged twice, otherwise the second time, and goes."""
    async with open_store(url) as store:
        await store.put([seen(1, link()), seen(3)])
        [found] = await dump(store)
        for mode, channel in (
            (Mode.PASSIVE, Channel.EDITORIAL_CITATION),
            (Mode.PASSIVE, Channel.EDITORIAL_CITATION),
            (Mode.ACTIVE, Channel.SPONSORED),
        ):
            said = Verdict(mode=mode, channel=channel, confidence=0.9, model="m", judged_at=START, state=found.state)
            await store.put_verdicts([(found.id, said)])


def test_forms_and_filters(store_url: str) -> None:
    asyncio.run(filled(store_url))

    rows = [json.loads(line) for line in events(store_url, "--format", "jsonl").splitlines()]
    assert [(row["kind"], row["reason"]) for row in rows] == [
        ("verdict_changed", None), ("appeared", None), ("lost", "removed")
    ]  # fmt: skip
    assert (rows[0]["before"], rows[0]["now"]) == ("passive editorial_citation", "active sponsored")
    table = list(csv.DictReader(io.StringIO(events(store_url, "--format", "csv"))))
    assert [tuple(row) for row in table] == [FIELDS] * 3
    assert table[2]["at"] == rows[2]["at"] == "2026-01-04T00:00:00.000Z"
    assert "lost removed" in events(store_url, "--kind", "lost")
    assert events(store_url, "--kind", "lost").count("\n") == 1
    assert events(store_url, "--until", "2026-01-02").count("\n") == 2
    assert events(store_url, "--reason", "rolled_off") == "nothing happened, as far as visits tell\n"


@pytest.mark.parametrize("words", [["--kind", "gone"], ["--since", "soon"]])
def test_what_cannot_be_meant(words: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["events", "--store", f"sqlite:///{tmp_path / 'links.db'}", *words])

    assert done.exit_code == 2
