"""Opens the store for commands that read it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from linkcrawler.credentials import without_password
from linkcrawler.errors import StoreError

if TYPE_CHECKING:
    from pipelines.stores.protocol import Store


@asynccontextmanager
async def filled_store(url: str) -> "AsyncIterator[Store]":
    """The open store. StoreError if it cannot be opened or holds no link."""
    from pipelines.stores.connect import open_store

    async with open_store(url, create=False) as store:
        totals = await store.totals()
        if totals.links == 0:
            raise StoreError(
                f"no links in {without_password(url)} yet ({totals.pages} pages visited): run first, for example, "
                "scrapy crawl backlinks -a target=example.org -a seeds=seeds.txt"
            )
        yield store
