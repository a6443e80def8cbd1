"""Opens the store that a URL names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from linkcrawler.errors import UsageError
from pipelines.stores.protocol import Store
from pipelines.stores.sqlite.store import SqliteStore

SQLITE = "sqlite:///"
_MONGODB = ("mongodb://", "mongodb+srv://")


@asynccontextmanager
async def open_store(url: str, *, create: bool = True) -> AsyncIterator[Store]:
    """The store at ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``mongodb://host/database``.

    ``create=False``: StoreError if nothing was ever stored there. Raises UsageError for an address of another form,
    StoreError if the store cannot be reached or read.
    """
    store = await _open(url, create=create)
    try:
        yield store
    finally:
        await store.close()


async def _open(url: str, *, create: bool) -> Store:
    if url.startswith(SQLITE) and (path := url.removeprefix(SQLITE)) not in ("", ":memory:"):
        return await SqliteStore.open(Path(path), create=create)
    if url.startswith(_MONGODB):
        # Not above: PyMongo takes longer to load than a query of SQLite takes.
        from pipelines.stores.mongodb.store import MongoStore

        return await MongoStore.open(url, create=create)
    scheme = url.partition("://")[0] if "://" in url else url
    raise UsageError(
        f"store: {scheme!r} is not understood; expected sqlite:///linkcrawler.db (relative), "
        "sqlite:////var/lib/linkcrawler.db (absolute) or mongodb://host/linkcrawler"
    )
