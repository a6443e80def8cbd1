"""Traces, and what patterns found, in the MongoDB store."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

import msgspec
from pymongo import UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from pipelines.patterns.records import Finding, Repeated, Trace
from pipelines.stores.mongodb.outreach import RAISED

Document = dict[str, Any]
BATCH = 500
PAGE = 5_000
UPDATES_AT_ONCE = 50
"""FerretDB 1.24 keeps a connection for each update of a command, and never answers one that has more than 100."""
_DUPLICATE_KEY = 11000
_STAMPED = {"content": 1, "page_content": 1, "dates": 1}


async def read_targets(database: AsyncDatabase[Document]) -> list[str]:
    groups = await database["links"].aggregate([{"$group": {"_id": "$target"}}])
    return sorted([group["_id"] async for group in groups])


async def untraced(database: AsyncDatabase[Document], version: str) -> AsyncIterator[dict[str, str]]:
    """Stamps by link id, in batches ordered by id."""
    batch: dict[str, str] = {}
    async for links in _by_id(database["links"], _STAMPED):
        span = {"$gte": links[0]["_id"], "$lte": links[-1]["_id"]}
        known = {row["_id"]: row["stamp"] async for row in database["traces"].find({"_id": span}, {"stamp": 1})}
        for link in links:
            stamp = f"{link['content']} {link['page_content']} {link['dates']} {version}"
            if known.get(link["_id"]) != stamp:
                batch[link["_id"]] = stamp
            if len(batch) == BATCH:
                yield batch
                batch = {}
    if batch:
        yield batch


async def put_traces(database: AsyncDatabase[Document], traces: Sequence[Trace]) -> None:
    new = [{"_id": trace.link, "stamp": trace.stamp, "marks": list(trace.marks)} for trace in traces]
    try:
        await database["traces"].insert_many(new, ordered=False)
    except BulkWriteError as error:
        failed = (error.details or {})["writeErrors"]
        if any(failure["code"] != _DUPLICATE_KEY for failure in failed):
            raise
        known = [new[failure["index"]] for failure in failed]
        updates = [
            UpdateOne({"_id": one["_id"]}, {"$set": {"stamp": one["stamp"], "marks": one["marks"]}}) for one in known
        ]
        await _update(database["traces"], updates)


async def repeated(database: AsyncDatabase[Document]) -> AsyncIterator[list[Repeated]]:
    """Sorted and counted by the server, which may use its disk for that."""
    stages: list[Document] = [
        {"$unwind": "$marks"},
        {"$group": {"_id": "$marks", "links": {"$sum": 1}}},
        {"$sort": {"_id": 1}},
    ]
    rows = await database["traces"].aggregate(stages, allowDiskUse=True, batchSize=10 * BATCH)
    while batch := await rows.to_list(10 * BATCH):
        yield [Repeated(row["_id"], row["links"]) for row in batch]


async def read_traces(database: AsyncDatabase[Document]) -> AsyncIterator[list[tuple[str, tuple[str, ...]]]]:
    async for rows in _by_id(database["traces"], {"marks": 1}):
        yield [(row["_id"], tuple(row["marks"])) for row in rows]


async def read_found(database: AsyncDatabase[Document]) -> AsyncIterator[list[tuple[str, tuple[Finding, ...]]]]:
    async for rows in _by_id(database["patterns"], {"findings": 1}):
        yield [(row["_id"], _findings(row)) for row in rows]


async def findings_of(database: AsyncDatabase[Document], links: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
    rows = database["patterns"].find({"_id": {"$in": list(links)}})
    return {row["_id"]: _findings(row) async for row in rows}


async def put_findings(database: AsyncDatabase[Document], changes: Sequence[tuple[str, tuple[Finding, ...]]]) -> None:
    """Due comes before and after: a death or another's verdict in between leaves no link with an old verdict."""
    due = [UpdateOne({"_id": link}, RAISED) for link, _ in changes]
    updates = [
        UpdateOne({"_id": link}, {"$set": {"findings": msgspec.to_builtins(findings)}}, upsert=True)
        for link, findings in changes
    ]
    await _update(database["links"], due)
    await _update(database["patterns"], updates)
    await _update(database["links"], due)


async def read_owned(database: AsyncDatabase[Document]) -> dict[str, frozenset[str]]:
    return {row["_id"]: frozenset(row["sites"]) async for row in database["owned"].find({}) if row["sites"]}


async def put_owned(database: AsyncDatabase[Document], owned: Mapping[str, Collection[str]]) -> None:
    for target, sites in owned.items():
        await database["owned"].update_one({"_id": target}, {"$set": {"sites": sorted(set(sites))}}, upsert=True)


def _findings(row: Document) -> tuple[Finding, ...]:
    return msgspec.convert(row["findings"], tuple[Finding, ...])


async def _update(collection: AsyncCollection[Document], updates: Sequence[UpdateOne]) -> None:
    for start in range(0, len(updates), UPDATES_AT_ONCE):
        await collection.bulk_write(updates[start : start + UPDATES_AT_ONCE], ordered=False)


async def _by_id(collection: AsyncCollection[Document], fields: Document) -> AsyncIterator[list[Document]]:
    """All documents, ordered by id. No cursor stays open meanwhile: on FerretDB a write would wait for it forever."""
    where: Document = {}
    while rows := await collection.find(where, fields, sort=[("_id", 1)], limit=PAGE).to_list(PAGE):
        yield rows
        where = {"_id": {"$gt": rows[-1]["_id"]}}
