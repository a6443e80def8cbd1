"""When a comment or post was written: attributes first, then the date that is shown, then "3 days ago"."""

import re
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice

from lxml import etree

from linkcrawler.dating.stamps import read_stamp
from linkcrawler.dating.written import Locale, fold, words, written_dates

MAX_ELEMENTS = 300
"""Elements of a comment that are looked at; its header stands at the beginning."""
MAX_CHARS = 300
NAMED_DAY_CHARS = 120
"""Headers stand at the beginning; "today" further on is a word of the comment itself."""

_ATTRIBUTES = (
    "datetime",
    "data-datetime",
    "data-time",
    "data-timestamp",
    "data-utime",
    "data-date",
    "title",
    "content",
)
_DAYS = {"minute": 0, "hour": 0, "day": 1, "week": 7, "month": 30, "year": 365}
_COARSE = frozenset(("week", "month", "year"))
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def comment_date(
    comment: etree._Element | str, fetched: datetime | None, *, locale: Locale | None = None, coarse: bool = False
) -> date | None:
    """The day on which ``comment`` (its element, or the text of its header) was written; None if it does not tell.

    "3 days ago" counts from ``fetched``, the time of the visit, and is not understood without it. "2 years ago" names
    no day: it is taken only with ``coarse``, as the last day that it can mean. Days after the visit are not believed.
    """
    locale = locale or Locale()
    latest = fetched.date() + timedelta(days=1) if fetched else date.max
    if not isinstance(comment, str):
        for day in _attribute_days(comment, locale):
            if day <= latest:
                return day
        comment = " ".join(map(str, islice(comment.itertext(), MAX_ELEMENTS)))
    text = " ".join(comment[: MAX_CHARS * 4].split())[:MAX_CHARS]
    for written in written_dates(text, locale):
        if written.day <= latest:
            return written.day
    return relative_day(text, fetched, coarse=coarse) if fetched else None


def relative_day(text: str, fetched: datetime, *, coarse: bool = False) -> date | None:
    """The day that "yesterday" or "3 days ago" means in a text read at ``fetched``."""
    folded = fold(text[:MAX_CHARS])
    counted, named = _patterns()
    if match := counted.search(folded):
        number, unit = match["number"] or match["number2"], match["unit"] or match["unit2"]
        kind = _units()[unit]
        if kind in _COARSE and not coarse:
            return None
        count = int(number) if number.isdecimal() else 1
        moment = fetched - timedelta(**{f"{kind}s": count}) if kind in ("minute", "hour") else fetched
        return moment.date() - timedelta(days=min(count, 999) * _DAYS[kind])
    if match := named.search(folded, 0, NAMED_DAY_CHARS):
        return fetched.date() - timedelta(days=1 if match["yesterday"] else 0)
    return None


def _attribute_days(comment: etree._Element, locale: Locale) -> list[date]:
    """Days in the date attributes of a comment's elements, in document order."""
    days = []
    for element in islice(comment.iter(etree.Element), MAX_ELEMENTS):
        for name in _ATTRIBUTES:
            value = element.get(name)
            if value and (stamp := read_stamp(value, locale)):
                days.append(stamp.day)
    return days


@cache
def _units() -> dict[str, str]:
    return {fold(form): kind for kind, forms in words().relative.units.items() for form in forms}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One pattern for counted days, with the word for "ago" on either side, and one for named days."""
    relative = words().relative
    number = rf"\d{{1,3}}|\b(?:{_any(relative.one)})\b"
    unit = _any(list(_units()))
    counted = (
        rf"(?P<number>{number})\s?(?P<unit>{unit})\s?(?:{_any(relative.after)})"
        rf"|(?:{_any(relative.before)})\s(?P<number2>{number})\s?(?P<unit2>{unit})"
    )
    named = rf"(?P<yesterday>{_any(relative.yesterday)})|(?P<now>{_any(relative.now)})"
    return re.compile(counted), re.compile(named)


def _any(forms: list[str]) -> str:
    """A pattern for any of the words: whole ones in scripts that separate words."""
    folded = sorted(map(fold, forms), key=len, reverse=True)
    return "|".join(re.escape(f) if _WITHOUT_SPACES.search(f) else rf"\b{re.escape(f)}\b" for f in folded)
