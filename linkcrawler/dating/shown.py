"""Dates that the reader is shown near the headline: datelines, bylines, labels such as 'Published on'."""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice

from lxml import etree

from linkcrawler.dating.reading import Reading
from linkcrawler.dating.written import Locale, Written, words, written_dates

_DATE_WORDS = re.compile(
    r"(?:^|[\s_-])(?:fecha|data|time|post-?info|meta|info|autor|author)(?:$|[\s_-])"
    r"|date|datum|publish|posted|by-?line|timestamp"
)
CLOCK_DAYS = 2
"""A masthead shows the day of the visit, or a neighbour of it where a cache or a time zone stands between."""
MAX_DATES = 500
"""Dates of a page that are judged."""
LABEL_CHARS = 40
LINE_CHARS = 200
_ALONE = 1.0
"""What it adds that the page shows no other day."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A date in the page's text, how likely it is the article's own, and what its label says."""

    day: date
    score: float
    label: str
    """``published``, ``modified``, ``other`` or empty."""


def shown_dates(reading: Reading, locale: Locale, latest: date | None, month: tuple[int, int] | None) -> list[Shown]:
    """Dates of the visible text outside comments, most likely the page's own first.

    ``month`` is the year and month that the page's address names, if any.
    """
    found: list[tuple[Shown, bool]] = []
    for written in islice(written_dates(reading.text, locale), MAX_DATES):
        if latest is None or written.day <= latest:
            zones = reading.kinds_at(written.start)
            if "comment" not in zones and not _is_clock(reading, written, latest):
                found.append((_judge(reading, written, zones, month), "aside" in zones))
    if len({shown.day for shown, aside in found if not aside}) == 1:
        found = [(shown if aside else replace(shown, score=shown.score + _ALONE), aside) for shown, aside in found]
    return sorted((shown for shown, _ in found), key=lambda shown: -shown.score)


def _is_clock(reading: Reading, written: Written, latest: date | None) -> bool:
    """True for the day of the visit above the headline: many mastheads tell what day it is."""
    above = reading.headline is not None and written.end <= reading.headline[0]
    return above and latest is not None and (latest - written.day).days <= CLOCK_DAYS


def _judge(reading: Reading, written: Written, zones: frozenset[str], month: tuple[int, int] | None) -> Shown:
    before, after = _line_around(reading.text, written)
    label = _label(reading.text, written, after)
    score = _nearness(reading, written)
    score += _standing(len(before), len(after), label)
    score += 2.0 * (label == "published") - 1.0 * (label == "other")
    score += 1.5 * bool(_DATE_WORDS.search(_markup(reading.owner_at(written.start))))
    score += 1.5 * ((written.day.year, written.day.month) == month)
    score -= (2.0 if label == "published" else 3.0) * ("aside" in zones) + 1.5 * ("link" in zones)
    return Shown(written.day, score, label)


def _line_around(text: str, written: Written) -> tuple[str, str]:
    """What stands on the date's line before and after it, each at most LINE_CHARS long."""
    before = text[max(0, written.start - LINE_CHARS) : written.start].rpartition("\n")[2]
    after = text[written.end : written.end + LINE_CHARS].partition("\n")[0]
    return before, after


def _label(text: str, written: Written, after: str) -> str:
    """What the words around say that the date is: those before it, else a participle after it on its line."""
    label = label_before(text[max(0, written.start - LABEL_CHARS) : written.start])
    return label or ("published" if "published" in labels_in(after[:LABEL_CHARS]) else "")


def _nearness(reading: Reading, written: Written) -> float:
    if reading.headline is None:
        return 1.0 if written.start < 2000 else 0.0
    start, end = reading.headline
    if start <= written.start < end:
        return 0.5
    gap = written.start - end if written.start >= end else start - written.end
    before = 0.0 if written.start >= end else 0.5
    return (3.0 if gap <= 200 else 2.0 if gap <= 600 else 1.0 if gap <= 1500 else 0.0) - before


def _standing(before: int, after: int, label: str) -> float:
    """A line that says little but the date is a dateline; a date inside a long line is part of the story."""
    rest = before + after
    if rest <= 70:
        return 2.0 if rest <= 25 else 1.0
    if before <= 30:
        return 1.0
    return 0.0 if rest <= 140 or label else -2.0


def _markup(owner: etree._Element | None) -> str:
    if owner is None:
        return ""
    parent = owner.getparent()
    outer = f"{parent.get('class', '')} {parent.get('id', '')}" if parent is not None and parent.tag != "body" else ""
    own = f"{owner.tag if owner.tag == 'time' else ''} {owner.get('class', '')} {owner.get('id', '')}"
    return f"{own} {outer}"[:300].lower()


@cache
def _label_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    longest_first = {
        kind: sorted(map(re.escape, forms), key=len, reverse=True) for kind, forms in words().labels.items()
    }
    return tuple((kind, re.compile(rf"(?<![^\W\d_])(?:{'|'.join(forms)})")) for kind, forms in longest_first.items())


def labels_in(text: str) -> list[str]:
    """Kinds of the labels in ``text``, in the order in which they end."""
    lowered = text.lower()
    ends = [(match.end(), kind) for kind, pattern in _label_patterns() for match in pattern.finditer(lowered)]
    return [kind for _, kind in sorted(ends)]


def label_before(text: str) -> str:
    """The kind of the label nearest to the end of ``text``; empty if there is none."""
    return next(reversed(labels_in(text)), "")
