"""The run-book of docs/store.md, walked through on every store: copy, lose, put back, go on."""

import asyncio
import re
from pathlib import Path

from click.testing import CliRunner

from linkcrawler.commands import main
from linkcrawler.vocabulary import Region
from pipelines.stores.connect import open_store
from pipelines.stores.history import EventFilter
from tests.events.pages import told
from tests.stores.old_store import fill
from tests.stores.visits import SOURCES, dump, visit

RUNBOOK = (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8")


def call(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.output


async def filled(url: str) -> None:
    async with open_store(url) as store:
        await fill(store)
        await told(store)


async def content(url: str) -> object:
    async with open_store(url, create=False) as store:
        events = [event async for batch in store.history.events(EventFilter()) for event in batch]
        return await dump(store), await store.totals(), events, await store.owned()


def other(url: str) -> str:
    return url.replace("links.db", "restored.db") if url.startswith("sqlite") else f"{url}_restored"


def test_a_copy_put_back_is_the_store(store_url: str, tmp_path: Path) -> None:
    asyncio.run(filled(store_url))
    copy = str(tmp_path / "copy.db")

    status, said = call("backup", copy, "--store", store_url)
    assert (status, "4 links" in said) == (0, True)
    assert "exists" in call("backup", copy, "--store", store_url)[1]
    assert call("restore", copy, "--store", store_url)[0] == 1
    status, said = call("restore", copy, "--store", other(store_url))

    assert status == 0, said
    assert asyncio.run(content(other(store_url))) == asyncio.run(content(store_url))
    for url in (store_url, other(store_url)):
        asyncio.run(one_more(url))
    assert asyncio.run(content(other(store_url))) == asyncio.run(content(store_url))


async def one_more(url: str) -> None:
    async with open_store(url) as store:
        await store.put([visit(SOURCES[0], day=12, found=[(0, "Acme", Region.BODY, ())])])
        await told(store)


def test_a_copy_of_the_other_kind_is_refused(store_url: str, tmp_path: Path) -> None:
    asyncio.run(filled(store_url))
    copy = str(tmp_path / "copy")
    call("backup", copy, "--store", store_url)
    wrong = "mongodb://localhost/x" if store_url.startswith("sqlite") else f"sqlite:///{tmp_path / 'x.db'}"

    status, said = call("restore", copy, "--store", wrong)

    assert (status, "is a copy" in said) == (2, True)


def test_the_run_book_has_the_commands_that_are_walked_through() -> None:
    commands = set(re.findall(r"^ {4,}linkcrawler (\w+)", RUNBOOK, re.MULTILINE))

    assert {"backup", "restore", "migrate"} <= commands
