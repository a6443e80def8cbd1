"""Shares corrected for the judge's known errors: planted truth comes back, and the interval holds it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcrawler.vocabulary import Mode
from pipelines.reports.prevalence import MODES, confusion_figures, confusion_of, prevalence

CONFUSION = {Mode.ACTIVE: (80, 5, 15), Mode.PASSIVE: (6, 90, 4), Mode.UNDETERMINED: (20, 10, 70)}
"""By judged mode in the order active, passive, undetermined."""


def shown(truth: dict[Mode, float], number: int = 10_000) -> dict[Mode, float]:
    """What such a judge makes of links with these true shares."""
    rates = {mode: [count / sum(row) for count in row] for mode, row in CONFUSION.items()}
    return {said: number * sum(truth[true] * rates[true][at] for true in MODES) for at, said in enumerate(MODES)}


TRUTHS = [(0.2, 0.7, 0.1), (0.6, 0.1, 0.3), (0.02, 0.03, 0.95), (1.0, 0.0, 0.0)]


@pytest.mark.parametrize("shares", TRUTHS)
def test_the_true_shares_come_back(shares: tuple[float, ...]) -> None:
    truth = dict(zip(MODES, shares, strict=True))

    found = prevalence(shown(truth), CONFUSION)

    for mode in MODES:
        assert found[mode].adjusted == pytest.approx(truth[mode], abs=2e-4)
        assert found[mode].low - 0.02 <= truth[mode] <= found[mode].high + 0.02
    assert found == prevalence(shown(truth), CONFUSION)


def test_two_modes_give_the_textbook_formula() -> None:
    """(observed - f) / (r - f): recall 0.8, false positives 0.1, observed 0.38."""
    pair = {Mode.ACTIVE: (80, 20, 0), Mode.PASSIVE: (10, 90, 0), Mode.UNDETERMINED: (0, 0, 100)}

    found = prevalence({Mode.ACTIVE: 380, Mode.PASSIVE: 620}, pair)

    assert found[Mode.ACTIVE].adjusted == pytest.approx((0.38 - 0.1) / (0.8 - 0.1))
    assert found[Mode.ACTIVE].raw == 0.38


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.integers(0, 10**6)] * 3), st.tuples(*[st.tuples(*[st.integers(0, 500)] * 3)] * 3))
def test_shares_stay_shares(counts: tuple[int, ...], rows: tuple[tuple[int, ...], ...]) -> None:
    figures = {mode: tuple(n + 10 for n in row) for mode, row in zip(MODES, rows, strict=True)}

    found = prevalence(dict(zip(MODES, counts, strict=True)), figures)

    if not sum(counts):
        assert found == {}
        return
    assert sum(share.adjusted for share in found.values()) == pytest.approx(1, abs=1e-3)
    assert all(0 <= share.low <= share.high <= 1 for share in found.values())


def test_intervals_hold_the_truth_as_often_as_they_claim() -> None:
    """Labels and links drawn anew 60 times from known rates: 95 % intervals miss in few of them."""
    chance = random.Random(3)
    truth = dict(zip(MODES, (0.3, 0.5, 0.2), strict=True))

    def judged(true: Mode) -> Mode:
        return chance.choices(MODES, CONFUSION[true])[0]

    missed = 0
    for _ in range(60):
        labelled = confusion_of(confusion_figures((true, judged(true)) for true in MODES for _ in range(150)))
        assert labelled
        links = [judged(true) for true in chance.choices(MODES, list(truth.values()), k=400)]
        found = prevalence({mode: links.count(mode) for mode in MODES}, labelled)
        missed += not found[Mode.PASSIVE].low <= truth[Mode.PASSIVE] <= found[Mode.PASSIVE].high
    assert missed <= 8


def test_few_labels_are_no_rates() -> None:
    assert confusion_of({}) is None
    assert confusion_of(confusion_figures([(Mode.ACTIVE, Mode.ACTIVE)] * 500)) is None
    assert confusion_of(confusion_figures((mode, None) for mode in MODES for _ in range(20))) is not None


def test_what_a_person_said_is_not_corrected() -> None:
    found = prevalence({}, CONFUSION, certain={Mode.PASSIVE: 3, Mode.ACTIVE: 1})

    assert (found[Mode.PASSIVE].adjusted, found[Mode.PASSIVE].low, found[Mode.PASSIVE].high) == (0.75, 0.75, 0.75)
