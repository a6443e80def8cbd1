"""Documents of the MongoDB store: what is written for a change, and a Link of what is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime
from typing import Any

import msgspec
from pymongo import UpdateOne

from linkcrawler.records import Link, Override, Page, Placement, Verdict, in_milliseconds
from pipelines.patterns.syndication import act_in
from pipelines.stores.assemble import Seen, status_of
from pipelines.stores.fold import LinkChange, PageChange, VisitRow, timestamp

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """Values for one document, let through only while the guard still holds."""

    id: str
    guard: Document
    values: Document

    def operation(self, *, guarded: bool) -> UpdateOne:
        """``guarded=False``: for a sole writer, who has just seen that the guard holds."""
        return UpdateOne({"_id": self.id, **self.guard} if guarded else {"_id": self.id}, self.values)


def visit_document(visit: VisitRow) -> Document:
    return {
        "_id": visit.id,
        "url": visit.url,
        "at": visit.at,
        "outcome": str(visit.outcome),
        "status": visit.status,
        "detail": visit.detail,
        "content_hash": visit.content_hash,
        "links": list(visit.links),
        "states": [{**_plain(state), "id": state.id} for state in visit.states],
        "outline": visit.outline,
        "noindex": visit.noindex,
        "canonical": visit.canonical,
        "etag": visit.etag,
        "last_modified": visit.last_modified,
    }


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


def page_update(page: PageChange) -> Update:
    """Puts newer facts in the place of older ones."""
    return Update(page.url, {"version": {"$lt": page.version}}, {"$set": page_facts(page)})


def link_upsert(link: LinkChange, page: PageChange) -> UpdateOne:
    checked = max(page.last_ok or link.first_seen, link.first_seen)
    new = {
        "source_url": link.source_url,
        "source_domain": link.source_domain,
        "target_url": link.target_url,
        **sighting(link),
        "status": status_of(link.last_seen, checked, page.last_visit),
        "language": page.facts.language if page.facts else "",
        "page_version": page.version,
        "page_content": page.content,
        "page_checked": checked,
        "page_visited": page.last_visit,
        "absent": None,
        "dates": dates(link.first_seen, link.stood_by, None),
        "raised": 0,
        "due": True,
        "verdict": None,
        "act": "",
    }
    earliest = {"first_seen": link.first_seen, "stood_by": link.stood_by}
    update = {"$min": earliest, "$max": {"last_seen": link.last_seen}, "$setOnInsert": new}
    return UpdateOne({"_id": link.id}, update, upsert=True)


def sighting(link: LinkChange) -> Document:
    """The newest-wins fields of a link."""
    return {
        "target": link.target,
        "anchor": link.anchor,
        "rel": list(link.rel),
        "region": link.region,
        "kind": link.kind,
        "placements": _plain(link.placements),
        "anchor_search": link.anchor_search,
        "search": link.search,
        "heading_search": link.heading_search,
        "words": searched_words(link),
        "block": link.block,
        "version": link.version,
        "content": link.content,
    }


def searched_words(link: LinkChange) -> list[str]:
    """What the index of words holds: each word of the link's text, and those of its anchor once more, marked."""
    words = {*link.search.split(), *(f"{ANCHOR_MARK}{word}" for word in link.anchor_search.split())}
    return sorted(words)


ANCHOR_MARK = "anchor:"
"""No word holds a colon."""


def dates(first_seen: datetime, stood_by: datetime, absent: datetime | None) -> str:
    """The times that a link's appearance rests on, as text in the form of the other store."""
    modified = timestamp(stood_by) if stood_by < first_seen else ""
    return f"{timestamp(first_seen)} {modified} {timestamp(absent) if absent else ''}"


