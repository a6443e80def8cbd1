"""Dates as people write them: found in running text, in many languages, without reading a clock."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice

import msgspec

from linkcrawler.config import load
from linkcrawler.errors import ConfigError

MAX_TEXT_CHARS = 200_000
"""Text beyond this is not searched for dates."""
MAX_YEARS = 2_000
"""Years that are looked at, in each notation; real pages with more are lists and tables."""
EARLIEST = date(1991, 8, 6)
"""The first web page: nothing was published on the web before."""

_OTHER_DIGIT = re.compile("[^\x00-\u065f](?<=\\d)")
"""The first digits beyond 0 to 9 are the Arabic ones."""
_DIGIT = re.compile(r"\d")
_GENITIVE = r"(?:\s*(?:(?:de|del|of|di|da)\s+|d[’'])|[\s,.]*)"
# Patterns begin with digits and look back from there: so they leap from digit to digit.
_YEAR = re.compile(r"(?:19|20)\d\d(?<!\d{5})(?!\d|[.,]\d{3})")
_DAY_MONTH = re.compile(
    rf"(\d(?<!\d\d)\d?)(?:st|nd|rd|th|er|º|ª|°|\.)?{_GENITIVE}([^\W\d_]{{2,14}}){_GENITIVE}[-/]?\s*$"
)
_DAY_DASH_MONTH = re.compile(r"(\d(?<!\d\d)\d?)\s?[-/]\s?([^\W\d_]{3,14})\s?[-/]\s?$")
_MONTH_DAY = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{3,14})[\s.]\s*(\d\d?)(?:st|nd|rd|th)?[\s,.]*(?:\d\d?:\d\d(?::\d\d)?[\s,.]+(?:[A-Z]{3,4}\s)?)?$"
)
_NUMERIC = re.compile(r"(\d(?<![\d./-]\d)\d?)\s?([./-])\s?(\d\d?)\s?\2\s?$")
_AFTER_NUMERIC = re.compile(r"\s?([-/.])\s?(\d\d?)\s?\1\s?(\d\d?)(?!\d)")
_AFTER_CJK = re.compile(r"\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]")
_AFTER_WORD = re.compile(r"(?:\.|\s?m\.|[-/])?\s?([^\W\d_]{3,14})[\s./-]\s?(\d\d?)(?!\d)")
_VIETNAMESE = re.compile(r"(\d(?<!\d\d)\d?)\s+tháng\s+(\d\d?)(?:\s+năm|,|\s)\s*$", re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9]([./])\d\d?\1\d\d")
"""Part of each match of the two below, and found four times as fast."""
_SLASHED = re.compile(r"(\d(?<![\d/]\d)\d?)/(\d\d?)/(?:20)?\d\d(?![\d/])")
_SHORT_YEAR = re.compile(r"(\d(?<![\d./-]\d)\d?)([./])(\d\d?)\2(\d\d)(?![\d/]|[.,-]\d)")

# Languages that write 19.03.02 for the second of March 2019.
_YEAR_FIRST = ("ja", "zh", "ko", "hu", "lt")
# English-speaking places that write the day first.
_DAY_FIRST_ENGLISH = re.compile(r"en[-_](?:gb|au|nz|ie|za|in|sg|hk)", re.IGNORECASE)
_DAY_FIRST_HOST = re.compile(r"\.(?:uk|au|nz|ie|za|in|sg|hk|eu)$")


class RelativeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of "3 days ago"; ``units`` by the names minute, hour, day, week, month, year."""

    before: list[str]
    after: list[str]
    now: list[str]
    yesterday: list[str]
    one: list[str]
    units: dict[str, list[str]]


class DateWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of config/dating.toml."""

    months: dict[str, list[str]]
    labels: dict[str, list[str]]
    relative: RelativeWords


@dataclass(frozen=True, slots=True)
class Written:
    """A date found in a text, with the place where it stands."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Locale:
    """What a page's language and address say about how its dates are to be read."""

    language: str = ""
    """Primary subtag, such as ``de``."""
    month_first: bool = False
    """True if 3/4/2020 is the fourth of March."""


def locale_of(language_tag: str, host: str) -> Locale:
    """``language_tag`` as in the lang attribute; ``host`` settles where English is ambiguous."""
    language = re.split("[-_]", language_tag.strip().lower(), maxsplit=1)[0][:3]
    day_first = _DAY_FIRST_ENGLISH.match(language_tag.strip()) or _DAY_FIRST_HOST.search(host)
    american = language == "en" or (not language and host.endswith((".com", ".org", ".net", ".us", ".gov", ".edu")))
    return Locale(language, american and not day_first)


