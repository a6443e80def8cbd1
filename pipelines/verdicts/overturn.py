"""What would change a verdict: signals that it rests on, and signals that it lacks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linkcrawler.records import Evidence, Verdict
from linkcrawler.vocabulary import MODE_OF, Mode
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import Model

Judge = Callable[[Sequence[Evidence]], Mode]
"""The mode that some evidence leads to."""


@dataclass(frozen=True, slots=True)
class Change:
    signals: tuple[str, ...]
    mode: Mode
    """What the verdict would be."""


@dataclass(frozen=True, slots=True)
class Overturn:
    without: tuple[Change, ...]
    """Signals whose absence changes the mode: single ones, else the fewest of the strongest; empty if none does."""
    added: tuple[Change, ...]
    """Single signals of the page whose presence would change the mode, strongest first; outreach logs and patterns,
    which weigh by files of their own, are not tried."""


def overturn_by(verdict: Verdict, model: Model) -> Overturn | None:
    """What would change the verdict under its own model; None if another model judged."""
    if verdict.model != model.id:
        return None
    possible = {
        name: tuple(Evidence(signal=name, channel=channel, weight=weight) for channel, weight in weights.items())
        for name, weights in model.weights.items()
    }
    pieces = [piece for signal in possible.values() for piece in signal]
    return overturn(verdict, lambda evidence: judge(evidence, model, at=verdict.judged_at).mode, pieces)


def overturn(verdict: Verdict, judge: Judge, possible: Sequence[Evidence]) -> Overturn:
    """Try the verdict without each signal that fired, and with each of the ``possible`` ones that did not."""
    return Overturn(_without(verdict, judge), _added(verdict, judge, possible))


def _without(verdict: Verdict, judge: Judge) -> tuple[Change, ...]:
    changes = []
    for signal in _signals(verdict.evidence):
        mode = _mode_without(verdict, (signal,), judge)
        if mode is not verdict.mode:
            changes.append(Change((signal,), mode))
    if changes:
        return tuple(changes)
    removed: tuple[str, ...] = ()
    for signal in _supporting(verdict):
        removed += (signal,)
        mode = _mode_without(verdict, removed, judge)
        if mode is not verdict.mode:
            return (Change(removed, mode),)
    return ()


def _mode_without(verdict: Verdict, removed: tuple[str, ...], judge: Judge) -> Mode:
    return judge([piece for piece in verdict.evidence if piece.signal not in removed])


def _supporting(verdict: Verdict) -> list[str]:
    """Signals that speak for the verdict's mode, or against another one, strongest first."""
    pull = dict.fromkeys(_signals(verdict.evidence), 0.0)
    for piece in verdict.evidence:
        pull[piece.signal] += piece.weight if MODE_OF[piece.channel] is verdict.mode else -piece.weight
    return sorted((signal for signal in pull if pull[signal] > 0), key=lambda signal: (-pull[signal], signal))


def _added(verdict: Verdict, judge: Judge, possible: Sequence[Evidence]) -> tuple[Change, ...]:
    fired = set(_signals(verdict.evidence))
    changes = []
    for signal in _signals(possible):
        if signal in fired:
            continue
        pieces = [piece for piece in possible if piece.signal == signal]
        mode = judge([*verdict.evidence, *pieces])
        if mode is not verdict.mode:
            changes.append((-max(abs(piece.weight) for piece in pieces), Change((signal,), mode)))
    return tuple(change for _, change in sorted(changes, key=lambda entry: (entry[0], entry[1].signals)))


def _signals(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.signal for piece in evidence))
