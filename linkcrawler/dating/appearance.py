"""When a link must have appeared, from everything that bounds it; and whether it came with its page or later.

    not_before = max(page published, newest own visit without the link before it was first seen, its comment's day)
    not_after  = min(first own sighting, its comment's day, vendors' first-seen times, Last-Modified)

Pure and free of order: each argument is itself a minimum or a maximum over what was observed.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from linkcrawler.records import Appearance, Page, Placement

WITH_PAGE_DAYS = 3
"""A link that is proven to stand there this soon after publication came with the page: first corrections included."""

DAY_SLACK = timedelta(hours=14)
"""A day without a time zone begins up to 14 h earlier in UTC; closer than that, two sources do not contradict."""

_NO_LOWER_BOUNDS = ("modified", "meta plain", "aside")
"""Sources of a publication date that may be that of a change or of another page, so that the link may be older."""

_FRONT_PAGE = re.compile(r"https?://[^/?#]+/?(?:(?:index|home|default)\.\w+)?$", re.IGNORECASE)
_FRONT_PAGE_SLASHES = 3
"""At most; counted, since nearly every address has more."""


class Bound(NamedTuple):
    """A time that bounds the appearance from one side, and what says so."""

    at: datetime
    source: str


class Dated(Protocol):
    """What is looked at of a link."""

    @property
    def source_url(self) -> str: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def placements(self) -> tuple[Placement, ...]: ...
    @property
    def page(self) -> Page | None: ...


def appearance(
    *,
    first_seen: datetime,
    last_absent: datetime | None = None,
    published: date | None = None,
    published_source: str = "",
    owner_date: date | None = None,
    last_modified: datetime | None = None,
    vendor_dates: Iterable[tuple[str, datetime]] = (),
) -> Appearance:
    """The interval of a link's appearance.

    ``first_seen``: its first own sighting. ``last_absent``: the newest own successful visit before that.
    ``published``: the page's date, with its method. ``owner_date``: the earliest day of the comments or posts that hold
    the link, None if it stands outside of them too. ``last_modified``: the header of a visit that found the link.
    ``vendor_dates``: name and time of first-seen dates from elsewhere. All times are aware.
    """
    absent = Bound(last_absent, "own visit without the link") if last_absent and last_absent < first_seen else None
    latest, overruled = _latest(first_seen, absent, owner_date, last_modified, vendor_dates)
    page = _page_bound(published, published_source)
    comment = Bound(_start(owner_date), "comment date") if owner_date else None
    earliest, conflicts = None, overruled
    for bound in sorted(filter(None, (absent, page, comment))):
        if bound.at > latest.at + DAY_SLACK:
            conflicts.append(f"{bound.source} {bound.at:%Y-%m-%d} is after {latest.source} {latest.at:%Y-%m-%d}")
        else:
            earliest = bound
    distrusted = page is not None and page.at > latest.at + DAY_SLACK
    return Appearance(
        not_before=min(earliest.at, latest.at) if earliest else None,
        not_before_source=earliest.source if earliest else "",
        not_after=latest.at,
        not_after_source=latest.source,
        added=_added(None if distrusted else page, absent, comment, latest),
        conflict="; ".join(conflicts),
    )


def appearance_of(
    link: Dated,
    last_absent: datetime | None,
    last_modified: datetime | None = None,
    vendor_dates: Iterable[tuple[str, datetime]] = (),
) -> Appearance:
    """The appearance of a stored link, from its first sighting, its page, its placements and what stores keep beside.

    ``last_modified``: the earliest Last-Modified header of all visits that found the link.
    A front page has no day of publication: what is found there is the day of its newest post.
    """
    page = link.page
    dated = page if page and not is_front_page(link.source_url) else None
    days = [owner_day(placement.context.owner_date) for placement in link.placements]
    known = [day for day in days if day]
    return appearance(
        first_seen=link.first_seen,
        last_absent=last_absent,
        published=dated.published if dated else None,
        published_source=dated.published_source if dated else "",
        owner_date=min(known) if known and len(known) == len(days) else None,
        last_modified=last_modified,
        vendor_dates=vendor_dates,
    )


def _latest(
    first_seen: datetime,
    absent: Bound | None,
    owner_date: date | None,
    last_modified: datetime | None,
    vendor_dates: Iterable[tuple[str, datetime]],
) -> tuple[Bound, list[str]]:
    """The earliest upper bound, and what was overruled: no foreign date reaches below an own visit without the link."""
    foreign = [Bound(at, f"first seen by {name}") for name, at in vendor_dates]
    if owner_date:
        foreign.append(Bound(_start(owner_date) + timedelta(days=1, milliseconds=-1), "comment date"))
    if last_modified:
        foreign.append(Bound(last_modified, "last-modified header"))
    kept, overruled = [Bound(first_seen, "first seen")], []
    for bound in sorted(foreign):
        if absent and bound.at < absent.at:
            overruled.append(f"{bound.source} {bound.at:%Y-%m-%d} is before {absent.source} {absent.at:%Y-%m-%d}")
        else:
            kept.append(bound)
    return min(kept), overruled


def _page_bound(published: date | None, source: str) -> Bound | None:
    if published is None or source.endswith(_NO_LOWER_BOUNDS):
        return None
    return Bound(_start(published), f"page published ({source})" if source else "page published")


def _added(page: Bound | None, absent: Bound | None, comment: Bound | None, latest: Bound) -> str:
    if absent and (page is None or absent.at >= page.at):
        return "later"
    if page is None:
        return "unknown"
    if comment and comment.at > page.at + timedelta(days=1):
        return "later"
    return "with_page" if latest.at <= page.at + timedelta(days=WITH_PAGE_DAYS + 1) else "unknown"


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def is_front_page(url: str) -> bool:
    return url.count("/") <= _FRONT_PAGE_SLASHES and _FRONT_PAGE.match(url) is not None


def owner_day(text: str) -> date | None:
    """The day of a comment or post, as :attr:`linkcrawler.records.Context.owner_date` has it; None if it names none."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
