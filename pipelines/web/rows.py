"""Links as rows of a table, and the words around a placement as its page has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from linkcrawler.domains import domain_of
from linkcrawler.records import Link, Placement
from pipelines.queries.placements import lead_placement
from pipelines.queries.standing import standing_of
from pipelines.reports.terminal import printable, shorten

ANCHOR_CHARS, ADDRESS_CHARS = 120, 90
CONTEXT_CHARS = 2_000
"""Shown on either side of an anchor; exports and the API have all of it."""
NO_TEXT = "(no text)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    id: str
    source: str
    """Address without its scheme, shortened."""
    domain: str
    anchor: str
    target: str
    mode: str
    """Empty if nobody has judged the link."""
    channel: str
    confidence: str
    region: str
    status: str
    first_seen: datetime
    last_seen: datetime
    overruled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A placement among its words."""

    heading: tuple[str, ...]
    before: str
    anchor: str
    after: str
    cut: int
    """Characters that are not shown."""
    owner: str
    region: str
    rel: str
    kind: str
    href: str


def row_of(link: Link) -> LinkRow:
    standing, lead, verdict = standing_of(link), lead_placement(link), link.verdict
    return LinkRow(
        id=link.id,
        source=_address(link.source_url),
        domain=domain_of(link.source_url),
        anchor=shorten(printable(lead.anchor), ANCHOR_CHARS) or NO_TEXT,
        target=_address(link.target_url),
        mode=standing.mode.value if standing else "",
        channel=standing.channel.replace("_", " ") if standing else "",
        confidence=f"{verdict.confidence:.2f}" if verdict and not link.override else "",
        region=lead.region.value,
        status=link.status,
        first_seen=link.first_seen,
        last_seen=link.last_seen,
        overruled=link.override is not None,
    )


def quotations(link: Link) -> Iterator[Quotation]:
    """All placements, the one that speaks for the link first."""
    lead = lead_placement(link)
    yield _quoted(lead)
    yield from (_quoted(placement) for placement in link.placements if placement is not lead)


def _address(url: str) -> str:
    return shorten(printable(url).partition("://")[2], ADDRESS_CHARS)


def _quoted(placement: Placement) -> Quotation:
    before, after = printable(placement.context.before), printable(placement.context.after)
    anchor = printable(placement.anchor)
    return Quotation(
        heading=tuple(printable(text) for text in placement.context.heading),
        before=before[-CONTEXT_CHARS:],
        anchor=anchor[:CONTEXT_CHARS] or NO_TEXT,
        after=after[:CONTEXT_CHARS],
        cut=sum(max(0, len(text) - CONTEXT_CHARS) for text in (before, anchor, after)),
        owner=shorten(printable(placement.context.owner), CONTEXT_CHARS),
        region=placement.region.value,
        rel=" ".join(placement.rel),
        kind=placement.kind.value,
        href=placement.href,
    )
