"""Records of links straight from the columns of the SQLite file: what is stored as JSON goes out as it was stored.

Tests hold every record to :func:`pipelines.stores.record.record_of` of the whole link.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import compress
from operator import not_
from typing import Any

import msgspec
from msgspec import Raw

from linkcrawler.records import Evidence, Placement
from linkcrawler.vocabulary import HYPERLINKS, Channel, Region
from pipelines.queries.placements import rank
from pipelines.stores.flat import iso
from pipelines.stores.sqlite.flat import appearance_cells, dated, shown
from pipelines.verdicts.axes import TELLING, axes

FIELDS = """
SELECT CAST(p.facts AS BLOB), l.source_url, l.id, l.source_domain, l.target_url, l.target, l.first_seen, l.last_seen,
    l.absent, l.stood_by, l.status, l.mode, l.channel, l.model, l.judged_at, l.signals, CAST(l.placements AS BLOB),
    CAST(l.verdict AS BLOB), l.override
FROM json_each(?) AS wanted
CROSS JOIN links AS l ON l.rowid = wanted.value LEFT JOIN pages AS p ON p.url = l.source_url
"""
"""In the order of the row numbers that are given. JSON comes as the bytes that its decoder reads."""

_TEXT, _LIST = Raw(b'""'), Raw(b"[]")


class _Context(msgspec.Struct, frozen=True, gc=False):
    sentence: Raw = _TEXT
    before: Raw = _TEXT
    after: Raw = _TEXT
    heading: Raw = _LIST
    owner_date: str = ""


class _Placement(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What rank and record look at; the record's own placements are those that are stored."""

    kind: str = "a"
    href: str
    target_url: str
    via: tuple[str, ...] = ()
    rel: Raw = _LIST
    anchor: str = ""
    region: str = "other"
    context: _Context = _Context()
    position: int = 0


class _Page(msgspec.Struct, frozen=True, gc=False):
    title: Raw = _TEXT
    language: Raw = _TEXT
    author: Raw = _TEXT
    site_name: Raw = _TEXT
    canonical_url: Raw = _TEXT
    published: str | None = None
    published_source: str = ""


class _Verdict(msgspec.Struct, frozen=True, gc=False):
    mode: Raw
    channel: Raw
    confidence: Raw
    evidence: Raw = _LIST


class _Override(msgspec.Struct, frozen=True, gc=False):
    by: str
    at: str
    note: str = ""


class _Words(msgspec.Struct, frozen=True, gc=False):
    sentence: Raw
    before: Raw
    after: Raw
    heading: Raw


class _Appearance(msgspec.Struct, frozen=True, gc=False):
    not_before: str | None
    not_before_source: str | None
    not_after: str | None
    not_after_source: str | None
    added: str | None
    conflict: str | None


class _Judged(msgspec.Struct, frozen=True, gc=False):
    mode: Raw
    channel: Raw
    confidence: Raw


class Record(msgspec.Struct, frozen=True, gc=False):
    """The fields of :func:`pipelines.stores.record.record_of`, in their order."""

    id: str
    source_url: str
    source_domain: str
    target_url: str
    target: str
    anchor: str
    rel: Raw
    region: str
    kind: str
    context: _Words
    first_seen: str
    last_seen: str
    appearance: _Appearance
    status: str
    mode: str | None
    channel: str | None
    confidence: Raw | None
    judged: _Judged | None
    evidence: Raw
    model: str | None
    judged_at: str | None
    override: _Override | None
    axes: Raw | None
    page: _Page | None
    placements: Raw | list[Raw]
    references: Raw | list[Raw]


_decode_placements = msgspec.json.Decoder(list[_Placement]).decode
_decode_page = msgspec.json.Decoder(_Page).decode
_decode_verdict = msgspec.json.Decoder(_Verdict).decode
_decode_override = msgspec.json.Decoder(_Override).decode
_decode_evidence = msgspec.json.Decoder(tuple[Evidence, ...]).decode
_decode_each = msgspec.json.Decoder(list[Raw]).decode
_encode = msgspec.json.Encoder().encode


def records(rows: Iterator[tuple[Any, ...]]) -> list[Record]:
    """The page of links that follow each other is read once."""
    found: list[Record] = []
    known = ""
    page: _Page | None = None
    published: tuple[str | None, str] = (None, "")
    for facts, source, *row in rows:
        if source != known:
            known, page = source, _decode_page(facts) if facts else None
            published = dated(source, page.published, page.published_source) if page else (None, "")
        found.append(_record(source, page, published, *row))
    return found


def _record(
    source: str, page: _Page | None, published: tuple[str | None, str], link: str, domain: str, target_url: str,
    target: str, first: str, last: str, absent: str | None, stood_by: str, status: str, mode: str | None,
    channel: str | None, model: str | None, judged_at: str | None, signals: str, stored_placements: bytes,
    stored_verdict: bytes | None, said: str | None,
) -> Record:  # fmt: skip
    found = _decode_placements(stored_placements)
    lead = found[0] if len(found) == 1 else min(found, key=rank)
    words = lead.context
    verdict = _decode_verdict(stored_verdict) if stored_verdict else None
    days = [placement.context.owner_date for placement in found]
    evidence = verdict.evidence if verdict else _LIST
    return Record(
        link, source, domain, target_url, target, lead.anchor, lead.rel, lead.region, lead.kind,
        _Words(words.sentence, words.before, words.after, words.heading), shown(first), shown(last),
        _Appearance(*appearance_cells(first, absent, stood_by, days, *published)), status, mode, channel,
        verdict.confidence if verdict and not said else None,
        _Judged(verdict.mode, verdict.channel, verdict.confidence) if verdict else None,
        evidence, model, shown(judged_at) if judged_at else None, _override(said) if said else None,
        _axes(channel, signals, evidence, lead) if channel else None, page, *_parted(stored_placements, found),
    )  # fmt: skip


def _parted(stored: bytes, found: list[_Placement]) -> tuple[Raw | list[Raw], Raw | list[Raw]]:
    """The placements that a reader can follow, and the others."""
    followed = [placement.kind in HYPERLINKS for placement in found]
    if all(followed):
        return Raw(stored), _LIST
    each = _decode_each(stored)
    return list(compress(each, followed)), list(compress(each, map(not_, followed)))


def _override(said: str) -> _Override:
    override = _decode_override(said)
    return _Override(override.by, iso(datetime.fromisoformat(override.at).astimezone(UTC)) or "", override.note)


def _axes(channel: str, signals: str, evidence: Raw, lead: _Placement) -> Raw:
    if not (lead.via or "?" in lead.href or "?" in lead.target_url or _tells(signals)):
        return _plain_axes(channel, lead.region)
    region = Region(lead.region)
    placement = Placement(href=lead.href, target_url=lead.target_url, target="", via=lead.via, region=region)
    return Raw(_encode(axes(Channel(channel), _decode_evidence(evidence), placement)))


@lru_cache(maxsize=1 << 12)
def _tells(signals: str) -> bool:
    return not TELLING.isdisjoint(signals.split())


@lru_cache
def _plain_axes(channel: str, region: str) -> Raw:
    """The axes where neither evidence nor an argument of an address knows better."""
    placement = Placement(href="", target_url="", target="", region=Region(region))
    return Raw(_encode(axes(Channel(channel), (), placement)))