def fold(text: str) -> str:
    """Lower case without accents, so that written forms compare."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@cache
def words() -> DateWords:
    """The words of config/dating.toml; ConfigError if the file does not fit."""
    found = load("dating.toml", DateWords, '[months] en = ["january jan", ... twelve entries]')
    for language, months in found.months.items():
        if len(months) != 12:
            raise ConfigError(f"dating.toml: months.{language} must list 12 months, got {len(months)}")
    return found


@cache
def _month_table(language: str) -> dict[str, int]:
    """Folded month word to number; words that languages dispute count only in ``language`` itself."""
    table: dict[str, int] = {}
    disputed: set[str] = set()
    for months in words().months.values():
        for number, forms in enumerate(months, 1):
            for form in map(fold, forms.split()):
                if table.setdefault(form, number) != number:
                    disputed.add(form)
    for form in disputed:
        del table[form]
    for number, forms in enumerate(words().months.get(language, ()), 1):
        table |= dict.fromkeys(map(fold, forms.split()), number)
    return table


def month_number(word: str, locale: Locale) -> int:
    """1 to 12, or 0 if the word names no month."""
    language = locale.language if locale.language in words().months else ""
    return _month_table(language).get(fold(word), 0)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None if the calendar has no such day or the web was not there yet."""
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if made >= EARLIEST else None


def written_dates(text: str, locale: Locale) -> Iterator[Written]:
    """Every full date (day, month, year) of ``text``, in order. Digits of any script are understood."""
    text = _western_digits(text[:MAX_TEXT_CHARS])
    numbers = _NUMBERS.search(text)
    begin = max(numbers.start() - 1, 0) if numbers else len(text)
    locale = _witnessed(text, begin, locale)
    for match in islice(_YEAR.finditer(text), MAX_YEARS):
        if found := _around_year(text, match.start(), match.end(), locale):
            yield found
    for match in islice(_SHORT_YEAR.finditer(text, begin), MAX_YEARS):
        first, second, third = int(match[1]), int(match[3]), int(match[4])
        if locale.language in _YEAR_FIRST:
            day = make_date(2000 + first, second, third)
        else:
            day = _ordered(2000 + third, first, second, month_first=match[2] == "/" and locale.month_first)
        if day:
            yield Written(day, match.start(), match.end())


def _witnessed(text: str, begin: int, locale: Locale) -> Locale:
    """The locale, corrected by the page's own dates with slashes, from ``begin`` on, that have one reading only."""
    votes = sum((int(m[1]) > 12) - (int(m[2]) > 12) for m in islice(_SLASHED.finditer(text, begin), 200))
    return replace(locale, month_first=votes < 0) if votes else locale


def _western_digits(text: str) -> str:
    return text if text.isascii() else _OTHER_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text)


def _around_year(text: str, start: int, end: int, locale: Locale) -> Written | None:
    year, before, after = int(text[start:end]), text[max(0, start - 40) : start], text[end : end + 30]
    window = start - len(before)
    if not _DIGIT.search(before):
        return _after_year(text, start, end, after, locale)
    for pattern in (_DAY_MONTH, _DAY_DASH_MONTH, _MONTH_DAY):
        if match := pattern.search(before):
            word, number = (match[1], match[2]) if pattern is _MONTH_DAY else (match[2], match[1])
            if (month := month_number(word, locale)) and (day := make_date(year, month, int(number))):
                return Written(day, window + match.start(), end)
    if match := _VIETNAMESE.search(before):
        day = make_date(year, int(match[2]), int(match[1]))
        return Written(day, window + match.start(), end) if day else None
    if match := _NUMERIC.search(before):
        month_first = match[2] != "." and locale.month_first
        day = _ordered(year, int(match[1]), int(match[3]), month_first=month_first)
        return Written(day, window + match.start(), end) if day else None
    return _after_year(text, start, end, after, locale)


def _after_year(text: str, start: int, end: int, after: str, locale: Locale) -> Written | None:
    year = int(text[start:end])
    if match := _AFTER_NUMERIC.match(after):
        day = make_date(year, int(match[2]), int(match[3]))
    elif match := _AFTER_CJK.match(after):
        day = make_date(year, int(match[1]), int(match[2]))
    elif match := _AFTER_WORD.match(after):
        month = month_number(match[1], locale)
        day = make_date(year, month, int(match[2])) if month else None
    else:
        return None
    return Written(day, start, end + match.end()) if day else None


def _ordered(year: int, first: int, second: int, *, month_first: bool) -> date | None:
    """Read two numbers as day and month; the other way round only if the calendar leaves no choice."""
    day, month = (second, first) if month_first else (first, second)
    return make_date(year, month, day) or make_date(year, day, month)
