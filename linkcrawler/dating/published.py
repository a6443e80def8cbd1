"""When a page was published and last changed, as far as the page itself tells.

The methods, in the order in which they are believed where they do not agree (exceptions in ``_published``):

    url            a full date in the address
    json-ld        datePublished of the work that the page is about
    meta           a meta element whose name says published, issued, created
    microdata      itemprop=datePublished, then time elements that are marked as publication
    byline-text    a date that the reader is shown at the headline, in any of the languages of config/dating.toml
    time           a time element at the headline
    description    a labelled date in the page's description
    meta plain     a meta element that is just called date: often the last change
    htmldate       what that library's search finds; a first of January is its way to say "that year": not taken
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import htmldate
from lxml import etree

from linkcrawler.dating.marked import Marked, element_dates, json_ld_dates, meta_dates
from linkcrawler.dating.reading import Reading
from linkcrawler.dating.shown import CLOCK_DAYS, Shown, label_before, shown_dates
from linkcrawler.dating.written import EARLIEST, Locale, locale_of, make_date, written_dates
from linkcrawler.urls import host_of
from linkcrawler.walk import Walk

MAX_HTMLDATE_ELEMENTS = 6_000
MAX_HTMLDATE_CHARS = 300_000
"""htmldate parses the source anew and searches it many times: larger pages cost it a second and more."""
DATELINE, SURE, LIKELY = 5.0, 3.0, 1.5
"""Scores of a shown date (0 to 10 or so): from DATELINE on it may overrule a declared one, from SURE on it is believed
before a plain meta date, from LIKELY on before htmldate's search."""

_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])(?=[/_-])")
_URL_DAY = re.compile(r"[/_-]((?:19|20)\d\d)([/_.-]?)(\d\d?)\2(\d\d?)(?![\d])")


@dataclass(frozen=True, slots=True)
class PageDates:
    """Each source names the method that found the date; both are empty where none did."""

    published: date | None = None
    published_source: str = ""
    modified: date | None = None
    modified_source: str = ""


@dataclass(frozen=True, slots=True)
class _Clues:
    """Everything on the page that may date it, by method, nothing later than ``latest``."""

    url: date | None
    month: tuple[int, int] | None
    """Year and month that the address names."""
    json_ld: list[Marked]
    meta: list[Marked]
    elements: list[Marked]
    shown: list[Shown]
    described: date | None

    def element(self, *sources: str, near: bool = False) -> Marked | None:
        """The first element of one of these sources, or the first that stands at the headline."""
        return next((c for c in self.elements if c.source in sources and (c.near or not near)), None)


def page_dates(
    walk: Walk, *, url: str, fetched: date | None = None, last_modified: datetime | None = None
) -> PageDates:
    """Publication and modification date of a page.

    ``walk`` leads over the parsed page, which is left as it was. ``fetched`` is the day of the visit: no date
    beyond the day after it is believed. ``last_modified`` is the response header. Never raises, whatever a page holds.
    """
    host = host_of(url)
    locale = locale_of(_language(walk), host)
    latest = fetched.fromordinal(fetched.toordinal() + 1) if fetched else None
    clues = _clues(walk, url, locale, latest)
    published, published_source = _published(clues) or _searched(walk, url, latest) or _leftover(clues)
    modified, modified_source = _modified(clues, published, last_modified, fetched)
    return PageDates(published, published_source, modified, modified_source)


def url_date(url: str) -> date | None:
    """The full date in an address; None if it holds none."""
    for match in _URL_DAY.finditer(url[:2083]):
        if (match[2] or len(match[3]) + len(match[4]) == 4) and (day := make_date(*map(int, match.group(1, 3, 4)))):
            return day
    return None


def url_month(url: str) -> tuple[int, int] | None:
    """Year and month that an address names, as blogs' addresses do."""
    match = _URL_MONTH.search(url[:2083])
    return (int(match[1]), int(match[2])) if match else None


def _language(walk: Walk) -> str:
    tag = walk.root.get("lang") or walk.root.get("{http://www.w3.org/XML/1998/namespace}lang")
    if not tag:
        for element in walk.elements("meta"):
            if element.get("property") == "og:locale":
                tag = element.get("content")
    return (tag or "")[:35]


def _clues(walk: Walk, url: str, locale: Locale, latest: date | None) -> _Clues:
    title = next((element.text for element in walk.elements("title")), "") or ""
    reading = Reading(walk, title)
    by_url, month = url_date(url), url_month(url)
    return _Clues(
        url=by_url if by_url and (latest is None or by_url <= latest) else None,
        month=month,
        json_ld=_until(latest, json_ld_dates(walk, title, locale)),
        meta=_until(latest, meta_dates(walk, locale)),
        elements=_until(latest, element_dates(reading, locale)),
        shown=shown_dates(reading, locale, latest, month),
        described=_described(walk, locale, latest),
    )


