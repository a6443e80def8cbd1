"""Chooses links: the store filters by its indexes, what remains is decided here on each link that it returns."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime

from linkcrawler.records import Link
from pipelines.queries.placements import lead_placement
from pipelines.stores.protocol import LinkFilter, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Conditions beyond :class:`LinkFilter`; every field left as it is lets everything pass."""

    source_url: str = ""
    """Substring."""
    target_url: str = ""
    """Substring."""
    heading: str = ""
    """Substring of the heading path, case ignored."""
    signal: str = ""
    """A signal that must be among the evidence."""
    model: str = ""
    """Beginning of the model version."""
    min_confidence: float = 0.0
    max_confidence: float = 1.0
    last_seen_from: datetime | None = None
    last_seen_to: datetime | None = None
    appeared_from: datetime | None = None
    """The link cannot have appeared before this."""
    appeared_to: datetime | None = None
    """The link had certainly appeared by this."""
    added: str = ""


async def select(store: Store, where: LinkFilter, selection: Selection) -> AsyncGenerator[Link]:
    """Links that fit both, ordered by id, at most ``where.limit`` (0: all)."""
    count = 0
    if selection == Selection():
        async for link in store.links(where):
            yield link
        return
    async for link in store.links(replace(where, limit=0)):
        if fits(link, selection):
            yield link
            count += 1
            if count == where.limit:
                return


def fits(link: Link, selection: Selection) -> bool:
    """Whether the link meets every condition."""
    lead = lead_placement(link)
    return (
        selection.source_url in link.source_url
        and selection.target_url in link.target_url
        and selection.heading.casefold() in " > ".join(lead.context.heading).casefold()
        and selection.added in ("", link.appearance.added)
        and _verdict_fits(link, selection)
        and _within(link.last_seen, selection.last_seen_from, selection.last_seen_to)
        and (selection.appeared_from is None or _reaches(selection.appeared_from, link.appearance.not_before))
        and (selection.appeared_to is None or _reaches(link.appearance.not_after, selection.appeared_to))
    )


def _verdict_fits(link: Link, selection: Selection) -> bool:
    verdict = link.verdict
    if verdict is None:
        unasked = Selection()
        return (selection.signal, selection.model, selection.min_confidence, selection.max_confidence) == (
            unasked.signal,
            unasked.model,
            unasked.min_confidence,
            unasked.max_confidence,
        )
    return (
        (not selection.signal or any(item.signal == selection.signal for item in verdict.evidence))
        and verdict.model.startswith(selection.model)
        and selection.min_confidence <= verdict.confidence <= selection.max_confidence
    )


def _within(time: datetime, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or start <= time) and (end is None or time <= end)


def _reaches(early: datetime | None, late: datetime | None) -> bool:
    return early is not None and late is not None and early <= late
