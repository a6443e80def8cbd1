"""Flat rows straight from the columns of the SQLite file: of the stored JSON only what a row shows is decoded.

Tests hold every row to :func:`pipelines.stores.flat.flat_of` of the whole link.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from linkcrawler.dating.appearance import WITH_PAGE_DAYS, appearance, is_front_page, owner_day
from linkcrawler.records import Appearance
from pipelines.queries.placements import rank
from pipelines.stores.flat import FlatRow, iso
from pipelines.stores.fold import timestamp

FIELDS = """
SELECT CAST(p.facts AS BLOB), l.source_url, l.id, l.source_domain, l.target_url, l.target, l.rel, l.first_seen,
    l.last_seen, l.absent, l.stood_by, l.status, l.mode, l.channel,
    CAST(l.placements AS BLOB), CAST(l.verdict AS BLOB), l.judged_at, l.override
FROM json_each(?) AS wanted
CROSS JOIN links AS l ON l.rowid = wanted.value LEFT JOIN pages AS p ON p.url = l.source_url
"""
"""In the order of the row numbers that are given. JSON comes as the bytes that its decoder reads."""


class _Context(msgspec.Struct, frozen=True, gc=False):
    sentence: str = ""
    before: str = ""
    after: str = ""
    heading: tuple[str, ...] = ()
    owner_date: str = ""


class _Placement(msgspec.Struct, frozen=True, gc=False):
    """What rank and row look at."""

    kind: str = "a"
    region: str = "other"
    anchor: str = ""
    position: int = 0
    context: _Context = _Context()


class _Page(msgspec.Struct, frozen=True, gc=False):
    title: str = ""
    language: str = ""
    author: str = ""
    site_name: str = ""
    canonical_url: str = ""
    published: str | None = None
    published_source: str = ""


class _Evidence(msgspec.Struct, frozen=True, gc=False):
    signal: str
    channel: str
    weight: float
    detail: str = ""


class _Verdict(msgspec.Struct, frozen=True, gc=False):
    mode: str
    channel: str
    confidence: float
    evidence: tuple[_Evidence, ...] = ()
    model: str = ""


class _Override(msgspec.Struct, frozen=True, gc=False):
    by: str
    at: str
    note: str = ""


_decode_placements = msgspec.json.Decoder(tuple[_Placement, ...]).decode
_decode_page = msgspec.json.Decoder(_Page).decode
_decode_verdict = msgspec.json.Decoder(_Verdict).decode
_decode_override = msgspec.json.Decoder(_Override).decode

_NO_PAGE: tuple[str | None, ...] = (None,) * 7
_NO_VERDICT: tuple[Any, ...] = (None, None, None, None, "", None, None)
_NO_OVERRIDE = (None, None, None)


def flat_rows(rows: Iterator[tuple[Any, ...]]) -> list[FlatRow]:
    """The page of links that follow each other is read once."""
    found: list[FlatRow] = []
    known = method = ""
    published: str | None = None
    cells = _NO_PAGE
    for facts, source, *row in rows:
        if source != known:
            known, page = source, _decode_page(facts) if facts else None
            cells = _page_cells(page) if page else _NO_PAGE
            published, method = dated(source, page.published, page.published_source) if page else (None, "")
        found.append(_flat(source, cells, published, method, *row))
    return found


def _flat(
    source: str, page: tuple[str | None, ...], published: str | None, method: str, link: str, domain: str,
    target_url: str, target: str, rel: str, first: str, last: str, absent: str | None, stood_by: str, status: str,
    mode: str | None, channel: str | None, stored_placements: bytes, judged: bytes | None, judged_at: str,
    said: str | None,
) -> FlatRow:  # fmt: skip
    placements = _decode_placements(stored_placements)
    lead = placements[0] if len(placements) == 1 else min(placements, key=rank)
    context = lead.context
    return (
        link, source, domain, target_url, target, lead.anchor, rel, lead.region, lead.kind,
        context.sentence, context.before, context.after, " > ".join(context.heading), shown(first), shown(last),
        *appearance_cells(
            first, absent, stood_by, [placement.context.owner_date for placement in placements], published, method
        ), status, mode, channel,
        *(_verdict_cells(judged, judged_at, overruled=said is not None) if judged else _NO_VERDICT),
        *(_override_cells(said) if said else _NO_OVERRIDE),
        *page, len(placements),
    )  # fmt: skip


def _page_cells(page: _Page) -> tuple[str | None, ...]:
    return (
        page.title, page.language, page.author, page.site_name, page.canonical_url, page.published,
        page.published_source,
    )  # fmt: skip


def _verdict_cells(judged: bytes, judged_at: str, *, overruled: bool) -> tuple[Any, ...]:
    verdict = _decode_verdict(judged)
    confidence = verdict.confidence
    evidence = "; ".join(
        [
            f"{_weight(item.signal, item.weight, item.channel)} ({item.detail})"
            if item.detail
            else _weight(item.signal, item.weight, item.channel)
            for item in verdict.evidence
        ]
    )
    return (
        None if overruled else confidence, confidence, verdict.mode, verdict.channel, evidence, verdict.model,
        shown(judged_at),
    )  # fmt: skip


@lru_cache(maxsize=1 << 12)
def _weight(signal: str, weight: float, channel: str) -> str:
    return f"{signal} {weight:+.2f} {channel}"


def _override_cells(said: str) -> tuple[str | None, ...]:
    override = _decode_override(said)
    return override.by, iso(datetime.fromisoformat(override.at).astimezone(UTC)), override.note


def shown(time: str) -> str:
    """A stored time without milliseconds where there are none."""
    return f"{time[:19]}Z" if time[19:] == ".000Z" else time


def dated(source: str, published: str | None, method: str) -> tuple[str | None, str]:
    """The day of a page and what tells it; a front page has none, see :mod:`linkcrawler.dating.appearance`."""
    return (None, "") if not published or is_front_page(source) else (published, method)


def appearance_cells(
    first: str,
    absent: str | None,
    stood_by: str,
    owner_dates: Sequence[str],
    published: str | None,
    method: str,
) -> tuple[str | None, ...]:
    """The columns from ``not_before`` to ``conflict``.

    ``owner_dates``: one a placement, empty where there is none. ``published``, ``method``: as :func:`dated` has them.
    """
    known = [day for text in owner_dates if text and (day := owner_day(text))]
    owner = min(known) if known and len(known) == len(owner_dates) else None
    modified = stood_by if stood_by < first else None
    if published and published <= first[:_DAY_CHARS] and not (absent or modified or owner):
        source_words, with_page_by = _published(published, method)
        if source_words:
            added = "with_page" if first <= with_page_by else "unknown"
            return f"{published}T00:00:00Z", source_words, shown(first), _FIRST_SEEN, added, ""
    return _cells(_appeared(first, absent, modified, published, method, owner))


_DAY_CHARS = len("2026-01-31")
_FIRST_SEEN = "first seen"


@lru_cache(maxsize=1 << 14)
def _published(day: str, method: str) -> tuple[str, str]:
    """For a page of this day and a link of which nothing else is known (nine in ten; 12 us otherwise): the source of
    the lower bound, empty if the day is none, and until when the link counts as added with its page."""
    start = datetime.combine(date.fromisoformat(day), time.min, UTC)
    found = appearance(first_seen=start, published=start.date(), published_source=method)
    return found.not_before_source, timestamp(start + timedelta(days=WITH_PAGE_DAYS + 1))


def _appeared(
    first: str, absent: str | None, modified: str | None, published: str | None, method: str, owner: date | None
) -> Appearance:
    return appearance(
        first_seen=_time(first),
        last_absent=_time(absent) if absent else None,
        published=_day(published) if published else None,
        published_source=method,
        owner_date=owner,
        last_modified=_time(modified) if modified else None,
    )


def _cells(found: Appearance) -> tuple[str | None, ...]:
    return (
        iso(found.not_before), found.not_before_source, iso(found.not_after), found.not_after_source, found.added,
        found.conflict,
    )  # fmt: skip


_time = lru_cache(maxsize=1 << 12)(datetime.fromisoformat)
_day = lru_cache(maxsize=1 << 12)(date.fromisoformat)
