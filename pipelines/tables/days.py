"""Reads the days of a column, whose order of day and month the column itself must tell."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from linkcrawler.errors import UsageError

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_PARTS = re.compile(r"(\d{1,2})[-/.]\s?(\d{1,2})[-/.]\s?(\d{4}|\d{2})(?!\d)")
_WORDED = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%Y %b %d", "%Y %B %d")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|[,.]|^(?:mon|tue|wed|thu|fri|sat|sun)\w*\s", re.IGNORECASE)


def day_first(values: Iterable[str]) -> bool | None:
    """Whether days stand before months in a column such as ``03/04/2026``; None if it does not tell.

    Points part days from months from years in countries that put the day first.
    """
    pairs = [(int(found[1]), int(found[2]), value) for value in values if (found := _PARTS.match(value.strip()))]
    if any(first > 12 for first, _, _ in pairs) or any("." in value[:6] for _, _, value in pairs):
        return True
    if any(second > 12 for _, second, _ in pairs):
        return False
    # Where all days equal their months either order reads the same.
    return True if all(first == second for first, second, _ in pairs) else None


def require_order(column: str, order: bool | None, values: Iterable[str]) -> bool:
    """The order, or UsageError with a value that can be read two ways."""
    if order is None:
        example = next(value for value in values if _PARTS.match(value.strip()))
        raise UsageError(
            f"column {column!r}: {example} can be read two ways, and no other day of the column decides; say which "
            "comes first: --dates day-first or --dates month-first"
        )
    return order


def read_day(text: str, *, days_first: bool) -> date | None:
    """The day that a cell names. Raises ValueError if it names none; None if the cell is empty."""
    value = text.strip()
    if not value or value in ("-", "–", "n/a", "N/A", "null", "None"):
        return None
    if found := _ISO.match(value):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _PARTS.match(value):
        one, other, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (one, other) if days_first else (other, one)
        return date(year if year > 99 else 2000 + year, month, day)
    words = " ".join(_ORDINAL.sub(" ", value).split()[:3])
    for form in _WORDED:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise ValueError(f"{value!r} is not a day")
