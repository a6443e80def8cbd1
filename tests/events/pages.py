"""Visits of one page, told by what stood on it, and the events that a store keeps of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from linkcrawler.outline import outline
from linkcrawler.records import Event, Page, Placement, Sighting, Visit
from linkcrawler.vocabulary import Outcome, Region
from pipelines.events.deriving import bring_up_to_date
from pipelines.stores.connect import open_store
from pipelines.stores.history import EventFilter
from pipelines.stores.protocol import Store

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://blog.example.com/post"
ACME = "https://acme.org/"
Found = tuple[str, str, str, tuple[str, ...]]
"""Target address, anchor, region, rel."""


def link(target_url: str = ACME, anchor: str = "Acme", region: str = "body", *rel: str) -> Found:
    return target_url, anchor, region, rel


def seen(
    day: float,
    *found: Found,
    url: str = PAGE,
    outcome: Outcome = Outcome.OK,
    detail: str = "",
    links: Iterable[str] = (),
    robots: tuple[str, ...] = (),
    canonical: str = "",
    body: str = "",
) -> Visit:
    """A visit ``day`` days after START that found these links."""
    at = START + timedelta(days=day)
    readable = outcome in (Outcome.OK, Outcome.TRUNCATED)
    page = Page(url=url, meta_robots=robots, canonical_url=canonical, content_hash=body) if readable else None
    return Visit(
        url=url,
        at=at,
        outcome=outcome,
        status=200 if readable else 0,
        detail=detail,
        page=page,
        sightings=tuple(_sighting(one, url, at) for one in found) if readable else (),
        outline=outline(links),
    )


def _sighting(found: Found, url: str, at: datetime) -> Sighting:
    target_url, anchor, region, rel = found
    placed = Placement(
        href=target_url, target_url=target_url, target="acme.org", anchor=anchor, region=Region(region), rel=rel
    )
    return Sighting(source_url=url, target_url=target_url, target="acme.org", seen_at=at, placements=(placed,))


async def told(store: Store, where: EventFilter | None = None) -> list[Event]:
    """All events of the visits stored so far."""
    await bring_up_to_date(store, now=START + timedelta(days=1000))
    return [event async for batch in store.history.events(where or EventFilter()) for event in batch]


async def history(url: str, batches: Iterable[Sequence[Visit]]) -> list[Event]:
    """What a store keeps of these visits, events derived after each batch."""
    async with open_store(url) as store:
        found = await told(store)
        for batch in batches:
            await store.put(batch)
            found = await told(store)
        return found


def said(events: Iterable[Event]) -> list[tuple[float, str, str, str, str]]:
    """Day, kind, reason, before and now of each, in a stable order."""
    return sorted(
        ((event.at - START) / timedelta(days=1), str(event.kind), str(event.reason or ""), event.before, event.now)
        for event in events
    )


def unmodified(visit: Visit, day: float) -> Visit:
    """The same page, answered with 304 later."""
    at = START + timedelta(days=day)
    sightings = tuple(replace(one, seen_at=at) for one in visit.sightings)
    return replace(visit, at=at, status=304, page=None, sightings=sightings, outline="")
