"""Folds visits into what a store writes: per page and per link one change that commutes with every other.

Each change is a minimum, a maximum, or a newest-wins value under a version that sorts by time and then by content, so
that any order and any repetition of the same visits leaves the same state.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from linkcrawler.domains import domain_of
from linkcrawler.records import Link, Page, Placement, Sighting, Visit, in_milliseconds
from linkcrawler.urls import digest, link_id
from linkcrawler.vocabulary import METADATA_ONLY, Outcome
from pipelines.queries.placements import block_of, lead_placement
from pipelines.stores.words import padded, searchable, words_of

ANCHOR_CHARS = 200
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """A link as one visit found it: what its history tells. All but the id is of the placement that speaks for it."""

    id: str
    anchor: str = ""
    """Its first 200 characters."""
    rel: tuple[str, ...] = ()
    """Sorted."""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit as it is kept. Its id names its content, so that a visit told twice is kept once."""

    id: str
    url: str
    at: datetime
    outcome: Outcome
    status: int
    detail: str
    content_hash: str
    links: tuple[str, ...]
    """Ids of the links that the visit found, sorted."""
    states: tuple[LinkState, ...] = ()
    """The same links as they were found, but for those that only an archive's metadata tell of; empty for a visit that
    schema version 1 stored."""
    outline: str = ""
    noindex: bool | None = None
    """Whether the page asked not to be indexed; None if the visit does not tell."""
    canonical: str | None = None
    """The address that the page calls its own, empty if it names none; None if the visit does not tell."""
    etag: str = ""
    last_modified: str = ""
    """The header's time as :func:`timestamp` writes it; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    """What some visits say of one page."""

    url: str
    domain: str
    first_ok: datetime | None
    """Time of the oldest visit with outcome ``ok``."""
    last_ok: datetime | None
    last_visit: datetime
    """Time of the newest visit, whatever its outcome."""
    version: str
    """Orders facts: time, then content; empty without facts."""
    content: str
    """Digest of the facts that a verdict may rest on."""
    facts: Page | None
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChange:
    """What some sightings say of one link. All fields below ``stood_by`` are those of the newest."""

    id: str
    source_url: str
    source_domain: str
    target_url: str
    first_seen: datetime
    last_seen: datetime
    stood_by: datetime
    """The earliest of the sightings and of their visits' Last-Modified headers."""
    version: str
    content: str
    target: str
    anchor: str
    """Anchor, rel, region and kind of the placement that speaks for the link."""
    anchor_search: str
    """The words of the anchor, see :mod:`pipelines.stores.words`."""
    heading_search: str
    """The words of the headings above that placement, padded."""
    block: str
    """What repeats on the pages of one site has the same digest: same address, region and anchor, and in written text
    the same words."""
    rel: tuple[str, ...]
    region: str
    kind: str
    search: str
    """The words of anchors and context of all placements, padded: what the text filter looks at."""
    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    visits: tuple[VisitRow, ...]
    pages: tuple[PageChange, ...]
    links: tuple[LinkChange, ...]


def fold(visits: Iterable[Visit]) -> Folded:
    """One change per visit, page and link, each sorted by its key.

    Raises ValueError if a sighting carries another address or time than its visit: the rule that decides whether a
    link is lost rests on the two being the same.
    """
    rows: dict[str, VisitRow] = {}
    pages: dict[str, PageChange] = {}
    links: dict[str, LinkChange] = {}
    for visit in map(_checked, visits):
        changes = [_link_change(sighting, visit.page) for sighting in visit.sightings]
        row = _visit_row(visit, changes)
        rows[row.id] = row
        page = _page_change(visit, row.links)
        pages[page.url] = _merge_pages(pages[page.url], page) if page.url in pages else page
        for change in changes:
            links[change.id] = _merge_links(links[change.id], change) if change.id in links else change
    return Folded(*(tuple(found[key] for key in sorted(found)) for found in (rows, pages, links)))  # type: ignore[arg-type]


