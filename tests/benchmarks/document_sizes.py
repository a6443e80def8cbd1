"""Prints the bytes that a link takes in MongoDB: documents as BSON, index entries as keys, before any compression.

python -m tests.benchmarks.document_sizes mongodb://HOST/DATABASE   an empty database; 1,500 links
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import bson
import pymongo

from pipelines.stores.connect import open_store
from pipelines.stores.mongodb.schema import INDEXES
from tests.benchmarks.many_links import visits

LINKS, BATCH = 1_500, 500
ENTRY = 4
"""Bytes of an entry that names its document, and 2 a key: what WiredTiger adds to small keys."""


def main() -> None:
    [url] = sys.argv[1:]
    asyncio.run(_load(url))
    with pymongo.MongoClient[dict[str, Any]](url) as client:
        database = client.get_default_database()
        links = list(database["links"].find())
        sizes = {
            name: sum(len(bson.encode(document)) for document in database[name].find()) / len(links)
            for name in ("links", "pages", "visits")
        }
    for index in INDEXES["links"]:
        fields = list(index.document["key"])
        sizes[f"index {' '.join(fields)}"] = sum(_entries(link, fields) for link in links) / len(links)
    sys.stdout.write(json.dumps({name: round(size) for name, size in sizes.items()}, indent=1) + "\n")


async def _load(url: str) -> None:
    async with open_store(url) as store:
        waiting = visits(LINKS, datetime.now(UTC))
        while batch := list(islice(waiting, BATCH)):
            await store.put(batch)


def _entries(link: dict[str, Any], fields: list[str]) -> int:
    """One entry for each value of a list; no index holds two lists."""
    keys = [_values(link, field.split(".")) for field in fields]
    count = max(map(len, keys))
    return sum(sum(map(len, values)) * count // len(values) + 2 * count for values in keys) + ENTRY * count


def _values(value: Any, path: list[str]) -> list[bytes]:
    if isinstance(value, list):
        return [key for one in value for key in _values(one, path)] or [b""]
    if path:
        return _values(value.get(path[0]) if isinstance(value, dict) else None, path[1:])
    return [bytes(8) if isinstance(value, datetime | float) else str(value or "").encode()]


if __name__ == "__main__":
    main()
