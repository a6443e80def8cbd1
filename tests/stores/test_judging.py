"""What the SQLite store offers to be judged: the links of a page together, and none that was judged meanwhile."""

import asyncio
from itertools import groupby
from pathlib import Path

import pytest

from linkcrawler.records import Link
from linkcrawler.vocabulary import Region
from pipelines.stores.connect import open_store
from pipelines.stores.sqlite import judging
from tests.stores.test_contract import verdict
from tests.stores.visits import visit

FOUND = [(0, "Acme", Region.BODY, ()), (1, "Docs", Region.BODY, ()), (2, "Beta", Region.LIST, ())]
TOLD = [visit(f"https://h{number}.example.com/", found=FOUND) for number in range(30)]


@pytest.mark.parametrize("listed", [7, 1 << 18])
def test_links_are_offered_once_and_not_when_judged_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    monkeypatch.setattr(judging, "AT_ONCE", 20)
    monkeypatch.setattr(judging, "LISTED", listed)

    async def story() -> tuple[list[Link], list[Link], list[Link]]:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await store.put(TOLD)
            everything = [link async for batch in store.unjudged("m1") for link in batch]
            offered: list[Link] = []
            others = everything[::2]
            async for batch in store.unjudged("m1"):
                offered += batch
                await store.put_verdicts([verdict(link) for link in (*batch, *others)])
            return everything, offered, [link async for batch in store.unjudged("m1") for link in batch]

    everything, offered, left = asyncio.run(story())

    assert len({link.id for link in everything}) == len(everything) == 90
    known = {link.id for link in offered}
    assert len(known) == len(offered) < 90
    assert {link.id for link in everything[1::2]} <= known
    assert left == []


def test_links_of_one_page_are_read_together_and_share_it(tmp_path: Path) -> None:
    async def batches() -> list[list[Link]]:
        async with open_store(f"sqlite:///{tmp_path / 'links.db'}") as store:
            await store.put(TOLD)
            return [list(batch) async for batch in store.unjudged("m1")]

    [batch] = asyncio.run(batches())
    pages = [list(links) for _, links in groupby(batch, key=lambda link: link.source_url)]

    assert [len(links) for links in pages] == [3] * 30
    assert all(link.page is links[0].page for links in pages for link in links)
