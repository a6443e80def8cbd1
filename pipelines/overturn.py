"""What would change a verdict: evidence that it rests on, and evidence that it lacks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linkcrawler.records import Evidence, Verdict
from linkcrawler.vocabulary import MODE_OF, Mode

Judge = Callable[[Sequence[Evidence]], Mode]
"""The mode that some evidence leads to."""


@dataclass(frozen=True, slots=True)
class Change:
    evidence: tuple[Evidence, ...]
    mode: Mode
    """What the verdict would be."""


@dataclass(frozen=True, slots=True)
class Overturn:
    without: tuple[Change, ...]
    """Evidence whose absence changes the mode: single pieces, else the fewest of the strongest; empty if none does."""
    added: tuple[Change, ...]
    """Single pieces whose presence would change the mode."""


def overturn(verdict: Verdict, judge: Judge, possible: Sequence[Evidence]) -> Overturn:
    """Try the verdict without each piece of its evidence, and with each of the ``possible`` pieces that it lacks."""
    return Overturn(_without(verdict, judge), _added(verdict, judge, possible))


def _without(verdict: Verdict, judge: Judge) -> tuple[Change, ...]:
    changes = []
    for item in verdict.evidence:
        mode = judge([other for other in verdict.evidence if other is not item])
        if mode is not verdict.mode:
            changes.append(Change((item,), mode))
    if changes:
        return tuple(changes)
    removed: list[Evidence] = []
    for item in _supporting(verdict):
        removed.append(item)
        mode = judge([other for other in verdict.evidence if other not in removed])
        if mode is not verdict.mode:
            return (Change(tuple(removed), mode),)
    return ()


def _supporting(verdict: Verdict) -> list[Evidence]:
    """Pieces that speak for the verdict's mode or against another, strongest first."""
    return sorted(
        (item for item in verdict.evidence if (MODE_OF[item.channel] is verdict.mode) == (item.weight > 0)),
        key=lambda item: -abs(item.weight),
    )


def _added(verdict: Verdict, judge: Judge, possible: Sequence[Evidence]) -> tuple[Change, ...]:
    fired = {item.signal for item in verdict.evidence}
    changes = []
    for item in possible:
        if item.signal in fired:
            continue
        mode = judge([*verdict.evidence, item])
        if mode is not verdict.mode:
            changes.append(Change((item,), mode))
    return tuple(changes)
