"""Lost links by why they were lost, the same on every store."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linkcrawler.errors import UsageError
from linkcrawler.records import Visit
from linkcrawler.urls import link_id
from linkcrawler.vocabulary import Region
from pipelines.events.deriving import bring_up_to_date
from pipelines.queries.filter_fields import parse
from pipelines.stores.connect import open_store
from tests.stores.visits import TARGETS, visit

ONE, TWO, THREE, FOUR = (f"https://blog.example.com/{name}" for name in ("one", "two", "three", "four"))
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def told(url: str, days: dict[int, int | None]) -> list[Visit]:
    """By day the target that a link with the same words led to; None: no link."""
    found = {day: () if target is None else ((target, "the tool", Region.BODY, ()),) for day, target in days.items()}
    return [replace(visit(url, day=day, found=links), outline="00aa11bb22cc") for day, links in found.items()]


VISITS = [
    *told(ONE, {0: 0, 5: None}),
    *told(TWO, {0: 0, 5: 1}),
    *told(THREE, {0: 0, 5: 1, 10: 0, 15: None}),
    *told(FOUR, {0: 0, 5: None, 10: 0}),
]
LOST = {
    "removed": {(ONE, 0), (THREE, 0)},
    "retargeted": {(TWO, 0), (THREE, 1)},
    "rolled_off": set(),
}  # fmt: skip


@pytest.mark.parametrize("reason", LOST)
def test_the_newest_loss_decides(store_url: str, reason: str) -> None:
    async def ask() -> tuple[set[str], int, int, set[str], set[str]]:
        async with open_store(store_url) as store:
            await store.put(VISITS)
            await bring_up_to_date(store, now=NOW)
            where = parse([("lost_reason", reason)])
            found = {link.id async for link in store.links(where)}
            rows = {str(row[0]) for batch in [batch async for batch in store.flat(where)] for row in batch}
            counts = await store.count_by(where, ("status",))
            standing = store.links(parse([("lost_reason", reason), ("status", "live")]))
            live = {link.id async for link in standing}
            return found, await store.count(where), sum(number for _, number in counts), rows, live

    found, count, counted, rows, live = asyncio.run(ask())

    assert found == {link_id(url, TARGETS[target][0]) for url, target in LOST[reason]}
    assert count == counted == len(found)
    assert rows == found
    assert live == set()


def test_another_reason_is_refused() -> None:
    with pytest.raises(UsageError, match="expected one of removed, retargeted, rolled_off"):
        parse([("lost_reason", "page_gone")])
