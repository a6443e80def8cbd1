"""A LinkFilter as a MongoDB query: filter document, order, cursor, grouping."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from linkcrawler.vocabulary import Mode
from pipelines.stores.link_filter import (
    NO_REL,
    QUALIFIED,
    UNCLASSIFIED,
    LinkFilter,
    beginnings,
    just_after,
    kinds,
    of_host,
)
from pipelines.stores.mongodb.documents import ANCHOR_MARK, Document
from pipelines.stores.reading import TIMES
from pipelines.stores.words import Phrase, phrase

_SORTED = {"id": "_id", "confidence": "verdict.confidence", "anchor": "anchor_search"}
_KEYS = {"domain": "source_domain", "block": "block", "text": "act"}
_GROUPED: dict[str, Any] = {
    "mode": {"$ifNull": ["$override.mode", "$verdict.mode"]},
    "channel": {"$ifNull": ["$override.channel", "$verdict.channel"]},
    "model": "$verdict.model",
    # Joined on the server: mongo-java-server takes some different lists for one.
    "rel": {
        "$reduce": {
            "input": "$rel",
            "initialValue": "",
            "in": {"$concat": ["$$value", {"$cond": [{"$eq": ["$$value", ""]}, "", " "]}, "$$this"]},
        }
    },
    "anchor": "$anchor_search",
    "month": {"$dateToString": {"date": "$first_seen", "format": "%Y-%m"}},
}


def query(where: LinkFilter) -> Document:
    """The filter document, without cursor and ``one_per``."""
    return _all(*_equalities(where), *_judged(where), *_addresses(where), *_texts(where), *_times(where))


def sorted_query(where: LinkFilter) -> Document:
    """The filter document; in the order of confidence only links with a verdict take part."""
    return _all(query(where), {"verdict.confidence": {"$gte": 0}} if where.sort_field == "confidence" else {})


def page_query(where: LinkFilter) -> Document:
    """The filter document of what comes after the cursor."""
    return _all(sorted_query(where), _after(where))


def order(where: LinkFilter) -> list[tuple[str, int]]:
    way = -1 if where.descending else 1
    return [(field, way) for field in dict.fromkeys((_sorted(where), "_id"))]


def narrow(where: LinkFilter) -> Document:
    """Projection: what :func:`keys` looks at."""
    return dict.fromkeys((_KEYS[name] for name in where.one_per), 1)


def keys(document: Document, where: LinkFilter) -> list[tuple[str, str]]:
    """Field and value of what a link has in common with others; a text that was not copied has no key."""
    found = [(field, str(document.get(field) or "")) for field in (_KEYS[name] for name in where.one_per)]
    return [(field, value) for field, value in found if value]


def grouping(where: LinkFilter, fields: Sequence[str]) -> list[Document]:
    """The pipeline that counts the links that fit by these fields."""
    group = {field: _GROUPED.get(field, f"${field}") for field in fields}
    return [{"$match": query(where)}, {"$group": {"_id": group, "count": {"$sum": 1}}}]


def group_values(group: Document, fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(group.get(field) or "" for field in fields)


def _all(*parts: Document) -> Document:
    given = [part for part in parts if part]
    return {"$and": given} if len(given) > 1 else given[0] if given else {}


def _sorted(where: LinkFilter) -> str:
    return _SORTED.get(where.sort_field, where.sort_field)


def _after(where: LinkFilter) -> Document:
    if where.after is None:
        return {}
    given, link = where.after
    beyond = "$lt" if where.descending else "$gt"
    field = _sorted(where)
    if field == "_id":
        return {"_id": {beyond: link}}
    value = datetime.fromisoformat(str(given)) if field in TIMES else given
    return {field: {f"{beyond}e": value}, "$or": [{field: {beyond: value}}, {field: value, "_id": {beyond: link}}]}


def _equalities(where: LinkFilter) -> Iterator[Document]:
    for field in ("target", "region", "status", "source_domain", "language"):
        if value := getattr(where, field):
            yield {field: value}
    if where.ids:
        yield {"_id": {"$in": list(where.ids)}}
    if where.source_urls:
        yield {"source_url": {"$in": list(where.source_urls)}}
    if where.kind:
        yield {"kind": {"$in": kinds(where)}}
    if where.rel == NO_REL:
        yield {"rel": {"$nin": list(QUALIFIED)}}
    elif where.rel:
        yield {"rel": where.rel.lower()}


def _judged(where: LinkFilter) -> Iterator[Document]:
    for field, value in (("mode", where.mode), ("channel", where.channel)):
        if value and value != UNCLASSIFIED:
            yield {"$or": [{f"override.{field}": value}, {"override": None, f"verdict.{field}": value}]}
    if where.mode == UNCLASSIFIED:
        yield {"override": None, "verdict.mode": None}
    if where.overruled:
        yield {"override.mode": {"$in": sorted(Mode)}}
    bounds = {"$gte": where.min_confidence, "$lte": where.max_confidence}
    if given := {bound: value for bound, value in bounds.items() if value is not None}:
        yield {"verdict.confidence": given}
    if where.signal:
        yield {"verdict.evidence.signal": where.signal}
    if where.model:
        yield {"verdict.model": {"$gte": where.model, "$lt": just_after(where.model)}}


def _addresses(where: LinkFilter) -> Iterator[Document]:
    for field, address in (("source_url", where.source_url), ("target_url", where.target_url)):
        if begun := beginnings(address):
            yield _begins(field, begun)
        elif address:
            yield {field: {"$regex": re.escape(address)}}
    if where.source_host:
        yield _begins("source_url", of_host(where.source_host))


def _begins(field: str, begun: Sequence[str]) -> Document:
    ranges = [{field: {"$gte": beginning, "$lt": just_after(beginning)}} for beginning in begun]
    return {"$or": ranges} if len(ranges) > 1 else ranges[0]


def _texts(where: LinkFilter) -> Iterator[Document]:
    if where.text:
        yield from _holds(phrase(where.text, "text"), "search")
    if where.anchor:
        yield from _holds(phrase(where.anchor, "anchor"), "anchor_search", ANCHOR_MARK)
    if where.heading:
        yield from _holds(phrase(where.heading, "heading"), "heading_search")


def _holds(said: Phrase, field: str, mark: str = "") -> Iterator[Document]:
    """The words narrow by their index, the row of them is looked for in what is left."""
    words = [f"{mark}{word}" for word in said.words]
    whole = words[:-1] if said.open_end else words
    if whole:
        yield {"words": {"$all": whole}}
    if said.open_end:
        yield {"words": {"$regex": f"^{re.escape(words[-1])}"}}
    row = re.escape(" ".join(said.words))
    yield {field: {"$regex": f"(^| ){row}" + ("" if said.open_end else "( |$)")}}


def _times(where: LinkFilter) -> Iterator[Document]:
    for field, start, end in (
        ("first_seen", where.first_seen_from, where.first_seen_to),
        ("last_seen", where.last_seen_from, where.last_seen_to),
    ):
        bounds = {"$gte": start, "$lte": end}
        if given := {bound: time for bound, time in bounds.items() if time}:
            yield {field: given}