def timestamp(time: datetime) -> str:
    """Fixed-width text that sorts as time does.

    >>> timestamp(datetime(2026, 1, 2, tzinfo=UTC))
    '2026-01-02T00:00:00.000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def fold_text(text: str) -> str:
    """The form in which text is compared: case and runs of whitespace do not count."""
    return " ".join(text.casefold().split())


def _checked(visit: Visit) -> Visit:
    for sighting in visit.sightings:
        if (sighting.source_url, sighting.seen_at) != (visit.url, visit.at):
            raise ValueError(
                f"visit of {visit.url} at {visit.at}: a sighting says {sighting.source_url} at {sighting.seen_at}; "
                "a sighting carries the address and the time of its visit"
            )
    visit = _storable(visit)
    at = in_milliseconds(visit.at)
    if at == visit.at:
        return visit
    return replace(visit, at=at, sightings=tuple(replace(sighting, seen_at=at) for sighting in visit.sightings))


def _storable(visit: Visit) -> Visit:
    """The visit with U+FFFD for what UTF-8 (lone surrogates) or a database (U+0000) cannot hold, as HTML does."""
    try:
        if b"\\u0000" not in _encode(visit):
            return visit
    except UnicodeEncodeError:
        pass
    return msgspec.convert(_replaced(msgspec.to_builtins(visit, builtin_types=(datetime,))), Visit)


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: _replaced(part) for name, part in value.items()}
    return [_replaced(part) for part in value] if isinstance(value, list | tuple) else value


def _content(value: object) -> str:
    return digest(_encode(value).decode())


def _visit_row(visit: Visit, changes: Sequence[LinkChange]) -> VisitRow:
    known = {change.id: _state(change) for change in changes if not _metadata_only(change.placements)}
    states = tuple(sorted(known.values(), key=lambda state: state.id))
    links = tuple(sorted({change.id for change in changes}))
    page = visit.page if visit.sightings else None  # a page without links is not read for what it says of itself
    row = VisitRow(
        id="",
        url=visit.url,
        at=visit.at,
        outcome=visit.outcome,
        status=visit.status,
        detail=visit.detail,
        content_hash=visit.page.content_hash if visit.page else "",
        links=links,
        states=states,
        outline=visit.outline,
        noindex=bool({"noindex", "none"} & set(page.meta_robots)) if page else None,
        canonical=page.canonical_url if page else None,
        etag=visit.etag,
        last_modified=timestamp(visit.page.last_modified) if visit.page and visit.page.last_modified else "",
    )
    return replace(row, id=digest(visit.url, timestamp(visit.at), _content(row)))


def _metadata_only(placements: Sequence[Placement]) -> bool:
    """Whether nothing is known of where a link stood: then it says nothing of whether that has changed."""
    return all(placement.region_rule == METADATA_ONLY for placement in placements)


def _state(change: LinkChange) -> LinkState:
    return LinkState(
        id=change.id,
        anchor=change.anchor[:ANCHOR_CHARS],
        rel=tuple(sorted(change.rel)),
        region=change.region,
    )


def _page_change(visit: Visit, links: tuple[str, ...]) -> PageChange:
    ok_at = visit.at if visit.outcome is Outcome.OK else None
    page = visit.page
    return PageChange(
        url=visit.url,
        domain=domain_of(visit.url),
        first_ok=ok_at,
        last_ok=ok_at,
        last_visit=visit.at,
        version=f"{timestamp(visit.at)} {_content(page)}" if page else "",
        content=_grounds(page) if page else "",
        facts=page,
        links=links,
    )


def _grounds(page: Page) -> str:
    """Digest of what a verdict may rest on; links of the page are judged anew when it changes.

    The body's hash changes with every token in a form, what Last-Modified tells of a link is in ``stood_by``, and
    endpoints tell where more links are. They came after schema version 1, whose digests are to stay what they are.
    """
    facts = msgspec.to_builtins(replace(page, content_hash="", last_modified=None))
    del facts["endpoints"]
    return digest(msgspec.json.encode(facts).decode())


def _link_change(sighting: Sighting, page: Page | None) -> LinkChange:
    found = Link(
        id=link_id(sighting.source_url, sighting.target_url),
        source_url=sighting.source_url,
        target_url=sighting.target_url,
        target=sighting.target,
        first_seen=sighting.seen_at,
        last_seen=sighting.seen_at,
        placements=sighting.placements,
    )
    lead = lead_placement(found)
    content = _content((sighting.target, sighting.placements))
    modified = in_milliseconds(page.last_modified) if page and page.last_modified else sighting.seen_at
    # A space sorts below every digit: what was read of the page itself goes before metadata, however new these are.
    rank = " " if _metadata_only(sighting.placements) else ""
    return LinkChange(
        id=found.id,
        source_url=found.source_url,
        source_domain=domain_of(found.source_url),
        target_url=found.target_url,
        first_seen=found.first_seen,
        last_seen=found.last_seen,
        stood_by=min(modified, sighting.seen_at),
        version=f"{rank}{timestamp(sighting.seen_at)} {content}",
        content=content,
        target=found.target,
        anchor=lead.anchor,
        anchor_search=words_of(lead.anchor),
        heading_search=padded(map(words_of, lead.context.heading)),
        block=digest(domain_of(found.source_url), found.target_url, *block_of(lead)),
        rel=lead.rel,
        region=lead.region,
        kind=lead.kind,
        search=searchable(found.placements),
        placements=found.placements,
    )


def _merge_pages(one: PageChange, other: PageChange) -> PageChange:
    newest = max(one, other, key=lambda change: change.version)
    oks = [time for time in (one.first_ok, one.last_ok, other.first_ok, other.last_ok) if time]
    return replace(
        newest,
        first_ok=min(oks, default=None),
        last_ok=max(oks, default=None),
        last_visit=max(one.last_visit, other.last_visit),
        links=tuple(sorted({*one.links, *other.links})),
    )


def _merge_links(one: LinkChange, other: LinkChange) -> LinkChange:
    newest = max(one, other, key=lambda change: change.version)
    return replace(
        newest,
        first_seen=min(one.first_seen, other.first_seen),
        last_seen=max(one.last_seen, other.last_seen),
        stood_by=min(one.stood_by, other.stood_by),
    )
