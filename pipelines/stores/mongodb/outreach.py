"""Outreach logs, and what people say of links, in the MongoDB store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from pymongo import UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from linkcrawler.records import Override
from pipelines.outreach.contact import Contact, OutreachLog

R = TypeVar("R")
Document = dict[str, Any]

WRITTEN_AT_ONCE = 500
RAISED: Document = {"$set": {"due": True}, "$inc": {"raised": 1}}
"""Has a link judged anew, also if it is being judged at this moment: it leaves the state that the verdict saw."""


async def put_outreach(database: AsyncDatabase[Document], log: OutreachLog, contacts: Sequence[Contact]) -> int:
    await database["outreach_logs"].replace_one({"_id": log.name}, _document(log, "name"), upsert=True)
    new = 0
    for start in range(0, len(contacts), WRITTEN_AT_ONCE):
        updates = [
            UpdateOne({"_id": contact.id}, {"$setOnInsert": _document(contact, "id")}, upsert=True)
            for contact in contacts[start : start + WRITTEN_AT_ONCE]
        ]
        new += (await database["outreach"].bulk_write(updates, ordered=False)).upserted_count
    return new


async def forget_outreach(database: AsyncDatabase[Document], name: str) -> int:
    await database["outreach_logs"].delete_one({"_id": name})
    return (await database["outreach"].delete_many({"log": name})).deleted_count


async def read_logs(database: AsyncDatabase[Document]) -> list[OutreachLog]:
    logs = database["outreach_logs"].find({}, sort=[("_id", 1)])
    return [_record({"name": log.pop("_id"), **log}, OutreachLog) async for log in logs]


async def read_contacts(database: AsyncDatabase[Document], sites: Collection[str]) -> list[Contact]:
    found = database["outreach"].find({"site": {"$in": sorted(sites)}}, sort=[("_id", 1)])
    return [_record({"id": contact.pop("_id"), **contact}, Contact) async for contact in found]


async def count_contacts(database: AsyncDatabase[Document]) -> list[tuple[str, str, int]]:
    group = {"_id": {"log": "$log", "stage": "$stage"}, "count": {"$sum": 1}}
    groups = await database["outreach"].aggregate([{"$group": group}])
    return sorted([(one["_id"]["log"], one["_id"]["stage"], one["count"]) async for one in groups])


async def mark_due(links: AsyncCollection[Document], domains: Collection[str] | None) -> int:
    where: Document = {} if domains is None else {"source_domain": {"$in": sorted(domains)}}
    return (await links.update_many(where, RAISED)).matched_count


async def put_override(links: AsyncCollection[Document], link_id: str, override: Override | None) -> None:
    change = {"$unset": {"override": ""}} if override is None else {"$set": {"override": _plain(override)}}
    await links.update_one({"_id": link_id}, change)


def _document(record: object, key: str) -> Document:
    document = _plain(record)
    return {"_id": document.pop(key), **document}


def _plain(record: object) -> Document:
    """Days as ISO 8601 text, times as times: BSON has no days."""
    plain: Document = msgspec.to_builtins(record, builtin_types=(datetime,))
    return plain


def _record(document: Document, record: type[R]) -> R:
    return msgspec.convert(document, record)
