"""When a page is due again: the less it changes, the later. Pure: follows from its visits, sorted.

A page is taken to change at random at a rate of its own, which its visits estimate: one that finds it as it was says
that nothing happened for as long, one that finds it changed says that something did, some time since the visit before.
Cho and Garcia-Molina, Estimating frequency of change (ACM TOIT 3, 2003) treat the same question for even intervals.
"""

import math
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
    """Before anything is known; it counts as one change in so much time among what is found out later."""
    shortest: int = DAY
    longest: int = 90 * DAY


PER_CHANGE = 1.2
"""Interval in mean times between two changes; ``python -m tests.recheck.year`` shows what that finds, at what price."""
SLACK = 3600
"""Seconds, at most a tenth of the wait, by which a page is due earlier: a recheck that runs once a day reaches a page
at another moment of the day each time, and must not wait a day more for that."""
_ANSWERS = frozenset({Outcome.OK, Outcome.GONE, Outcome.REDIRECTED, Outcome.NOT_HTML})
"""Visits after which the page need not be asked again soon."""


def outlook(history: History, pace: Pace) -> Outlook:
    """The interval that a page's visits suggest, and when it is due.

    After a visit that does not tell (no answer, an error, robots.txt, a page that was cut) the next comes after the
    shortest interval, then twice that, and so on up to the interval.
    """
    rate = _Rate(pace.first)
    silent = 0
    before = last = validated = None
    for visit in history.visits:
        if visit.outcome not in _ANSWERS:
            silent += 1
            continue
        if before is not None and last is not None:
            rate.learn((visit.at - last.at).total_seconds(), changed=differs(before, visit))
        silent, last = 0, visit
        if visit.status != NOT_MODIFIED:
            before = visit
            validated = visit if visit.outcome is Outcome.OK else validated
    known = last is not None and last is not history.visits[0]
    interval = min(pace.longest, max(pace.shortest, PER_CHANGE * rate.period if known else pace.first))
    wait = min(interval, pace.shortest * 2.0 ** min(silent - 1, 30)) if silent else interval
    return Outlook(
        interval=round(interval),
        next_due=history.visits[-1].at + timedelta(seconds=round(wait - min(SLACK, wait / 10))),
        etag=validated.etag if validated else "",
        last_modified=validated.last_modified if validated else "",
        validated_at=validated.at if validated else None,
    )


class _Rate:
    """How often a page changes: changes seen, over the time that they took to come."""

    def __init__(self, first: float) -> None:
        self._seconds, self._changes = first, 1

    @property
    def period(self) -> float:
        """Seconds between two changes."""
        return self._seconds / self._changes

    def learn(self, seconds: float, *, changed: bool) -> None:
        """The page was as it was, or had changed, so long after the visit before."""
        if not changed:
            self._seconds += seconds
            return
        # The time that the first change took, if it came within so many seconds.
        span = min(seconds / self.period, 50.0)
        self._seconds += self.period * (1 - span / math.expm1(span)) if span > 0 else 0.0
        self._changes += 1


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
