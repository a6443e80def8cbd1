"""Events as they are told: one record, a signed body for a webhook, a digest for people. Pure."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from linkcrawler.records import Event
from pipelines.stores.fold import timestamp

FIELDS = (
    "id", "kind", "reason", "at", "after", "link", "source_url", "target_url", "target", "before", "now",
)  # fmt: skip
_MOST_LISTED = 200
"""Events that a digest spells out; beyond, it says how many there are."""


def as_record(event: Event) -> dict[str, str | None]:
    """The event as plain text fields, in the order of FIELDS; times in UTC, ISO 8601."""
    return {
        "id": event.id,
        "kind": str(event.kind),
        "reason": str(event.reason) if event.reason else None,
        "at": timestamp(event.at),
        "after": timestamp(event.after) if event.after else None,
        "link": event.link,
        "source_url": event.source_url,
        "target_url": event.target_url,
        "target": event.target,
        "before": event.before,
        "now": event.now,
    }


def body_of(events: Sequence[Event]) -> bytes:
    """What a webhook is sent: ``{"events": [...]}`` as UTF-8 JSON."""
    return json.dumps({"events": [as_record(event) for event in events]}, ensure_ascii=False).encode()


def signature(secret: str, at: int, body: bytes) -> str:
    """The value of the header ``X-Linkcrawler-Signature``: HMAC-SHA256 of ``AT.BODY`` under the secret.

    ``at`` is in seconds since 1970; a receiver that refuses old times cannot be sent a recorded request again.

    >>> signature("secret", 1700000000, b"{}")[:20]
    't=1700000000,v1=c063'
    """
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def subject(events: Sequence[Event]) -> str:
    """Such as ``linkcrawler: 3 lost, 1 returned``."""
    kinds = Counter(str(event.kind) for event in events)
    return "linkcrawler: " + ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))


def digest_of(events: Sequence[Event]) -> str:
    """A mail's text: by target, by time."""
    lines: list[str] = []
    target = None
    for event in sorted(events, key=lambda one: (one.target, one.at, one.id))[:_MOST_LISTED]:
        if event.target != target:
            target = event.target
            lines += ["", target, "-" * len(target)]
        lines += [_headline(event), f"    {event.source_url}", f"    -> {event.target_url}"]
    if len(events) > _MOST_LISTED:
        lines += ["", f"and {len(events) - _MOST_LISTED} more: linkcrawler events"]
    return "\n".join(lines).strip() + "\n"


def _headline(event: Event) -> str:
    why = f" ({event.reason})" if event.reason else ""
    what = f": {event.before!r} -> {event.now!r}" if event.before or event.now else ""
    after = f", after {_minute(event.after)}" if event.after else ""
    return f"{_minute(event.at)}  {event.kind}{why}{what}{after}"


def _minute(time: datetime) -> str:
    return timestamp(time)[:16].replace("T", " ")
