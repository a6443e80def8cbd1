"""A link without its words: what figures over very many links are made of. Narrow to read, narrow to hold."""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from linkcrawler.domains import domain_of
from linkcrawler.records import Appearance, Evidence, Link, Placement
from linkcrawler.urls import digest
from linkcrawler.vocabulary import Mode
from pipelines.patterns.syndication import act_in
from pipelines.queries.page_addresses import page_address
from pipelines.queries.placements import block_of, lead_placement
from pipelines.queries.standing import standing_of
from pipelines.stores.fold import timestamp
from pipelines.stores.link_filter import UNCLASSIFIED


class Weighed(msgspec.Struct, frozen=True, gc=False):
    """A piece of evidence without its words."""

    signal: str
    weight: float


class Brief(NamedTuple):
    """Anchor, rel and region are those of the placement that speaks for the link."""

    id: str
    source_domain: str
    page: str
    """What stands for all addresses of the source page, see :func:`pipelines.queries.page_addresses.page_address`."""
    target_url: str
    target: str
    anchor: str
    rel: str
    """Joined by spaces."""
    region: str
    block: str
    """As :attr:`pipelines.stores.fold.LinkChange.block`."""
    act: str
    """What copies of one text have in common; empty for a link in no copied text."""
    first_seen: str
    """As :func:`pipelines.stores.fold.timestamp` writes it."""
    last_seen: str
    status: str
    language: str
    mode: str
    """What the link counts as: a Mode, or ``unclassified`` if nobody has judged it."""
    channel: str
    overruled: bool
    model: str
    """Of the verdict; empty without one."""
    appeared: str
    """The month (2026-11) that both bounds of the appearance lie in; empty if there is no such month."""
    proven: str
    """The month by which the link is proven to have stood there."""
    dated: bool
    """Whether the appearance has a lower bound."""
    disputed: bool
    """Whether dates disagree."""
    evidence: tuple[Weighed, ...] = ()
    """Of active links only, as are the addresses."""
    addresses: tuple[str, ...] = ()
    """The address as the page has it, where it leads, and what lies between."""


def told(*names: str) -> Callable[[Brief], tuple[Any, ...]]:
    """What takes the values of these fields out of a brief, faster than their names do."""
    return itemgetter(*map(Brief._fields.index, names))


def brief_of(link: Link) -> Brief:
    lead, standing, verdict = lead_placement(link), standing_of(link), link.verdict
    domain = domain_of(link.source_url)
    active = standing is not None and standing.mode is Mode.ACTIVE
    return Brief(
        id=link.id,
        source_domain=domain,
        page=page_address(link),
        target_url=link.target_url,
        target=link.target,
        anchor=lead.anchor,
        rel=" ".join(lead.rel),
        region=lead.region.value,
        block=digest(domain, link.target_url, *block_of(lead)),
        act=act_in(verdict.evidence) if verdict else "",
        first_seen=timestamp(link.first_seen),
        last_seen=timestamp(link.last_seen),
        status=link.status,
        language=link.page.language if link.page else "",
        mode=standing.mode.value if standing else UNCLASSIFIED,
        channel=standing.channel.value if standing else "",
        overruled=link.override is not None,
        model=verdict.model if verdict else "",
        appeared=_month(link.appearance),
        proven=f"{link.appearance.not_after or link.first_seen:%Y-%m}",
        dated=link.appearance.not_before is not None,
        disputed=bool(link.appearance.conflict),
        evidence=weighed(verdict.evidence) if active and verdict else (),
        addresses=addresses_of(lead) if active else (),
    )


def weighed(evidence: Sequence[Evidence]) -> tuple[Weighed, ...]:
    return tuple(Weighed(item.signal, item.weight) for item in evidence)


def addresses_of(lead: Placement) -> tuple[str, ...]:
    return (lead.href, lead.target_url, *lead.via)


def _month(appearance: Appearance) -> str:
    return common_month(appearance.not_before, appearance.not_after)


def common_month(early: datetime | None, late: datetime | None) -> str:
    if early is None or late is None or (early.year, early.month) != (late.year, late.month):
        return ""
    return f"{early:%Y-%m}"
