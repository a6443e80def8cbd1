"""Corrects the shares of modes for known errors of the judge: the adjusted count, with its interval.

With M[true][judged] the rates at which labelled links of each mode were judged to be of each mode (cross-validated by
site), links of true shares p show up in shares q = p M. Solved for p, and brought back to shares where chance leads
outside. For two modes this is (observed - f) / (r - f) with recall r and false-positive rate f.

It rests on one assumption: that links of one mode are misjudged here as often as among the labelled ones.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linkcrawler.vocabulary import Mode

MODES: tuple[Mode, ...] = tuple(sorted(Mode))
LEAST_LABELS = 20
"""Labelled links that each mode needs before its rates say anything."""
DRAWS = 1_000
_TAIL = 0.025
_HALF = 0.5
"""Jeffreys' prior: a rate that was never seen in n labels is not zero."""

Counts = Mapping[Mode, float]


@dataclass(frozen=True, slots=True)
class Share:
    """Of one mode, 0 to 1."""

    raw: float
    adjusted: float
    low: float
    """95 % interval of ``adjusted``: chance in the labels and in what was judged."""
    high: float


def confusion_figures(pairs: Iterable[tuple[Mode, Mode | None]]) -> dict[str, float]:
    """Number of labelled links by true and judged mode, as a model keeps them; not found counts as undetermined."""
    figures = {_name(true, said): 0.0 for true in MODES for said in MODES}
    for true, said in pairs:
        figures[_name(true, said or Mode.UNDETERMINED)] += 1
    return figures


def confusion_of(figures: Mapping[str, float]) -> dict[Mode, tuple[float, ...]] | None:
    """True mode to numbers by judged mode, in the order of :data:`MODES`; None where too little was measured."""
    rows = {true: tuple(figures.get(_name(true, said), 0.0) for said in MODES) for true in MODES}
    return rows if all(sum(row) >= LEAST_LABELS for row in rows.values()) else None


def prevalence(
    counts: Counts, confusion: Mapping[Mode, Sequence[float]], *, certain: Counts | None = None
) -> dict[Mode, Share]:
    """Shares of the modes among what was judged (``counts``) and what is known anyway (``certain``).

    Empty if nothing was judged. The draws of the interval are the same in every run.
    """
    judged = [counts.get(mode, 0.0) for mode in MODES]
    known = [(certain or {}).get(mode, 0.0) for mode in MODES]
    total, sure = sum(judged), sum(known)
    if not total + sure:
        return {}

    def whole(shares: Sequence[float]) -> list[float]:
        return [(share * total + extra) / (total + sure) for share, extra in zip(shares, known, strict=True)]

    observed = [count / total for count in judged] if total else judged
    adjusted = whole(_true_shares(observed, [_rates(confusion[mode]) for mode in MODES]))
    chance = random.Random(1)  # noqa: S311 - resampling, not a secret
    draws = [whole(_drawn(judged, confusion, chance)) for _ in range(DRAWS)] if total else [adjusted]
    raw = [(count + extra) / (total + sure) for count, extra in zip(judged, known, strict=True)]
    return {
        mode: Share(round(raw[at], 4), round(adjusted[at], 4), *_interval(sorted(draw[at] for draw in draws)))
        for at, mode in enumerate(MODES)
    }


def _drawn(judged: Sequence[float], confusion: Mapping[Mode, Sequence[float]], chance: random.Random) -> list[float]:
    rows = [_dirichlet([count + _HALF for count in confusion[mode]], chance) for mode in MODES]
    return _true_shares(_dirichlet([count + _HALF for count in judged], chance), rows)


def _dirichlet(counts: Sequence[float], chance: random.Random) -> list[float]:
    return _rates([chance.gammavariate(count, 1.0) for count in counts])


def _rates(counts: Sequence[float]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts]


def _true_shares(observed: Sequence[float], rates: Sequence[Sequence[float]]) -> list[float]:
    """Solves observed = shares x rates by Cramer's rule, and takes the nearest shares that are possible."""
    whole = _determinant(rates)
    if abs(whole) < 1e-6:  # a judge that tells nothing: what it says cannot be corrected
        return list(observed)
    replaced = ([observed if at == row else rates[at] for at in range(3)] for row in range(3))
    return _possible([_determinant(matrix) / whole for matrix in replaced])


def _determinant(rows: Sequence[Sequence[float]]) -> float:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _possible(shares: Sequence[float]) -> list[float]:
    """The nearest point of which no part is negative and whose parts add up to 1."""
    ordered = sorted(shares, reverse=True)
    excess, running = 0.0, 0.0
    for place, share in enumerate(ordered, 1):
        running += share
        if share > (running - 1) / place:
            excess = (running - 1) / place
    return [max(share - excess, 0.0) for share in shares]


def _interval(draws: Sequence[float]) -> tuple[float, float]:
    cut = int(len(draws) * _TAIL)
    return round(draws[cut], 4), round(draws[len(draws) - 1 - cut], 4)


def _name(true: Mode, said: Mode) -> str:
    return f"labelled_{true}_judged_{said}"
