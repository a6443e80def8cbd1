"""Links found by what somebody types."""

import asyncio

import pytest

from linkcrawler.errors import UsageError
from linkcrawler.vocabulary import Region
from pipelines.queries.finding import NEAR_MATCHES, find_links
from pipelines.stores.connect import open_store
from pipelines.stores.ids import beginning_with
from tests.stores.visits import dump, visit


def test_a_mistyped_id_is_answered_with_those_that_begin_alike(store_url: str) -> None:
    told = [visit(f"https://h{number}.example.com/", found=[(0, "Acme", Region.BODY, ())]) for number in range(200)]

    async def story() -> None:
        async with open_store(store_url) as store:
            await store.put(told)
            ids = [link.id for link in await dump(store)]
            for near in (ids[0], ids[-1], ids[100]):
                typed = near[:15] + ("0" if near[15] != "0" else "1")
                with pytest.raises(UsageError) as caught:
                    await find_links(store, typed)
                alike = [link for link in ids if link.startswith(near[:4])][:NEAR_MATCHES]
                assert f"ids that begin alike: {', '.join(alike)};" in str(caught.value)

    asyncio.run(story())


def test_ids_by_their_beginning() -> None:
    assert beginning_with("ffff").end == ""
    assert "ffffffffffffffff" in beginning_with("ffff")
    assert "0000abcd00000000" in beginning_with("0000")
    assert "0001000000000000" not in beginning_with("0000")
