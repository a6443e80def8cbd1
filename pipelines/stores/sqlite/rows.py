"""Rows of the SQLite store: what is written for a change, and a Link of what is read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from linkcrawler.records import Link, Override, Page, Placement, Verdict, in_milliseconds
from pipelines.patterns.syndication import SIGNAL, act_in
from pipelines.stores.assemble import Seen
from pipelines.stores.fold import LinkChange, PageChange, timestamp
from pipelines.stores.reading import signals_of

Row = tuple[Any, ...]

_decode_page = msgspec.json.Decoder(Page).decode
_decode_placements = msgspec.json.Decoder(tuple[Placement, ...]).decode
_decode_override = msgspec.json.Decoder(Override).decode
_decode_verdict = msgspec.json.Decoder(Verdict).decode


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _time(time: datetime | None) -> str | None:
    return timestamp(time) if time else None


def page_row(page: PageChange) -> Row:
    return (
        page.url,
        page.domain,
        _time(page.first_ok),
        _time(page.last_ok),
        timestamp(page.last_visit),
        page.version,
        page.content,
        page.facts.language if page.facts else "",
        _json(page.facts) if page.facts else None,
    )


def link_row(link: LinkChange) -> Row:
    return (
        link.id,
        link.source_url,
        link.source_domain,
        link.target_url,
        timestamp(link.first_seen),
        timestamp(link.last_seen),
        timestamp(link.stood_by),
        link.version,
        link.content,
        link.target,
        link.anchor,
        link.anchor_search,
        " ".join(link.rel),
        link.region,
        link.kind,
        link.search,
        link.heading_search,
        link.block,
        _json(link.placements),
    )


@lru_cache(maxsize=64)
def _moment(time: datetime) -> tuple[datetime, str]:
    """A time as it is kept, and as text; verdicts of one batch share theirs."""
    kept = in_milliseconds(time)
    return kept, timestamp(kept)


def verdict_row(link_id: str, verdict: Verdict) -> Row:
    at, written = _moment(verdict.judged_at)
    if at != verdict.judged_at:
        verdict = replace(verdict, judged_at=at)
    signals = signals_of(verdict)
    return (
        verdict.mode,
        verdict.channel,
        verdict.confidence,
        verdict.model,
        written,
        _json(verdict),
        signals,
        act_in(verdict.evidence) if SIGNAL in signals else "",
        verdict.state,
        verdict.state,
        link_id,
    )


def read_links(rows: Iterator[Row]) -> list[Link]:
    """The page of links that follow each other is read once."""
    links: list[Link] = []
    source, page = None, None
    for row in rows:
        if row[1] != source:
            source, page = row[1], _decode_page(row[8]) if row[8] else None
        links.append(_read_link(row, page))
    return links


def _read_link(row: Row, page: Page | None) -> Link:
    link_id, source, target_url, target, first, last, status, placements, _, *judgement, absent, stood_by = row
    verdict, override, state = judgement
    seen = Seen(source, datetime.fromisoformat(first), _decode_placements(placements), page)
    last_absent = datetime.fromisoformat(absent) if absent else None
    return Link(
        id=link_id,
        source_url=source,
        target_url=target_url,
        target=target,
        first_seen=seen.first_seen,
        last_seen=datetime.fromisoformat(last),
        status=status,
        placements=seen.placements,
        page=page,
        appearance=seen.appearance(last_absent, datetime.fromisoformat(stood_by)),
        verdict=_decode_verdict(verdict) if verdict else None,
        override=_decode_override(override) if override else None,
        state=state,
    )
