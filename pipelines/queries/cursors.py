"""Where a page of links ended, as text that goes into an address: the next page begins after it."""

import base64
import binascii
import json
from dataclasses import replace

from linkcrawler.errors import UsageError
from pipelines.stores.link_filter import LinkFilter


def encode_cursor(sort: str, value: str | float, link_id: str) -> str:
    """The cursor of a link: the order, its place in it, its id."""
    return base64.urlsafe_b64encode(json.dumps([sort, value, link_id]).encode()).decode().rstrip("=")


def decode_cursor(where: LinkFilter, cursor: str) -> LinkFilter:
    """The filter, beginning after the cursor. UsageError if it is none, or one of another order."""
    if not cursor:
        return where
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        sort, value, link = parts
    except (binascii.Error, ValueError, TypeError) as error:
        raise UsageError(f"cursor {cursor!r} is not understood: expected one that a page of links gave") from error
    if sort != where.sort or not isinstance(value, str | float | int) or not isinstance(link, str):
        raise UsageError(f"cursor {cursor!r} belongs to the order {sort!r}, not {where.sort!r}: begin without a cursor")
    return replace(where, after=(value, link))
