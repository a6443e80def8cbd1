"""Copies of whole stores, made while crawls may go on, and put back into an empty place.

A copy of an SQLite store is an SQLite store. A copy of a database is a gzip file with one document a line, in MongoDB's
Extended JSON, after a line that says what it is.
"""

import asyncio
import gzip
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO, Any

from linkcrawler.errors import StoreError, UsageError
from pipelines.stores.connect import SQLITE

BATCH = 500
_HEADER = "linkcrawler store"
_PASSING = ("turns", "deriving")
"""What says who writes at the moment is no part of a copy."""


async def back_up(url: str, copy: Path) -> Mapping[str, int]:
    """Write a copy of the store; how many documents of each collection it holds.

    Raises UsageError if the copy exists, StoreError if the store cannot be read.
    """
    if await asyncio.to_thread(copy.exists):
        raise UsageError(f"{copy} exists: give another name, a copy is never overwritten")
    if url.startswith(SQLITE):
        return await asyncio.to_thread(_copy_file, Path(url.removeprefix(SQLITE)), copy)
    return await _copy_database(url, copy)


async def restore(copy: Path, url: str) -> Mapping[str, int]:
    """Put a copy back where no store is. Stopped half-way into a database, it may be run again.

    Raises UsageError if the copy is of the other kind of store, StoreError if there is a store already.
    """
    with copy.open("rb") as file:
        is_file = file.read(6) == b"SQLite"
    if is_file is not url.startswith(SQLITE):
        kind = "an SQLite file: give --store sqlite:///FILE" if is_file else "of a database: give --store mongodb://..."
        raise UsageError(f"{copy} is a copy {kind}")
    if not is_file:
        return await _restore_database(copy, url)
    path = Path(url.removeprefix(SQLITE))
    if await asyncio.to_thread(path.exists):
        raise StoreError(f"{path} exists: a copy is put back where no store is; move the file away or give another one")
    return await asyncio.to_thread(_copy_file, copy, path)


def _copy_file(store: Path, copy: Path) -> Mapping[str, int]:
    """SQLite's own online copy: one state of the file, whatever is written meanwhile."""
    from pipelines.stores.sqlite.schema import connect_to_migrate

    with closing(connect_to_migrate(store)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        problem = target.execute("PRAGMA integrity_check").fetchone()[0]
        if problem != "ok":
            raise StoreError(f"{copy}: the copy is damaged ({problem}); check the disk, then copy again")
        names = [row[0] for row in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        # Full-text indexes keep tables of their own, which copy along.
        own = [name for name in names if not name.startswith(("link_", "sqlite_"))]
        return {name: target.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in sorted(own)}  # noqa: S608


async def _copy_database(url: str, copy: Path) -> Mapping[str, int]:
    from bson import json_util
    from pymongo.errors import PyMongoError

    from pipelines.stores.mongodb.schema import connect_to_migrate, failure, without_credentials

    database, version, _ = await connect_to_migrate(url)
    shown = without_credentials(url)
    counts: dict[str, int] = {}
    try:
        if version is None:
            raise StoreError(f"no store at {shown}: there is nothing to copy")
        unfinished = copy.with_name(f"{copy.name}.unfinished")
        with gzip.open(unfinished, "wt", encoding="utf-8") as out:
            out.write(json.dumps({_HEADER: version}) + "\n")
            for name in sorted(set(await database.list_collection_names()) - {*_PASSING, "store_schema"}):
                counts[name] = 0
                async for document in database[name].find({}, batch_size=BATCH):
                    out.write(json_util.dumps([name, document], json_options=json_util.CANONICAL_JSON_OPTIONS) + "\n")
                    counts[name] += 1
        unfinished.rename(copy)
        return counts
    except PyMongoError as error:
        raise failure(shown, error) from None
    finally:
        await database.client.close()


async def _restore_database(copy: Path, url: str) -> Mapping[str, int]:
    from pymongo import ReplaceOne
    from pymongo.errors import PyMongoError

    from pipelines.stores.mongodb.schema import connect_to_migrate, failure, make_indexes, without_credentials

    database, there, _ = await connect_to_migrate(url)
    shown = without_credentials(url)
    counts: dict[str, int] = {}
    try:
        if there is not None:
            raise StoreError(f"{shown} holds a store: a copy is put back where none is; give another database")
        with gzip.open(copy, "rt", encoding="utf-8") as lines:
            version = _version(lines, copy)
            for name, documents in _batches(lines):
                same = [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents]
                await database[name].bulk_write(same, ordered=False)
                counts[name] = counts.get(name, 0) + len(documents)
        await make_indexes(database)
        await database["store_schema"].insert_one({"_id": "version", "version": version})
        return counts
    except PyMongoError as error:
        raise failure(shown, error) from None
    finally:
        await database.client.close()


def _version(lines: IO[str], copy: Path) -> int:
    try:
        return int(json.loads(next(lines, ""))[_HEADER])
    except (ValueError, KeyError, TypeError, gzip.BadGzipFile) as error:
        raise UsageError(f"{copy}: expected a file that linkcrawler backup made") from error


def _batches(lines: IO[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Collection and documents; the documents of a collection stand together."""
    from bson import json_util

    while some := list(islice(lines, BATCH)):
        by_name: dict[str, list[dict[str, Any]]] = {}
        for line in some:
            name, document = json_util.loads(line)
            by_name.setdefault(name, []).append(document)
        yield from by_name.items()
