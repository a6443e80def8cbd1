"""Where seeds come from, on a MongoDB-protocol server."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from linkcrawler.vocabulary import Outcome
from pipelines.stores.mongodb.history import Connected
from pipelines.stores.seeds import KnownSeed

Document = dict[str, Any]

BATCH = 500
_EARLIEST, _LATEST = ("row", "since", "noted_at"), ("last", "lost")


class MongoSeeds:
    """Implements :class:`pipelines.stores.seeds.SeedStore`."""

    def __init__(self, store: Connected, database: AsyncDatabase[Document]) -> None:
        self._store, self._database, self._seeds = store, database, database["seeds"]

    async def put(self, seeds: Sequence[KnownSeed]) -> int:
        new = 0
        # Two rows of one batch that name the same document would race each other in an unordered write.
        for start in range(0, len(seeds), BATCH):
            updates = [_upsert(seed) for seed in seeds[start : start + BATCH]]
            async with self._store._writing():
                new += (await self._seeds.bulk_write(updates)).upserted_count
        return new

    def all(self) -> AsyncIterator[Sequence[KnownSeed]]:
        return self._store._read(self._batches())

    async def _batches(self) -> AsyncIterator[Sequence[KnownSeed]]:
        cursor = self._seeds.find({}, sort=[("origin", 1), ("source", 1), ("url", 1), ("_id", 1)], batch_size=BATCH)
        while batch := await cursor.to_list(BATCH):
            yield [*map(_read, batch)]

    async def of_pages(self, urls: Collection[str]) -> list[KnownSeed]:
        with self._store._asking():
            found = self._seeds.find({"url": {"$in": sorted(urls)}}, sort=[("_id", 1)])
            return [_read(document) async for document in found]

    async def forget(self, origin: str, source: str) -> int:
        async with self._store._writing():
            return (await self._seeds.delete_many({"origin": origin, "source": source})).deleted_count

    async def visited(self, urls: Collection[str]) -> Mapping[str, str]:
        fields = {"url": 1, "outcome": 1, "detail": 1}
        with self._store._asking():
            visits = self._database["visits"].find({"url": {"$in": sorted(urls)}}, fields, sort=[("at", 1), ("_id", 1)])
            return {
                visit["url"]: visit["detail"] if visit["outcome"] == Outcome.REDIRECTED else ""
                async for visit in visits
            }

    async def links_on(self, urls: Collection[str]) -> Mapping[str, int]:
        with self._store._asking():
            links = self._database["links"].find({"source_url": {"$in": sorted(urls)}}, {"source_url": 1})
            return Counter([link["source_url"] async for link in links])


def _upsert(seed: KnownSeed) -> UpdateOne:
    document: Document = msgspec.to_builtins(seed, builtin_types=(datetime,))
    told = {name: value for name, value in document.items() if value is not None}
    update: Document = {
        "$setOnInsert": {name: value for name, value in told.items() if name not in (*_EARLIEST, *_LATEST)},
        "$min": {name: told[name] for name in _EARLIEST if name in told},
    }
    if latest := {name: told[name] for name in _LATEST if name in told}:
        update["$max"] = latest
    return UpdateOne({"_id": seed.id}, update, upsert=True)


def _read(document: Document) -> KnownSeed:
    del document["_id"]
    return msgspec.convert(document, KnownSeed)
