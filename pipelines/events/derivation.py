"""From a page's visits, sorted, to what happened to its links. Pure: any order of arrival gives the same events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from linkcrawler.outline import rolled_off
from linkcrawler.records import Event
from linkcrawler.urls import digest
from linkcrawler.vocabulary import EventKind, Outcome, Reason
from pipelines.stores.fold import LinkState, VisitRow, timestamp
from pipelines.stores.history import History, KnownLink

_PAGE = {
    Outcome.GONE: Reason.PAGE_GONE,
    Outcome.REDIRECTED: Reason.PAGE_REDIRECTED,
    Outcome.ROBOTS: Reason.PAGE_ROBOTS,
}
"""Answers that say something of the page. Time-outs, errors and pages that were cut say nothing."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """All visits of one time, as one."""

    at: datetime
    found: Mapping[str, LinkState | None]
    """By link; without a state if the visit did not keep one."""
    whole: bool
    """Whether the page was read whole: only then is what is not found not there."""
    page: Reason | None
    outline: str
    detail: str
    noindex: bool | None
    canonical: str | None


@dataclass(slots=True)
class _Standing:
    """What is known of a page and its links up to some moment."""

    live: dict[str, LinkState | None] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    seen_at: dict[str, datetime] = field(default_factory=dict)
    came_at: dict[str, datetime] = field(default_factory=dict)
    """Time of the visit that last found a link which the one before had not."""
    whole_at: datetime | None = None
    outline: str = ""
    page: Reason | None = None
    answered_at: datetime | None = None
    """Time of the newest visit that said something of the page."""
    noindex: bool | None = None
    canonical: str | None = None


def derive_events(history: History) -> list[Event]:
    """The events of a page's links after ``history.told_until``, by time."""
    story = _Story(history)
    for moment in moments(history.visits):
        story.tell(moment)
    return sorted(story.events, key=lambda event: (event.at, event.id))


def moments(visits: tuple[VisitRow, ...]) -> Iterator[_Moment]:
    """The visits, merged where they share a time: what any of them found stood there."""
    for at, group in groupby(visits, key=lambda visit: visit.at):
        together = sorted(group, key=lambda visit: (visit.outcome is Outcome.OK, visit.id))
        found: dict[str, LinkState | None] = {}
        for visit in together:
            states = {state.id: state for state in visit.states}
            found.update({link: states.get(link) or found.get(link) for link in visit.links})
        last = together[-1]
        yield _Moment(
            at=at,
            found=found,
            whole=last.outcome is Outcome.OK,
            page=_PAGE.get(last.outcome),
            outline=last.outline,
            detail=last.detail,
            noindex=last.noindex,
            canonical=last.canonical,
        )


class _Story:
    """Goes through the moments in order and notes what each shows that was otherwise before."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._standing = _Standing()
        self.events: list[Event] = []
        if history.told_until is not None:
            self._standing.lost = {link.id for link in history.links.values() if link.first_seen < history.told_until}

    def tell(self, moment: _Moment) -> None:
        now = self._standing
        self._arrivals(moment)
        if moment.whole:
            self._departures(moment)
            if moment.outline:
                now.outline = moment.outline
            now.whole_at = moment.at
        self._page(moment)

    def _arrivals(self, moment: _Moment) -> None:
        now = self._standing
        for link, state in sorted(moment.found.items()):
            if link in now.live:
                known = now.live[link]
                if moment.whole and state and known:
                    self._changes(moment, known, state)
            elif link in now.lost:
                now.lost.discard(link)
                now.came_at[link] = moment.at
                self._note(EventKind.RETURNED, moment, link, after=now.whole_at)
            else:
                now.came_at[link] = moment.at
                self._note(EventKind.APPEARED, moment, link, after=now.whole_at)
            if moment.whole or not now.live.get(link):
                now.live[link] = state or now.live.get(link)
            now.seen_at[link] = moment.at

    def _changes(self, moment: _Moment, known: LinkState, state: LinkState) -> None:
        for reason, before, after in (
            (Reason.ANCHOR, known.anchor, state.anchor),
            (Reason.REL, " ".join(known.rel), " ".join(state.rel)),
            (Reason.REGION, known.region, state.region),
        ):
            if before != after:
                seen = self._standing.seen_at[state.id]
                self._note(EventKind.CHANGED, moment, state.id, reason, after=seen, before=before, now=after)

    def _departures(self, moment: _Moment) -> None:
        now = self._standing
        fresh = [state for link, state in sorted(moment.found.items()) if state and now.came_at.get(link) == moment.at]
        for link in sorted(now.live.keys() - moment.found.keys()):
            state = now.live.pop(link)
            now.lost.add(link)
            moved = _moved_to(state, fresh)
            if moved:
                to = self._known(moved).target_url
                self._note(EventKind.LOST, moment, link, Reason.RETARGETED, after=now.seen_at.get(link), now=to)
                continue
            pushed = rolled_off(now.outline, moment.outline, self._known(link).target_url)
            reason = Reason.ROLLED_OFF if pushed else Reason.REMOVED
            self._note(EventKind.LOST, moment, link, reason, after=now.seen_at.get(link))

    def _page(self, moment: _Moment) -> None:
        now = self._standing
        if not (moment.whole or moment.page):
            return
        if moment.page is not now.page:
            detail = moment.detail if moment.page is Reason.PAGE_REDIRECTED else ""
            self._of_page(moment, moment.page or Reason.PAGE_BACK, now=detail)
            now.page = moment.page
        if moment.noindex is not None:
            if now.noindex is not None and moment.noindex is not now.noindex:
                self._of_page(moment, Reason.PAGE_NOINDEX if moment.noindex else Reason.PAGE_INDEXABLE)
            now.noindex = moment.noindex
        if moment.canonical is not None:
            if now.canonical is not None and moment.canonical != now.canonical:
                self._of_page(moment, Reason.PAGE_CANONICAL, before=now.canonical, now=moment.canonical)
            now.canonical = moment.canonical
        now.answered_at = moment.at

    def _of_page(self, moment: _Moment, reason: Reason, *, before: str = "", now: str = "") -> None:
        """Told of each link that stood on the page before, and still does as far as this visit tells."""
        standing = self._standing
        for link in sorted(standing.live):
            if standing.came_at.get(link) != moment.at:
                after = standing.answered_at
                self._note(EventKind.CHANGED, moment, link, reason, after=after, before=before, now=now)

    def _known(self, link: str) -> KnownLink:
        return self._history.links[link]

    def _note(
        self,
        kind: EventKind,
        moment: _Moment,
        link: str,
        reason: Reason | None = None,
        *,
        after: datetime | None = None,
        before: str = "",
        now: str = "",
    ) -> None:
        """What visits before ``told_until`` said is not said again."""
        told = self._history.told_until
        if told is not None and moment.at <= told:
            return
        known = self._known(link)
        self.events.append(
            Event(
                id=digest(link, kind, reason or "", timestamp(moment.at), before, now),
                kind=kind,
                reason=reason,
                at=moment.at,
                after=after,
                link=link,
                source_url=self._history.url,
                target_url=known.target_url,
                target=known.target,
                before=before,
                now=now,
            )
        )


def _moved_to(state: LinkState | None, fresh: list[LinkState]) -> str:
    """The link that came with the words and at the place of the one that went; empty if there is none."""
    if state is None or not state.anchor:
        return ""
    return next((one.id for one in fresh if (one.anchor, one.region) == (state.anchor, state.region)), "")
