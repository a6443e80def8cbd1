"""Events on a MongoDB-protocol server: derived from the visits of marked pages, read, marked as sent.

``told`` of a page counts what was written of it. Events are derived in turns (one deriver at a time), and a page stays
marked unless ``told`` is what it was before its visits were read: what is written meanwhile is derived next.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from pymongo import InsertOne, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from linkcrawler.records import Event, Verdict
from linkcrawler.vocabulary import EventKind, Outcome, Reason
from pipelines.stores.fold import LinkState, VisitRow
from pipelines.stores.history import Derive, EventFilter, History, KnownLink, Outlook
from pipelines.stores.judgement import verdict_event

Document = dict[str, Any]

BATCH = 1000
_DUPLICATE_KEY = 11000
_MARKED = {"told": 1, "told_until": 1, "links": 1}
_KNOWN = {"source_url": 1, "target_url": 1, "target": 1, "first_seen": 1}
_JUDGED = {"source_url": 1, "target_url": 1, "target": 1, "verdict": 1}


async def settle(database: AsyncDatabase[Document], derive: Derive, now: datetime, most: int) -> int:
    """See :meth:`pipelines.stores.history.HistoryStore.settle`; the caller holds the turn."""
    marked = {page["_id"]: page async for page in database["pages"].find({"settled": False}, _MARKED).limit(most)}
    for history in await _histories(database, marked):
        events, outlook = derive(history)
        await _replace(database["events"], history, events, now)
        page = marked[history.url]
        await database["pages"].update_one(
            {"_id": history.url, "told": page["told"]}, {"$set": {"settled": True, **_outlook(outlook)}}
        )
    return len(marked)


def query(where: EventFilter) -> Document:
    """The filter document of an EventFilter."""
    plain = (("target", where.target), ("link", where.link), ("source_url", where.source_url))
    found: Document = {field: value for field, value in plain if value}
    bounds = {"$gte": where.since, "$lte": where.until}
    if given := {bound: time for bound, time in bounds.items() if time}:
        found["at"] = given
    for field, words in (("kind", where.kinds), ("reason", where.reasons)):
        if words:
            found[field] = {"$in": list(words)}
    return found


async def read_events(database: AsyncDatabase[Document], where: EventFilter) -> AsyncIterator[Sequence[Event]]:
    cursor = database["events"].find(query(where), sort=[("at", 1), ("_id", 1)], limit=where.limit, batch_size=BATCH)
    try:
        while batch := await cursor.to_list(BATCH):
            yield [_read_event(document) for document in batch]
    finally:
        await cursor.close()


async def lost_for(database: AsyncDatabase[Document], reason: str) -> list[str]:
    """Ids of the links whose newest loss has this reason."""
    newest = {
        event["link"]: event["at"]
        async for event in database["events"].find({"kind": "lost", "reason": reason}, _LOSS, sort=[("at", 1)])
    }
    links = [*newest]
    for at in range(0, len(links), BATCH):
        others = {"kind": "lost", "reason": {"$ne": reason}, "link": {"$in": links[at : at + BATCH]}}
        async for event in database["events"].find(others, _LOSS):
            if event["link"] in newest and event["at"] > newest[event["link"]]:
                del newest[event["link"]]
    return [*newest]


_LOSS = {"link": 1, "at": 1}


async def unsent(
    database: AsyncDatabase[Document],
    channel: str,
    kinds: Collection[str],
    target: str,
    noted_from: datetime,
    most: int,
) -> list[Event]:
    where: Document = {"noted": {"$gte": noted_from}, "kind": {"$in": sorted(kinds)}, "sent": {"$ne": channel}}
    if target:
        where["target"] = target
    cursor = database["events"].find(where, sort=[("noted", 1), ("_id", 1)], limit=most)
    return [_read_event(document) async for document in cursor]


async def mark_sent(database: AsyncDatabase[Document], channel: str, events: Collection[str]) -> None:
    for event in events:
        await database["events"].update_one({"_id": event}, {"$addToSet": {"sent": channel}})


async def note_verdicts(database: AsyncDatabase[Document], verdicts: Sequence[tuple[str, Verdict]]) -> None:
    """Store what these verdicts change; to be called before they are stored."""
    new = dict(verdicts)
    changed = []
    async for document in database["links"].find({"_id": {"$in": [*new]}, "verdict": {"$type": "object"}}, _JUDGED):
        event = verdict_event(
            msgspec.convert(document["verdict"], Verdict),
            new[document["_id"]],
            link=document["_id"],
            source_url=document["source_url"],
            target_url=document["target_url"],
            target=document["target"],
        )
        if event:
            changed.append(event)
    await _insert(database["events"], [_event_document(event, event.at) for event in changed])


async def _histories(database: AsyncDatabase[Document], marked: dict[str, Document]) -> list[History]:
    if not marked:
        return []
    ids = [link for page in marked.values() for link in page.get("links", ())]
    known: dict[str, dict[str, KnownLink]] = {}
    async for link in database["links"].find({"_id": {"$in": ids}}, _KNOWN):
        known.setdefault(link["source_url"], {})[link["_id"]] = KnownLink(
            id=link["_id"], target_url=link["target_url"], target=link["target"], first_seen=link["first_seen"]
        )
    visits = [_read_visit(visit) async for visit in database["visits"].find({"url": {"$in": [*marked]}})]
    visits.sort(key=lambda visit: (visit.url, visit.at, visit.id))
    histories = []
    for url, group in groupby(visits, key=lambda visit: visit.url):
        told_until, links = marked[url].get("told_until"), known.get(url, {})
        kept = (_of_known(visit, links) for visit in group if told_until is None or visit.at >= told_until)
        histories.append(History(url=url, visits=tuple(kept), links=links, told_until=told_until))
    return histories


async def visits_of_page(database: AsyncDatabase[Document], url: str, most: int) -> list[VisitRow]:
    """See :meth:`pipelines.stores.history.HistoryStore.visits`."""
    newest = [("at", -1), ("_id", -1)]
    return [_read_visit(visit) async for visit in database["visits"].find({"url": url}, sort=newest, limit=most)]


def _of_known(visit: VisitRow, links: Collection[str]) -> VisitRow:
    """Without the links that its writer has not stored yet: when it does, it marks the page."""
    if all(link in links for link in visit.links):
        return visit
    states = tuple(state for state in visit.states if state.id in links)
    return replace(visit, links=tuple(link for link in visit.links if link in links), states=states)


async def _replace(events: AsyncCollection[Document], history: History, found: Sequence[Event], now: datetime) -> None:
    where: Document = {"source_url": history.url, "kind": {"$ne": str(EventKind.VERDICT_CHANGED)}}
    if history.told_until:
        where["at"] = {"$gt": history.told_until}
    stored = {document["_id"]: document async for document in events.find(where, {"after": 1, "target": 1})}
    wanted = {event.id: event for event in found}
    if stale := sorted(stored.keys() - wanted.keys()):
        await events.delete_many({"_id": {"$in": stale}})
    await _insert(events, [_event_document(event, now) for event in found if event.id not in stored])
    for event in found:
        held = stored.get(event.id)
        if held and (held.get("after"), held["target"]) != (event.after, event.target):
            await events.update_one({"_id": event.id}, {"$set": {"after": event.after, "target": event.target}})


async def _insert(events: AsyncCollection[Document], documents: Sequence[Document]) -> None:
    if not documents:
        return
    try:
        await events.bulk_write([InsertOne(document) for document in documents], ordered=False)
    except BulkWriteError as error:
        failures = (error.details or {})["writeErrors"]
        if any(failure["code"] != _DUPLICATE_KEY for failure in failures):
            raise


def unsettle(urls: Iterable[str]) -> list[UpdateOne]:
    """Marks pages that have or had links; when all else of their visits is stored.

    The address alone finds them: FerretDB 1.24 reads the whole collection for an update that asks anything besides.
    """
    return [UpdateOne({"_id": url}, {"$set": {"settled": False}, "$inc": {"told": 1}}) for url in urls]


def _outlook(outlook: Outlook) -> Document:
    return {
        "interval": outlook.interval,
        "next_due": outlook.next_due,
        "etag": outlook.etag,
        "last_modified": outlook.last_modified,
        "validated_at": outlook.validated_at,
    }


def _event_document(event: Event, noted: datetime) -> Document:
    return {
        "_id": event.id,
        "kind": str(event.kind),
        "reason": str(event.reason) if event.reason else None,
        "at": event.at,
        "after": event.after,
        "link": event.link,
        "source_url": event.source_url,
        "target_url": event.target_url,
        "target": event.target,
        "before": event.before,
        "now": event.now,
        "noted": noted,
        "sent": [],
    }


def _read_event(document: Document) -> Event:
    return Event(
        id=document["_id"],
        kind=EventKind(document["kind"]),
        reason=Reason(document["reason"]) if document["reason"] else None,
        at=document["at"],
        after=document["after"],
        link=document["link"],
        source_url=document["source_url"],
        target_url=document["target_url"],
        target=document["target"],
        before=document["before"],
        now=document["now"],
    )


def _read_visit(document: Document) -> VisitRow:
    return VisitRow(
        id=document["_id"],
        url=document["url"],
        at=document["at"],
        outcome=Outcome(document["outcome"]),
        status=document["status"],
        detail=document["detail"],
        content_hash=document["content_hash"],
        links=tuple(document["links"]),
        states=msgspec.convert(document.get("states", []), tuple[LinkState, ...]),
        outline=document.get("outline", ""),
        noindex=document.get("noindex"),
        canonical=document.get("canonical"),
        etag=document.get("etag", ""),
        last_modified=document.get("last_modified", ""),
    )
