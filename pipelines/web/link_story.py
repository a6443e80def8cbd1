"""All that is known of one link, as its page tells it."""

from dataclasses import dataclass
from datetime import datetime

from linkcrawler.records import Event, Link
from linkcrawler.vocabulary import Outcome
from pipelines.reports.story import Section, tell
from pipelines.stores.fold import LinkState
from pipelines.stores.history import EventFilter
from pipelines.verdicts.overturn import overturn_by
from pipelines.web.desk import Desk

EVENTS, VISITS = 200, 200
"""Told at most, the newest."""
_TOLD_APART = ("Evidence",)
"""Sections of the story that stand as tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """One visit of the page, and what it found of the link."""

    at: datetime
    outcome: Outcome
    found: bool
    state: LinkState | None
    """How the link stood; None if it was not found or the visit did not keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStory:
    sections: tuple[Section, ...]
    """Of words: where it stands, since when, how it came there, what would overturn that."""
    evidence: tuple[tuple[str, str, float, str, str], ...]
    """Signal, channel, weight, what was found, why it tells something; strongest first."""
    events: tuple[Event, ...]
    """Oldest first."""
    visits: tuple[Sighted, ...]
    """Newest first."""


async def link_story(desk: Desk, link: Link) -> LinkStory:
    verdict = link.verdict
    changes = overturn_by(verdict, desk.model) if verdict else None
    sections = tell(link, changes, desk.reasons)[1:]
    history = desk.store.history
    events = [event async for batch in history.events(EventFilter(link=link.id)) for event in batch]
    visits = await history.visits(link.source_url, most=VISITS)
    return LinkStory(
        sections=tuple(section for section in sections if section.title not in _TOLD_APART),
        evidence=tuple(
            (item.signal, item.channel.replace("_", " "), item.weight, item.detail, desk.reasons.get(item.signal, ""))
            for item in (verdict.evidence if verdict else ())
        ),
        events=tuple(events[-EVENTS:]),
        visits=tuple(
            Sighted(
                at=visit.at,
                outcome=visit.outcome,
                found=link.id in visit.links,
                state=next((state for state in visit.states if state.id == link.id), None),
            )
            for visit in visits
        ),
    )
