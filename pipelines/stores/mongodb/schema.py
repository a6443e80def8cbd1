"""The MongoDB database: its collections and indexes, and how a connection to it is opened."""

from contextlib import suppress
from datetime import UTC
from urllib.parse import urlsplit

from pymongo import ASCENDING, AsyncMongoClient, IndexModel
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    CollectionInvalid,
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    InvalidURI,
    OperationFailure,
    PyMongoError,
)

from linkcrawler.errors import NoStore, StoreAway, StoreError, UsageError
from pipelines.stores.mongodb.documents import Document
from pipelines.stores.mongodb.turns import turn
from pipelines.stores.mongodb.validators import REQUIRED, put_validators
from pipelines.stores.versions import SCHEMA_VERSION, other_version

REACH_MS = 5_000
"""How long to look for the server before saying that it is not there."""
_OUT_OF_DISK_SPACE = 14031


def _index(*fields: str) -> IndexModel:
    return IndexModel([(field, ASCENDING) for field in fields])


INDEXES: dict[str, list[IndexModel]] = {
    "links": [
        _index("source_url"),
        _index("source_domain", "_id"),
        _index("target", "_id"),
        _index("target_url", "_id"),
        _index("first_seen", "_id"),
        _index("target", "first_seen", "_id"),
        _index("source_domain", "first_seen", "_id"),
        _index("verdict.mode", "first_seen", "_id"),
        _index("verdict.channel", "first_seen", "_id"),
        _index("status", "last_seen", "_id"),
        _index("last_seen", "_id"),
        _index("verdict.confidence", "_id"),
        _index("verdict.evidence.signal", "_id"),
        _index("anchor_search", "_id"),
        _index("words", "_id"),
        _index("block", "_id"),
        _index("act", "_id"),
        _index("status", "_id"),
        _index("region", "_id"),
        _index("kind", "_id"),
        _index("rel", "_id"),
        _index("language", "_id"),
        _index("verdict.mode", "_id"),
        _index("verdict.channel", "_id"),
        _index("due", "_id"),
        _index("verdict.model", "_id"),
        _index("override.mode"),
        _index("override.channel"),
    ],
    "outreach": [_index("site"), _index("log")],
    "seeds": [_index("url"), _index("origin", "source", "url", "_id")],
    "pages": [_index("domain"), _index("settled"), _index("next_due", "_id")],
    "events": [
        _index("at", "_id"),
        _index("target", "at"),
        _index("link", "at"),
        _index("source_url"),
        _index("kind", "reason", "link"),
        _index("noted", "_id"),
    ],
    "visits": [_index("url", "outcome", "at")],
}


async def connect(url: str, *, create: bool) -> tuple[AsyncDatabase[Document], bool]:
    """The database that the URL names, laid out if it is not there yet, and whether its updates are atomic.

    Raises UsageError for a malformed address, StoreError if the server cannot be reached, if there is no store and
    none may be created, or if a newer release wrote it. No message holds the credentials.
    """
    shown = without_credentials(url)
    database = _database(url, shown)
    try:
        atomic = await _prepare(database, shown, create=create)
    except PyMongoError as error:
        await database.client.close()
        raise failure(shown, error) from None
    except BaseException:
        await database.client.close()
        raise
    return database, atomic


async def connect_to_migrate(url: str) -> tuple[AsyncDatabase[Document], int | None, bool]:
    """The database of a store of any version, that version, and whether updates are atomic. Errors as above."""
    shown = without_credentials(url)
    database = _database(url, shown)
    try:
        version = await _version(database)
        return database, version if isinstance(version, int) else None, await _is_atomic(database)
    except PyMongoError as error:
        await database.client.close()
        raise failure(shown, error) from None


def _database(url: str, shown: str) -> AsyncDatabase[Document]:
    try:
        client: AsyncMongoClient[Document] = AsyncMongoClient(
            url, tz_aware=True, tzinfo=UTC, serverSelectionTimeoutMS=REACH_MS, connectTimeoutMS=REACH_MS
        )
        return client.get_default_database()
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise UsageError(
            f"store {shown}: not a usable MongoDB address ({type(error).__name__}); expected mongodb://host/database"
        ) from None


async def _is_atomic(database: AsyncDatabase[Document]) -> bool:
    return "ferretdbVersion" not in await database.command("buildInfo")


def failure(shown: str, error: PyMongoError) -> StoreError:
    """The error for the person at the keyboard, in the server's words; StoreAway where only the moment is wrong."""
    words = str(error).partition(", full error")[0].partition(", Topology")[0].partition(" (configured timeouts")[0]
    if isinstance(error, ConnectionFailure):
        return StoreAway(f"store {shown}: {words}; check that the server runs and that the address is right")
    if isinstance(error, OperationFailure) and error.code == _OUT_OF_DISK_SPACE:
        return StoreAway(f"store {shown}: {words}; make room on the server's disk")
    return StoreError(f"store {shown}: the server refuses ({words}); check the rights of the user and what it logs")


def without_credentials(url: str) -> str:
    """The address as it may be shown: scheme, hosts and database."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


async def _prepare(database: AsyncDatabase[Document], shown: str, *, create: bool) -> bool:
    atomic = await _is_atomic(database)
    version = await _version(database)
    if version is None:
        if not create:
            raise NoStore(
                f"no store at {shown}: run a crawl first, for example "
                "scrapy crawl backlinks -a target=example.org -a seeds=seeds.txt"
            )
        if atomic:
            await _lay_out(database)
        else:
            async with turn(database["turns"]):  # FerretDB 1.24 crashes when two clients create indexes at once
                await _lay_out(database)
        version = await _version(database)
    if version != SCHEMA_VERSION:
        raise StoreError(f"store {shown}: {other_version(version, shown)}")
    return atomic


async def _version(database: AsyncDatabase[Document]) -> object:
    found = await database["store_schema"].find_one({"_id": "version"})
    return found and found["version"]


async def _lay_out(database: AsyncDatabase[Document]) -> None:
    """Idempotent; the version comes last, so that a layout that was cut short is begun again."""
    if await _version(database) is not None:
        return
    await make_indexes(database)
    with suppress(DuplicateKeyError):
        await database["store_schema"].insert_one({"_id": "version", "version": SCHEMA_VERSION})


async def make_indexes(database: AsyncDatabase[Document]) -> None:
    """The indexes above and no other, and the server's own rules where it has them; may be repeated."""
    for name, indexes in INDEXES.items():
        wanted = {index.document["name"] for index in indexes}
        if name in await database.list_collection_names():
            for stale in (await database[name].index_information()).keys() - wanted - {"_id_"}:
                await database[name].drop_index(stale)
        await database[name].create_indexes(indexes)
    for name in REQUIRED.keys() - INDEXES.keys():
        with suppress(CollectionInvalid):
            await database.create_collection(name)
    await put_validators(database)
