"""Measures verdicts against labelled placements: capture and classification, from the saved page alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkcrawler.capture.vocabulary import load_vocabulary
from linkcrawler.records import Link, Verdict
from linkcrawler.vocabulary import Mode
from pipelines.evaluation.labels import Example, Label, examples, read_labels
from pipelines.evaluation.scores import (
    Outcome,
    confusion,
    coverage,
    ece,
    macro_f1,
    per_channel,
    per_region,
    precision_recall_f1,
    reliability,
    share,
)
from pipelines.evidence import Signals, gather, load_signals
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import Model, load_model


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled placement with its verdict; both None if capture did not find it."""

    label: Label
    link: Link | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class LinksReport:
    """The measured placements and, if asked for, what each signal is worth."""

    judged: tuple[Judged, ...]
    model: str
    ablation: dict[str, float] | None = None
    """Signal -> macro-F1 with everything minus macro-F1 without it, as weighed (nothing is trained anew)."""

    @property
    def outcomes(self) -> list[Outcome]:
        return [outcome(item) for item in self.judged]

    def to_json(self) -> dict[str, Any]:
        """The figures as one JSON-ready object."""
        rows = self.outcomes
        figures = {
            "n": len(rows),
            "mode": {
                "accuracy": round(share(rows, lambda o: o.mode_right), 4),
                "macro_f1": round(macro_f1(rows), 4),
                **{mode.value: precision_recall_f1(rows, mode) for mode in Mode},
            },
            "channel": {"accuracy": round(share(rows, lambda o: o.channel_right), 4)},
            "region": {"accuracy": round(share(rows, lambda o: o.region_right), 4)},
            "not_found": sum(o.said_mode is None for o in rows),
            "ece": round(ece(rows), 4),
            "confusion": confusion(rows),
            "coverage": coverage(rows),
            "reliability": reliability(rows),
            "per_channel": per_channel(rows),
            "per_region": per_region(rows),
            "model": self.model,
        }
        return figures if self.ablation is None else figures | {"ablation": self.ablation}


def evaluate_links(
    labels: Path,
    pages: Path,
    *,
    model: Model | None = None,
    ablate: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> LinksReport:
    """Judge every labelled placement with ``model`` (the shipped one if none is given).

    ``on_progress`` is told how many of how many are done. Raises UsageError for labels or pages that cannot be read.
    """
    model = model or load_model()
    signals = load_signals(model)
    wanted = read_labels(labels)
    judged = []
    for example in examples(wanted, pages, load_vocabulary()):
        judged.append(_judged(example, model, signals))
        on_progress(len(judged), len(wanted))
    return LinksReport(tuple(judged), model.id, ablation_of(judged, model) if ablate else None)


def outcome(item: Judged) -> Outcome:
    """Truth and verdict side by side."""
    label, verdict = item.label, item.verdict
    return Outcome(
        id=label.id,
        site=label.site,
        mode=label.mode,
        channels=(label.channel, *((label.channel_alt,) if label.channel_alt else ())),
        regions=(label.region, *((label.region_alt,) if label.region_alt else ())),
        said_mode=verdict.mode if verdict else None,
        said_channel=verdict.channel if verdict else None,
        said_region=item.link.placements[0].region if item.link else None,
        confidence=verdict.confidence if verdict else 0.0,
    )


def ablation_of(judged: Sequence[Judged], model: Model) -> dict[str, float]:
    """What macro-F1 loses without each signal that fired, largest loss first."""
    whole = macro_f1([outcome(item) for item in judged])
    fired = sorted({e.signal for item in judged if item.verdict for e in item.verdict.evidence})
    losses = {}
    for name in fired:
        rest = [Judged(item.label, item.link, _without(item.verdict, name, model)) for item in judged]
        losses[name] = round(whole - macro_f1([outcome(item) for item in rest]), 4)
    return dict(sorted(losses.items(), key=lambda pair: (-pair[1], pair[0])))


def _without(verdict: Verdict | None, name: str, model: Model) -> Verdict | None:
    if verdict is None or all(e.signal != name for e in verdict.evidence):
        return verdict
    return judge([e for e in verdict.evidence if e.signal != name], model, at=verdict.judged_at)


def _judged(example: Example, model: Model, signals: Signals) -> Judged:
    if example.link is None:
        return Judged(example.label, None, None)
    verdict = judge(gather(example.link, signals), model, at=example.link.last_seen)
    return Judged(example.label, example.link, verdict)
