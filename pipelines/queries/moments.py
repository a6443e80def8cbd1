"""Times as people give them: a day, a time, or how long ago."""

import re
from datetime import UTC, date, datetime, time, timedelta

from linkcrawler.errors import UsageError

_AGO = re.compile(r"(\d{1,5})([hdwmy])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)} | {
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
_DAY_CHARS = len("2026-01-31")


def start_time(text: str, now: datetime) -> datetime:
    """A lower bound: a day counts from its beginning, ``7d`` is seven days before ``now``."""
    return _moment(text, time(), now)


def end_time(text: str, now: datetime) -> datetime:
    """An upper bound: a day counts to its end (in milliseconds, the precision of stored times)."""
    return _moment(text, time(23, 59, 59, 999_000), now)


def _moment(text: str, clock: time, now: datetime) -> datetime:
    if ago := _AGO.fullmatch(text):
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        if len(text) == _DAY_CHARS:
            return datetime.combine(date.fromisoformat(text), clock, UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is neither a day (2026-01-31) nor a time (2026-01-31T12:00:00Z) "
            "nor how long ago (12h, 7d, 4w, 3m, 1y)"
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
