"""Rules that a MongoDB server itself holds documents to: what is written past linkcrawler must keep to them too."""

from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

Document = dict[str, Any]

_TEXT, _TIME, _BOOLEAN, _LIST = "string", "date", "bool", "array"
_INTEGER = ["int", "long"]
_MAYBE_TEXT, _MAYBE_TIME, _MAYBE_DOCUMENT = [_TEXT, "null"], [_TIME, "null"], ["object", "null"]
_UNSUPPORTED = frozenset({59, 72, 115, 238, 40415})
"""CommandNotFound, InvalidOptions, CommandNotSupported, NotImplemented, unknown field: a server without validators."""

REQUIRED: dict[str, dict[str, Any]] = {
    "links": {
        "source_url": _TEXT, "source_domain": _TEXT, "target_url": _TEXT, "target": _TEXT, "first_seen": _TIME,
        "last_seen": _TIME, "stood_by": _TIME, "status": {"enum": ["live", "lost", "unverified"]}, "anchor": _TEXT,
        "anchor_search": _TEXT, "region": _TEXT, "kind": _TEXT, "search": _TEXT, "placements": _LIST,
        "version": _TEXT, "content": _TEXT, "page_version": _TEXT, "page_content": _TEXT, "page_checked": _TIME,
        "page_visited": _TIME, "language": _TEXT, "absent": _MAYBE_TIME, "dates": _TEXT, "raised": _INTEGER,
        "due": _BOOLEAN, "verdict": _MAYBE_DOCUMENT,
    },
    "pages": {"domain": _TEXT, "last_visit": _TIME, "version": _TEXT, "content": _TEXT, "language": _TEXT},
    "visits": {
        "url": _TEXT, "at": _TIME, "outcome": _TEXT, "status": _INTEGER, "detail": _TEXT, "content_hash": _TEXT,
        "links": _LIST,
    },
    "events": {
        "kind": {"enum": ["appeared", "changed", "lost", "returned", "verdict_changed"]}, "reason": _MAYBE_TEXT,
        "at": _TIME, "after": _MAYBE_TIME, "link": _TEXT, "source_url": _TEXT, "target_url": _TEXT, "target": _TEXT,
        "before": _TEXT, "now": _TEXT, "noted": _TIME, "sent": _LIST,
    },
    "targets": {"project": _TEXT, "owned": _LIST, "brands": _LIST, "competitors": _LIST},
    "quarantine": {"at": _TIME, "url": _TEXT, "reason": _TEXT, "record": _TEXT},
}  # fmt: skip
"""Fields that every document of a collection has, with their types; further fields are free."""


def validator(collection: str) -> Document:
    """The ``$jsonSchema`` rule of a collection."""
    fields = REQUIRED[collection]
    properties = {name: rule if isinstance(rule, dict) else {"bsonType": rule} for name, rule in fields.items()}
    return {"$jsonSchema": {"bsonType": "object", "required": sorted(fields), "properties": properties}}


async def put_validators(database: AsyncDatabase[Document]) -> bool:
    """Have the server hold new and changed documents to the rules; False if it is one that cannot."""
    for name in REQUIRED:
        try:
            await database.command("collMod", name, validator=validator(name), validationLevel="moderate")
        except OperationFailure as error:
            if error.code in _UNSUPPORTED or "validator" in str(error):
                return False
            raise
    return True
