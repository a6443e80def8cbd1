"""Scores of predicted against true labels: the usual ratios, calibration, and intervals by resampling sites."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linkcrawler.vocabulary import Channel, Mode, Region

BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was true of one labelled placement, and what was said of it."""

    id: str
    site: str
    mode: Mode
    channels: tuple[Channel, ...]
    """Any of these is right."""
    regions: tuple[Region, ...]
    said_mode: Mode | None
    """None: capture did not find the placement, which counts as wrong everywhere."""
    said_channel: Channel | None
    said_region: Region | None
    confidence: float

    @property
    def mode_right(self) -> bool:
        return self.said_mode is self.mode

    @property
    def channel_right(self) -> bool:
        return self.said_channel in self.channels

    @property
    def region_right(self) -> bool:
        return self.said_region in self.regions


def precision_recall_f1(outcomes: Sequence[Outcome], mode: Mode) -> dict[str, float]:
    hit = sum(o.mode is mode and o.mode_right for o in outcomes)
    said = sum(o.said_mode is mode for o in outcomes)
    true = sum(o.mode is mode for o in outcomes)
    return _ratios(hit, said, true)


def macro_f1(outcomes: Sequence[Outcome]) -> float:
    return sum(precision_recall_f1(outcomes, mode)["f1"] for mode in Mode) / len(Mode)


def share(outcomes: Sequence[Outcome], right: Callable[[Outcome], bool]) -> float:
    return sum(map(right, outcomes)) / len(outcomes) if outcomes else 0.0


def ece(outcomes: Sequence[Outcome]) -> float:
    """Expected calibration error of the mode's confidence: mean distance of confidence and accuracy over equal bins."""
    return sum(len(group) * abs(confidence - accuracy) for confidence, accuracy, group in _binned(outcomes)) / max(
        len(outcomes), 1
    )


def reliability(outcomes: Sequence[Outcome]) -> list[dict[str, float]]:
    """For each tenth of confidence: how many, how sure, how often right."""
    return [
        {"n": len(group), "confidence": round(confidence, 4), "accuracy": round(accuracy, 4)}
        for confidence, accuracy, group in _binned(outcomes)
    ]


def coverage(
    outcomes: Sequence[Outcome], shares: Sequence[float] = (0.25, 0.5, 0.75, 0.9, 1.0)
) -> list[dict[str, float]]:
    """Accuracy of the mode on the surest share of the placements."""
    ordered = sorted(outcomes, key=lambda o: -o.confidence)
    rows = []
    for wanted in shares:
        top = ordered[: max(round(wanted * len(ordered)), 1)]
        rows.append(
            {
                "coverage": wanted,
                "accuracy": round(share(top, lambda o: o.mode_right), 4),
                "confidence_from": top[-1].confidence,
            }
        )
    return rows


def confusion(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """True mode -> said mode -> count; ``not_found`` where there was nothing to judge."""
    table = {mode.value: Counter[str]() for mode in Mode}
    for o in outcomes:
        table[o.mode][o.said_mode.value if o.said_mode else "not_found"] += 1
    return {mode: dict(sorted(row.items())) for mode, row in table.items()}


def per_channel(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and number of each channel; the second annotator's choice counts as right."""
    rows = {}
    for channel in Channel:
        said = [o for o in outcomes if o.said_channel is channel]
        true = [o for o in outcomes if o.channels[0] is channel]
        hit_said = sum(o.channel_right for o in said)
        hit_true = sum(o.channel_right for o in true)
        if said or true:
            ratios = _ratios(hit_true, 0, len(true)) | {"precision": round(hit_said / len(said), 4) if said else 0.0}
            both = ratios["precision"] + ratios["recall"]
            ratios["f1"] = round(2 * ratios["precision"] * ratios["recall"] / both, 4) if both else 0.0
            rows[channel.value] = {"n": len(true), **ratios}
    return rows


def per_region(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """For each labelled region: number, share of regions read right, share of modes judged right."""
    rows = {}
    for region in Region:
        group = [o for o in outcomes if o.regions[0] is region]
        if group:
            rows[region.value] = {
                "n": len(group),
                "region": round(share(group, lambda o: o.region_right), 4),
                "mode": round(share(group, lambda o: o.mode_right), 4),
            }
    return rows


def interval(
    outcomes: Sequence[Outcome], score: Callable[[Sequence[Outcome]], float], *, draws: int = 1000, seed: int = 1
) -> tuple[float, float]:
    """95 % interval of a score, by drawing whole sites with replacement: links of one site are not independent."""
    by_site: dict[str, list[Outcome]] = {}
    for o in outcomes:
        by_site.setdefault(o.site, []).append(o)
    groups = [by_site[site] for site in sorted(by_site)]
    draw = random.Random(seed)  # noqa: S311 - resampling, not a secret
    values = sorted(score([o for group in draw.choices(groups, k=len(groups)) for o in group]) for _ in range(draws))
    return round(values[int(0.025 * draws)], 4), round(values[int(0.975 * draws) - 1], 4)


def _ratios(hit: int, said: int, true: int) -> dict[str, float]:
    precision = hit / said if said else 0.0
    recall = hit / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hit and said else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _binned(outcomes: Sequence[Outcome]) -> list[tuple[float, float, list[Outcome]]]:
    """Mean confidence, accuracy and members of each bin that holds any."""
    bins: list[list[Outcome]] = [[] for _ in range(BINS)]
    for o in outcomes:
        bins[min(int(o.confidence * BINS), BINS - 1)].append(o)
    return [
        (sum(o.confidence for o in group) / len(group), share(group, lambda o: o.mode_right), group)
        for group in bins
        if group
    ]
