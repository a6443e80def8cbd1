"""The OpenAPI document of the API, made of the same filters that requests are read by."""

from typing import Any

from linkcrawler import __version__
from linkcrawler.vocabulary import Channel, EventKind, Mode, Reason
from pipelines.queries.filter_fields import FIELDS, FilterField
from pipelines.stores.link_filter import FACETS

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_OPTIONAL: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SHARE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_LIST: Schema = {"type": "array"}
_OBJECT: Schema = {"type": "object"}
_REFUSALS = {"400": "a filter, a field or the body is not understood", "429": "too many requests"}


def document(*, with_token: bool) -> Schema:
    """``with_token``: whether this server asks for one."""
    found: Schema = {
        "openapi": "3.1.0",
        "info": {
            "title": "linkcrawler",
            "version": __version__,
            "description": "Links, how each came to stand where it stands, and what people say of it. "
            "Filters are those of the command line.",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }
    if with_token:
        found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"token": []}]
    return found


def _paths() -> Schema:
    filters = [_parameter(field) for field in FIELDS]
    of_link = [{"name": "id", "in": "path", "required": True, "schema": _TEXT, "description": "Id of a link."}]
    by = {
        "name": "by", "in": "query", "description": "What to count by; may be repeated.",
        "schema": {"type": "array", "items": {"type": "string", "enum": list(FACETS)}, "uniqueItems": True},
    }  # fmt: skip
    said = {"required": True, "content": {"application/json": {"schema": _ref("Said")}}}
    unsupported = {"415": "the body is no JSON"}
    return {
        "/links": {"get": _operation("A page of links.", "LinkPage", filters)},
        "/links/{id}": {"get": _operation("One link.", "Link", of_link, more=_MISSING)},
        "/links/{id}/events": {"get": _operation("What happened to a link.", "Events", of_link, more=_MISSING)},
        "/links/{id}/override": {
            "put": _operation(
                "Overrule the verdict.", "Override", of_link, body=said, more=_MISSING | unsupported | _FORGED
            ),
            "delete": _operation("Take back what was said.", "", of_link, more=_MISSING | _FORGED),
        },
        "/counts": {"get": _operation("How many links, by some fields.", "Counts", [by, *filters])},
        "/totals": {"get": _operation("What the store holds.", "Totals", [])},
        "/openapi.json": {"get": _operation("This document.", "Document", [])},
    }


_MISSING = {"404": "no link has this id"}
_FORGED = {"403": "another site sends the request"}


def _operation(
    summary: str,
    schema: str,
    parameters: list[Schema],
    *,
    body: Schema | None = None,
    more: dict[str, str] | None = None,
) -> Schema:
    done: Schema = {"200": _answer("done", _ref(schema))} if schema else {"204": {"description": "done"}}
    refused = {status: _answer(words, _ref("Problem")) for status, words in (_REFUSALS | (more or {})).items()}
    refused["429"] = {"description": _REFUSALS["429"]}
    refused["503"] = _answer("the store does not answer", _ref("Problem"))
    for status, words in (("401", "no token"), ("413", "too large a body"), ("414", "too long an address")):
        refused[status] = {"description": words}
    refused["421"] = {"description": "not a name of this server"}
    found: Schema = {"summary": summary, "parameters": parameters, "responses": done | refused}
    if body:
        found["requestBody"] = body
    return found


def _parameter(field: FilterField) -> Schema:
    schema: Schema = {"type": "string"}
    if field.words:
        schema["enum"] = ["", *field.words]
    if field.several:
        schema = {"type": "array", "items": schema}
    return {"name": field.name, "in": "query", "description": field.help, "schema": schema}


def _schemas() -> Schema:
    modes, channels = sorted(Mode), sorted(Channel)
    link = {
        "id": _TEXT, "source_url": _TEXT, "source_domain": _TEXT, "target_url": _TEXT, "target": _TEXT, "anchor": _TEXT,
        "rel": _LIST, "region": _TEXT, "kind": _TEXT, "context": _OBJECT, "first_seen": _TEXT, "last_seen": _TEXT,
        "appearance": _OBJECT, "status": _TEXT, "mode": {"enum": [*modes, None]},
        "channel": {"enum": [*channels, None]}, "confidence": _SHARE, "evidence": _LIST, "model": _OPTIONAL,
        "placements": _LIST,
    }  # fmt: skip
    event = {
        "id": _TEXT, "kind": {"enum": sorted(EventKind)}, "reason": {"enum": [*sorted(Reason), None]}, "at": _TEXT,
        "after": _OPTIONAL, "link": _TEXT, "source_url": _TEXT, "target_url": _TEXT, "target": _TEXT, "before": _TEXT,
        "now": _TEXT,
    }  # fmt: skip
    said = {"mode": {"enum": modes}, "channel": {"enum": channels}, "by": _TEXT, "note": _TEXT}
    count = {"type": "object", "required": ["links"], "properties": {"links": _COUNT}}
    totals = {"links": _COUNT, "pages": _COUNT, "visits": _COUNT, "by_mode": _OBJECT}
    return {
        "Link": _all_of(link),
        "LinkPage": _all_of({"links": _LIST | {"items": _ref("Link")}, "next": _TEXT}),
        "Event": _all_of(event),
        "Events": _all_of({"events": _LIST | {"items": _ref("Event")}}),
        "Override": _all_of(said | {"at": _TEXT}),
        "Said": {"type": "object", "required": ["by"], "additionalProperties": False, "properties": said
                 | {"by": {"type": "string", "minLength": 1}}},
        "Counts": _all_of({"counts": _LIST | {"items": count}}),
        "Totals": _all_of(totals),
        "Document": _OBJECT,
        "Problem": _all_of({"error": _TEXT}),
    }  # fmt: skip


def _all_of(properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _answer(words: str, schema: Schema) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
