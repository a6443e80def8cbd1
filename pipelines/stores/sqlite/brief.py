"""Briefs straight from the columns of the SQLite file: of the stored JSON only what a brief tells is decoded.

Tests hold every brief to :func:`pipelines.stores.brief.brief_of` of the whole link.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from pipelines.queries.page_addresses import source_address
from pipelines.queries.placements import rank
from pipelines.stores.brief import Brief, Weighed
from pipelines.stores.link_filter import UNCLASSIFIED, LinkFilter
from pipelines.stores.sqlite.filter import condition
from pipelines.stores.sqlite.flat import appearance_cells, dated

_FIELDS = """
SELECT p.facts, l.source_url, l.id, l.source_domain, l.target_url, l.target, l.anchor, l.rel, l.region, l.block, l.act,
    l.first_seen, l.last_seen, l.absent, l.stood_by, l.status, l.language, l.mode, l.channel, l.override IS NOT NULL,
    l.model, iif(l.mode = 'active', l.verdict, NULL),
    iif(
        l.mode = 'active' OR instr(l.placements, '"owner_date":"1') OR instr(l.placements, '"owner_date":"2'),
        l.placements, NULL
    )
FROM pages AS p CROSS JOIN links AS l INDEXED BY links_source_url ON l.source_url = p.url
"""
"""Page by page, so that what a page says is decoded once. Few placements have a day of their own."""


def select_briefs(where: LinkFilter) -> tuple[str, list[object]]:
    clause, arguments = condition(where)
    return f"{_FIELDS}{clause}", arguments


class _Context(msgspec.Struct, frozen=True, gc=False):
    owner_date: str = ""


class _Placement(msgspec.Struct, frozen=True, gc=False):
    """What rank and brief look at."""

    href: str
    target_url: str
    via: tuple[str, ...] = ()
    kind: str = "a"
    region: str = "other"
    anchor: str = ""
    position: int = 0
    context: _Context = _Context()


class _Page(msgspec.Struct, frozen=True, gc=False):
    canonical_url: str = ""
    published: str | None = None
    published_source: str = ""


class _Verdict(msgspec.Struct, frozen=True, gc=False):
    evidence: tuple[Weighed, ...] = ()


_decode_placements = msgspec.json.Decoder(tuple[_Placement, ...]).decode
_decode_page = msgspec.json.Decoder(_Page).decode
_decode_verdict = msgspec.json.Decoder(_Verdict).decode

_NO_PAGE = _Page()


def briefs(rows: Iterator[tuple[Any, ...]]) -> list[Brief]:
    found: list[Brief] = []
    known = address = method = ""
    published: str | None = None
    for facts, source, *row in rows:
        if source != known:
            page = _decode_page(facts) if facts else _NO_PAGE
            known, address = source, source_address(source, page.canonical_url)
            published, method = dated(source, page.published, page.published_source)
        found.append(_brief(address, published, method, *row))
    return found


def _brief(
    address: str, published: str | None, method: str, link: str, domain: str, target_url: str, target: str,
    anchor: str, rel: str, region: str, block: str, act: str, first: str, last: str, absent: str | None, stood_by: str,
    status: str, language: str, mode: str | None, channel: str | None, overruled: int, model: str | None,
    verdict: str | None, stored_placements: str | None,
) -> Brief:  # fmt: skip
    placements = _decode_placements(stored_placements) if stored_placements else ()
    early, _, late, _, _, conflict = appearance_cells(
        first, absent, stood_by, [placement.context.owner_date for placement in placements], published, method
    )  # fmt: skip
    proven = (late or first)[:_MONTH_CHARS]
    addresses: tuple[str, ...] = ()
    if mode == "active" and placements:
        lead = min(placements, key=rank)
        addresses = (lead.href, lead.target_url, *lead.via)
    return Brief(
        link, domain, address, target_url, target, anchor, rel, region, block, act, first, last, status, language,
        mode or UNCLASSIFIED, channel or "", bool(overruled), model or "",
        proven if early and early[:_MONTH_CHARS] == proven else "", proven, early is not None, bool(conflict),
        _decode_verdict(verdict).evidence if verdict else (), addresses,
    )  # fmt: skip


_MONTH_CHARS = len("2026-01")