SETTLED = {
    "source_url": 1,
    "first_seen": 1,
    "stood_by": 1,
    "absent": 1,
    "dates": 1,
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


def is_dated(stored: Document) -> bool:
    """Whether ``absent`` was looked up for the first sighting that the link has now."""
    return str(stored["dates"]).startswith(timestamp(stored["first_seen"]))


def needs_absent(stored: Document, page: Document) -> bool:
    """Whether there is a successful visit before the first sighting that ``absent`` does not tell of."""
    first_ok = page.get("first_ok")
    return bool(first_ok and first_ok < stored["first_seen"]) and not (stored.get("absent") and is_dated(stored))


def link_updates(
    stored: Document, page: Document, change: LinkChange | None, absent: Iterable[datetime]
) -> Iterator[Update]:
    """The updates that a link still needs, each safe to repeat and to come late.

    Reading first only spares updates that would match nothing: the filter of each decides on the server. ``absent``:
    times of successful visits, of which those before the first sighting count.
    """
    if change and change.version > stored["version"]:
        newer = {"version": {"$lt": change.version}}
        if change.content == stored["content"]:
            yield _set(stored, {**newer, "content": change.content}, {"version": change.version})
        else:
            yield _set(stored, {**newer, "content": {"$ne": change.content}}, {**sighting(change), "due": True})
    if page["version"] > stored["page_version"]:
        newer = {"page_version": {"$lt": page["version"]}}
        version = {"page_version": page["version"]}
        if page["content"] == stored["page_content"]:
            yield _set(stored, {**newer, "page_content": page["content"]}, version)
        else:
            facts = {**version, "page_content": page["content"], "language": page["language"], "due": True}
            yield _set(stored, {**newer, "page_content": {"$ne": page["content"]}}, facts)
    yield from _status_update(stored, page)
    yield from _dates_update(stored, absent)


def _status_update(stored: Document, page: Document) -> Iterator[Update]:
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
    values = {"$set": {"status": status}, "$max": {"page_checked": checked, "page_visited": visited}}
    yield Update(stored["_id"], still, values)


def _dates_update(stored: Document, absent: Iterable[datetime]) -> Iterator[Update]:
    """Let through only if the dates are still those that were read.

    This is enough: for one first sighting ``absent`` only grows, the first sighting only moves back, and whoever adds
    a visit or moves it reads the dates afterwards. A value from before can then only meet dates that hold more.
    """
    known = [stored["absent"]] if stored.get("absent") and is_dated(stored) else []
    newest = max((at for at in (*known, *absent) if at < stored["first_seen"]), default=None)
    wanted = dates(stored["first_seen"], stored["stood_by"], newest)
    if wanted != stored["dates"]:
        yield _set(stored, {"dates": stored["dates"]}, {"dates": wanted, "absent": newest, "due": True})


def _set(stored: Document, guard: Document, values: Document) -> Update:
    return Update(stored["_id"], guard, {"$set": values})


def verdict_update(link_id: str, verdict: Verdict, *, due: bool) -> UpdateOne:
    """Stores a verdict, whatever the link's state."""
    return UpdateOne({"_id": link_id}, _verdict_values(verdict, due=due))


def _verdict_values(verdict: Verdict, *, due: bool) -> Document:
    document = _plain(replace(verdict, judged_at=in_milliseconds(verdict.judged_at)))
    return {"$set": {"verdict": document, "act": act_in(verdict.evidence), "due": due}}


def judged_update(link_id: str, verdict: Verdict) -> UpdateOne:
    """Stores a verdict and takes the link off the list of the due, unless it has left the state that was judged."""
    return UpdateOne({"_id": link_id, **_in_state(verdict.state)}, _verdict_values(verdict, due=False))


def outrun_update(link_id: str, verdict: Verdict) -> UpdateOne:
    """Stores a verdict on a link that has left the state that was judged, and stays due."""
    return UpdateOne({"_id": link_id, "$nor": [_in_state(verdict.state)]}, _verdict_values(verdict, due=True))


def is_stale(stored: Document, verdict: Verdict) -> bool:
    """Whether the link is no longer in the state that was judged."""
    return bool(verdict.state and stored) and _state(stored) != verdict.state


STATE = {"content": 1, "page_content": 1, "dates": 1, "raised": 1}
"""Projection: the fields that make up ``Link.state``."""


def _state(stored: Mapping[str, Any]) -> str:
    return f"{stored['content']} {stored['page_content']} {stored['dates']} {stored['raised']}"


def _in_state(state: str) -> Document:
    """The filter that a link passes while it is in this state; empty for none."""
    if not state:
        return {}
    content, page_content, rest = state.split(" ", 2)
    dated, _, raised = rest.rpartition(" ")
    return {"content": content, "page_content": page_content, "dates": dated, "raised": int(raised)}


def read_link(document: Document, page: Mapping[str, Any]) -> Link:
    facts, verdict, override = page.get("facts"), document.get("verdict"), document.get("override")
    seen = Seen(
        document["source_url"],
        document["first_seen"],
        msgspec.convert(document["placements"], tuple[Placement, ...]),
        msgspec.convert(facts, Page) if facts is not None else None,
    )
    return Link(
        id=document["_id"],
        source_url=seen.source_url,
        target_url=document["target_url"],
        target=document["target"],
        first_seen=seen.first_seen,
        last_seen=document["last_seen"],
        status=document["status"],
        placements=seen.placements,
        page=seen.page,
        appearance=seen.appearance(document.get("absent"), document["stood_by"]),
        verdict=msgspec.convert(verdict, Verdict) if verdict is not None else None,
        override=msgspec.convert(override, Override) if override is not None else None,
        state=_state(document),
    )


_REQUIRED = frozenset(
    field.name for record in (Placement, Page) for field in fields(record) if field.default is MISSING
)


def _plain(value: object) -> Any:
    """Lists, dictionaries and scalars without what is empty; times stay times, days become ISO 8601 text."""
    return _compact(msgspec.to_builtins(value, builtin_types=(datetime,)))


def _compact(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _compact(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if name in _REQUIRED or part not in ("", None, [], {})}
    return [_compact(part) for part in value] if isinstance(value, list | tuple) else value
