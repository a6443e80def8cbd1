"""Times in response headers."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Response


def header_time(response: Response, name: str) -> datetime | None:
    """A response header that holds an HTTP date; None if it is absent or malformed."""
    raw = response.headers.get(name)
    try:
        return parsedate_to_datetime(raw.decode("latin-1")).astimezone(UTC) if raw else None
    except (ValueError, OverflowError):
        return None


def retry_after(response: Response, longest: float) -> float:
    """Seconds that Retry-After asks for, at most ``longest``; 0 without one."""
    raw = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if raw.isdecimal():
        return min(float(raw), longest)
    until = header_time(response, "Retry-After")
    return min(max(0.0, (until - datetime.now(UTC)).total_seconds()), longest) if until else 0.0
