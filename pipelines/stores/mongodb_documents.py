"""Documents of the MongoDB store: what is written for a change, and a Link of what is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from pymongo import UpdateOne

from linkcrawler.records import Link, Page, Placement, Verdict
from pipelines.stores.assemble import status_of, with_appearance
from pipelines.stores.fold import LinkChange, PageChange, VisitRow, fold_text, in_milliseconds
from pipelines.stores.protocol import UNCLASSIFIED, LinkFilter

Document = dict[str, Any]


def visit_upsert(visit: VisitRow) -> UpdateOne:
    body = {
        "url": visit.url,
        "at": visit.at,
        "outcome": str(visit.outcome),
        "status": visit.status,
        "detail": visit.detail,
        "content_hash": visit.content_hash,
        "links": list(visit.links),
    }
    return UpdateOne({"_id": visit.id}, {"$setOnInsert": body}, upsert=True)


def page_upsert(page: PageChange) -> UpdateOne:
    update: Document = {"$max": {"last_visit": page.last_visit}, "$setOnInsert": {"domain": page.domain}}
    update["$setOnInsert"].update(page_facts(page))
    if page.first_ok:
        update["$min"] = {"first_ok": page.first_ok}
        update["$max"]["last_ok"] = page.last_ok
    if page.links:
        update["$addToSet"] = {"links": {"$each": list(page.links)}}
    return UpdateOne({"_id": page.url}, update, upsert=True)


def page_facts(page: PageChange) -> Document:
    """The newest-wins fields of a page."""
    return {
        "version": page.version,
        "content": page.content,
        "language": page.facts.language if page.facts else "",
        "facts": _plain(page.facts),
    }


def link_upsert(link: LinkChange) -> UpdateOne:
    new = {
        "source_url": link.source_url,
        "source_domain": link.source_domain,
        "target_url": link.target_url,
        **sighting(link),
        "status": "live",
        "language": "",
        "page_version": "",
        "page_content": "",
        "page_checked": link.first_seen,
        "page_visited": link.first_seen,
        "due": True,
        "verdict": None,
    }
    update = {"$min": {"first_seen": link.first_seen}, "$max": {"last_seen": link.last_seen}, "$setOnInsert": new}
    return UpdateOne({"_id": link.id}, update, upsert=True)


def sighting(link: LinkChange) -> Document:
    """The newest-wins fields of a link."""
    return {
        "target": link.target,
        "anchor": link.anchor,
        "rel": list(link.rel),
        "region": link.region,
        "placements": _plain(link.placements),
        "anchor_search": link.anchor_search,
        "search": link.search,
        "version": link.version,
        "content": link.content,
    }


SETTLED = {
    "first_seen": 1,
    "last_seen": 1,
    "status": 1,
    "version": 1,
    "content": 1,
    "page_version": 1,
    "page_content": 1,
    "page_checked": 1,
    "page_visited": 1,
}
"""Projection: the fields of a link that :func:`link_updates` looks at."""


def link_updates(stored: Document, page: Document, change: LinkChange | None) -> Iterator[UpdateOne]:
    """The updates that a link still needs, each safe to repeat and to come late.

    Reading first only spares updates that would match nothing: the filter of each decides on the server.
    """
    if change and change.version > stored["version"]:
        newer = {"version": {"$lt": change.version}}
        if change.content == stored["content"]:
            yield _update(stored, {**newer, "content": change.content}, {"version": change.version})
        else:
            yield _update(stored, {**newer, "content": {"$ne": change.content}}, {**sighting(change), "due": True})
    if page["version"] > stored["page_version"]:
        newer = {"page_version": {"$lt": page["version"]}}
        version = {"page_version": page["version"]}
        if page["content"] == stored["page_content"]:
            yield _update(stored, {**newer, "page_content": page["content"]}, version)
        else:
            facts = {**version, "page_content": page["content"], "language": page["language"], "due": True}
            yield _update(stored, {**newer, "page_content": {"$ne": page["content"]}}, facts)
    yield from _status_update(stored, page)


def _status_update(stored: Document, page: Document) -> Iterator[UpdateOne]:
    checked = max(page.get("last_ok") or stored["page_checked"], stored["page_checked"])
    visited = max(page["last_visit"], stored["page_visited"])
    status = status_of(stored["last_seen"], checked, visited)
    if (status, checked, visited) == (stored["status"], stored["page_checked"], stored["page_visited"]):
        return
    still = {
        "lost": {"last_seen": {"$lt": checked}},
        "unverified": {"last_seen": {"$gte": checked, "$lt": visited}, "page_checked": {"$lte": checked}},
        "live": {"last_seen": {"$gte": visited}, "page_visited": {"$lte": visited}},
    }[status]
    yield UpdateOne(
        {"_id": stored["_id"], **still},
        {"$set": {"status": status}, "$max": {"page_checked": checked, "page_visited": visited}},
    )


def _update(stored: Document, guard: Document, values: Document) -> UpdateOne:
    return UpdateOne({"_id": stored["_id"], **guard}, {"$set": values})


def verdict_updates(link_id: str, verdict: Verdict) -> Iterator[UpdateOne]:
    """Stores a verdict; the link stays due if it is no longer in the state that was judged."""
    document = _plain(replace(verdict, judged_at=in_milliseconds(verdict.judged_at)))
    yield UpdateOne({"_id": link_id}, {"$set": {"verdict": document, "due": bool(verdict.state)}})
    if verdict.state:
        judged = {"content": verdict.state[:16], "page_content": verdict.state[16:]}
        yield UpdateOne({"_id": link_id, **judged}, {"$set": {"due": False}})


def query(where: LinkFilter) -> Document:
    """The filter document of a LinkFilter."""
    found: Document = {
        field: value
        for field, value in (
            ("target", where.target),
            ("rel", where.rel.lower()),
            ("region", where.region),
            ("status", where.status),
            ("source_domain", where.source_domain),
            ("language", where.language),
            ("verdict.channel", where.channel),
        )
        if value
    }
    if where.ids:
        found["_id"] = {"$in": list(where.ids)}
    if where.source_urls:
        found["source_url"] = {"$in": list(where.source_urls)}
    if where.mode:
        found["verdict.mode"] = None if where.mode == UNCLASSIFIED else where.mode
    if where.anchor:
        found["anchor_search"] = {"$regex": re.escape(fold_text(where.anchor))}
    if where.text:
        found["search"] = {"$regex": re.escape(fold_text(where.text))}
    bounds = {"$gte": where.first_seen_from, "$lte": where.first_seen_to}
    if given := {bound: time for bound, time in bounds.items() if time}:
        found["first_seen"] = given
    return found


def read_link(document: Document, page: Mapping[str, Any], last_absent: datetime | None) -> Link:
    link = Link(
        id=document["_id"],
        source_url=document["source_url"],
        target_url=document["target_url"],
        target=document["target"],
        first_seen=document["first_seen"],
        last_seen=document["last_seen"],
        status=document["status"],
        placements=msgspec.convert(document["placements"], tuple[Placement, ...]),
        page=msgspec.convert(page.get("facts"), Page | None),
        verdict=msgspec.convert(document["verdict"], Verdict | None),
        state=document["content"] + document["page_content"],
    )
    return with_appearance(link, last_absent)


def _plain(value: object) -> Any:
    """Lists, dictionaries and scalars; times stay times, days become ISO 8601 text."""
    return msgspec.to_builtins(value, builtin_types=(datetime,))