def _until(latest: date | None, clues: Iterable[Marked]) -> list[Marked]:
    return [clue for clue in clues if latest is None or clue.day <= latest]


def _described(walk: Walk, locale: Locale, latest: date | None) -> date | None:
    """A date in the page's description, right after a label such as 'published on'."""
    for element in walk.elements("meta"):
        if element.get("name") != "description":
            continue
        text = element.get("content", "")[:1000]
        for written in written_dates(text, locale):
            label = label_before(text[max(0, written.start - 25) : written.start])
            if label == "published" and (latest is None or written.day <= latest):
                return written.day
    return None


def _published(clues: _Clues) -> tuple[date, str] | None:
    shown = next((s for s in clues.shown if s.label not in ("modified", "other")), None)
    declared = _declared(clues)
    sure = shown if shown and shown.score >= SURE else None
    if clues.url:
        # Archives and series carry a date in the address that is not the article's: two that agree overrule it.
        agreed = declared and sure and declared.day == sure.day
        return (declared.day, declared.source) if declared and agreed else (clues.url, "url")
    if declared and not (sure and _is_overruled(declared, sure, clues)):
        return declared.day, declared.source
    if sure:
        return sure.day, "byline-text"
    if near := clues.element("time", near=True):
        return near.day, near.source
    if clues.described:
        return clues.described, "description"
    if plain := next((c for c in clues.meta if c.source == "meta plain"), None):
        return plain.day, plain.source
    changed = next((s for s in clues.shown if s.label == "modified" and s.score >= SURE), None)
    if changed:
        return changed.day, "byline-text modified"
    return (shown.day, "byline-text") if shown and shown.score >= LIKELY else None


def _declared(clues: _Clues) -> Marked | None:
    """The best date that the markup calls the publication's."""
    return (
        next((c for c in clues.json_ld if not c.modified), None)
        or next((c for c in clues.meta if not c.modified and c.source != "meta plain"), None)
        or clues.element("microdata", near=True)
        or clues.element("time published", near=True)
        or clues.element("microdata")
        or (None if clues.element("time", near=True) else clues.element("time published"))
    )


def _is_overruled(declared: Marked, shown: Shown, clues: _Clues) -> bool:
    """True if the date at the headline is to be believed before the declared one.

    A time in UTC may be the day before or after where the author sits, while the page shows the local day. Otherwise
    a dateline counts for more if it is close by: a draft's date is declared, the day of release is shown. A date that
    is declared as that of a change stays one. Posts that are published anew keep the month in their address.
    """
    apart = abs((shown.day - declared.day).days)
    if (shown.day.year, shown.day.month) == clues.month != (declared.day.year, declared.day.month):
        return True
    if declared.stamp.utc and apart == 1:
        return True
    changes = [c.day for c in (*clues.json_ld, *clues.meta, *clues.elements) if c.modified]
    return shown.score >= DATELINE and 0 < apart <= 14 and shown.day not in changes


def _searched(walk: Walk, url: str, latest: date | None) -> tuple[date, str] | None:
    """What htmldate finds, on pages of a size that it handles. It gets a copy, because it prunes what it is given.

    Its extensive search would date 3 more of the 504 labelled pages, and many that have no date at all. It loads 200
    languages for that: 46 MB and 2.2 s, in the midst of a crawl.
    """
    if len(walk.begins) > MAX_HTMLDATE_ELEMENTS:
        return None
    # It does not tell the day of the visit in a masthead from a day of publication.
    until = latest - timedelta(days=CLOCK_DAYS + 1) if latest else date.max
    limits = [datetime.combine(day, time.min) for day in (EARLIEST, until)]
    try:
        source = etree.tostring(walk.root, encoding="unicode", method="html")[:MAX_HTMLDATE_CHARS]
        found = htmldate.find_date(
            source, extensive_search=False, original_date=True, url=url, min_date=limits[0], max_date=limits[1]
        )
    except Exception:  # a foreign parser on hostile input: whatever it raises, the page has no date by this method
        return None
    day = date.fromisoformat(found) if found else None
    return (day, "htmldate") if day and (day.month, day.day) != (1, 1) else None


def _leftover(clues: _Clues) -> tuple[date | None, str]:
    rest = clues.element("time", "time aside")
    return (rest.day, rest.source) if rest else (None, "")


def _modified(
    clues: _Clues, published: date | None, last_modified: datetime | None, fetched: date | None
) -> tuple[date | None, str]:
    """The last change; not before the publication, and no header that only tells the time of the visit."""
    candidates = [(c.day, c.source) for c in (*clues.json_ld, *clues.meta, *clues.elements) if c.modified]
    candidates += [(s.day, "byline-text modified") for s in clues.shown if s.label == "modified" and s.score >= LIKELY]
    if last_modified is not None and (fetched is None or last_modified.date() < fetched):
        candidates.append((last_modified.date(), "last-modified header"))
    return next((found for found in candidates if published is None or found[0] >= published), (None, ""))
