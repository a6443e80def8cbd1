"""When a page is due again: the less it changes, the later. Pure: follows from its visits, sorted."""

from dataclasses import dataclass
from datetime import timedelta

from linkcrawler.vocabulary import Outcome
from pipelines.stores.fold import VisitRow
from pipelines.stores.history import History, Outlook

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Bounds of the interval between visits to a page, in seconds."""

    first: int = 7 * DAY
    """Before anything is known of how often the page changes."""
    shortest: int = DAY
    longest: int = 90 * DAY
    slower: float = 1.5
    """Factor after a visit that found the page as it was."""
    faster: float = 0.6
    """Factor after a visit that found it changed."""


_ANSWERS = frozenset({Outcome.OK, Outcome.GONE, Outcome.REDIRECTED, Outcome.NOT_HTML})
"""Visits after which the page need not be asked again soon."""


def outlook(history: History, pace: Pace) -> Outlook:
    """The interval that a page's visits suggest, and when it is due.

    Each visit that tells makes it longer or shorter. After one that does not (no answer, an error, robots.txt, a page
    that was cut) the next comes after the shortest interval, then twice that, and so on up to the interval.
    """
    interval, silent = float(pace.first), 0
    before: VisitRow | None = None
    validated: VisitRow | None = None
    for visit in history.visits:
        if visit.outcome not in _ANSWERS:
            silent += 1
            continue
        silent = 0
        changed = before is not None and differs(before, visit)
        if changed:
            interval = max(pace.shortest, interval * pace.faster)
        elif before is not None:
            interval = min(pace.longest, interval * pace.slower)
        if visit.status != NOT_MODIFIED:
            before = visit
        if visit.outcome is Outcome.OK and visit.status != NOT_MODIFIED:
            validated = visit
    wait = min(interval, pace.shortest * 2.0 ** min(silent - 1, 30)) if silent else interval
    return Outlook(
        interval=round(interval),
        next_due=history.visits[-1].at + timedelta(seconds=round(wait)),
        etag=validated.etag if validated else "",
        last_modified=validated.last_modified if validated else "",
        validated_at=validated.at if validated else None,
    )


NOT_MODIFIED = 304


def differs(before: VisitRow, after: VisitRow) -> bool:
    """Whether a page changed in a way that concerns links: its answer, its outgoing links, or how a link stands.

    A body whose only change is a token in a form counts as it was. Where a visit kept no outline, the bodies decide.
    """
    if after.status == NOT_MODIFIED:
        return False
    if before.outcome is not after.outcome or before.links != after.links:
        return True
    if before.states and after.states and before.states != after.states:
        return True
    if before.outline and after.outline:
        return before.outline != after.outline
    return before.content_hash != after.content_hash
