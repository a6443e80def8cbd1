"""How long links keep standing: the Kaplan-Meier estimate, with links that still stand as censored.

A link's life is counted in whole days from the first visit that found it. It ends with its first loss, dated to the
newest visit before it that still found it, whether the link came back later or not: events tell of it, and where none
are derived yet, the status does. A link that was never lost is censored at the newest visit that found it. S(t) is the
product over loss days d <= t of (1 - lost(d) / at_risk(d)); its 95 % interval is Greenwood's on the log-log scale.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import exp, log, sqrt

from pipelines.stores.brief import Brief

LOST = "lost"
_Z = 1.959964
"""97.5 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Step:
    """The estimate from ``day`` on, until the next step."""

    day: int
    at_risk: int
    """Links that stood, and were watched, up to that day."""
    lost: int
    survival: float
    """Share of links that still stand, 0 to 1."""
    low: float
    high: float


class Lives:
    """Counts ends of observation by day: memory grows with distinct days, not with links."""

    def __init__(self) -> None:
        self._lost: Counter[int] = Counter()
        self._censored: Counter[int] = Counter()

    def add(self, link: Brief, stood: datetime | None) -> None:
        """``stood``: the newest visit that found it before its first loss; None if no event tells of one."""
        if stood is None and link.first_seen == link.last_seen:
            days = 0
        else:
            days = ((stood or datetime.fromisoformat(link.last_seen)) - datetime.fromisoformat(link.first_seen)).days
        (self._censored if stood is None and link.status != LOST else self._lost)[days] += 1

    def steps(self) -> tuple[Step, ...]:
        return kaplan_meier(self._lost, self._censored)

    @property
    def longest(self) -> int:
        """Days that the longest observation lasted."""
        return max((*self._lost, *self._censored), default=0)


def kaplan_meier(lost: Counter[int], censored: Counter[int]) -> tuple[Step, ...]:
    """A step for every day with a loss, from numbers of losses and of censored lives by day.

    Who is censored on a day counts as at risk on it.
    """
    at_risk = lost.total() + censored.total()
    survival, variance = 1.0, 0.0
    steps = []
    for day in sorted(lost.keys() | censored.keys()):
        gone = lost[day]
        if gone:
            survival *= 1 - gone / at_risk
            if at_risk > gone:
                variance += gone / (at_risk * (at_risk - gone))
            steps.append(Step(day, at_risk, gone, survival, *_interval(survival, variance)))
        at_risk -= gone + censored[day]
    return tuple(steps)


def survival_at(steps: tuple[Step, ...], day: int) -> float:
    """The share that still stands after ``day`` days; 1 before the first loss."""
    return next((step.survival for step in reversed(steps) if step.day <= day), 1.0)


def _interval(survival: float, variance: float) -> tuple[float, float]:
    if survival <= 0.0:
        return 0.0, 0.0
    spread = _Z * sqrt(variance) / log(survival)
    return survival ** exp(-spread), survival ** exp(spread)
