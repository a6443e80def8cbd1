"""Dates as machines write them: attribute values, meta contents, JSON values."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from linkcrawler.dating.written import Locale, fold, make_date, written_dates

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d?)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?$")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?$")
_IN_WORDS_UTC = re.compile(r"(?:\bGMT|\bUTC|[+-]00:?00)\s*$")
MAX_VALUE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day, as a machine wrote it."""

    day: date
    utc: bool = False
    """True if a time of day in UTC came with it: where the author sits it may be the day before or after."""


def read_stamp(value: object, locale: Locale) -> Stamp | None:
    """The day of an ISO 8601, RFC 822, epoch or written date; None if the value is no full date."""
    text = fold(value.strip()[:MAX_VALUE_CHARS]).upper() if isinstance(value, str) else str(value)[:MAX_VALUE_CHARS]
    if match := _ISO.match(text):
        return _iso(match)
    if match := _COMPACT.match(text):
        day = make_date(int(match[1]), int(match[2]), int(match[3]))
        return Stamp(day) if day else None
    if match := _EPOCH.match(text):
        moment = datetime.fromtimestamp(int(match[1]), UTC)
        return Stamp(moment.date(), utc=True) if moment.year >= 1995 else None
    found = next(written_dates(text, locale), None)
    return Stamp(found.day, utc=bool(_IN_WORDS_UTC.search(text))) if found else None


def _iso(match: re.Match[str]) -> Stamp | None:
    day = make_date(int(match[1]), int(match[2]), int(match[3]))
    if day is None:
        return None
    midnight = not any(int(match[group] or 0) for group in (4, 5, 6))
    utc = match[7] is not None and match[7].replace(":", "") in ("Z", "UTC", "GMT", "+0000", "-0000")
    return Stamp(day, utc=utc and not midnight)
