"""What becomes of a visit that cannot be stored: kept as text, with the reason."""

import msgspec

from linkcrawler.records import Visit
from linkcrawler.urls import digest
from pipelines.stores.fold import timestamp
from pipelines.stores.history import Refused

MOST_CHARS = 100_000


def refused(visit: Visit, reason: str) -> Refused:
    """The record for the quarantine; a visit that is refused twice has the same id."""
    try:
        text = msgspec.json.encode(visit).decode()
    except (UnicodeError, ValueError, TypeError):
        text = repr(visit)
    text = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:MOST_CHARS]
    url = visit.url.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    at = visit.at if visit.at.tzinfo else visit.at.astimezone()
    return Refused(id=digest(url, timestamp(at), reason, text), at=at, url=url, reason=reason[:500], record=text)
