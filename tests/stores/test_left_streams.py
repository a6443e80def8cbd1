"""What is not read to its end: as when the pipe that a command writes to is closed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pipelines.stores.connect import open_store
from pipelines.stores.protocol import LinkFilter, Store
from tests.stores.visits import MANY_HOSTS


def _streams(store: Store) -> list[AsyncIterator[object]]:
    where = LinkFilter()
    return [store.links(where), store.flat(where), store.records(where), store.briefs(where), store.ids(where)]


def test_streams_that_are_left_end_with_the_loop(store_url: str) -> None:
    told: list[str] = []

    def tell(_: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
        told.append(f"{about['message']}: {about.get('exception')!r}")

    async def leave() -> None:
        asyncio.get_running_loop().set_exception_handler(tell)
        async with open_store(store_url) as store:
            await store.put(MANY_HOSTS)
            streams = [stream for _ in range(10) for stream in _streams(store)]
            for stream in streams:
                await anext(stream)
            # The loop closes them in no order of its own: ten of each kind meet in every order.
            raise KeyError(*streams)

    with pytest.raises(KeyError):
        asyncio.run(leave())

    assert told == []
