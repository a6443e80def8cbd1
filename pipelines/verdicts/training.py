"""Fits the weights of signals to labelled links: a multinomial logistic regression that starts from the hand-set ones.

Only the (signal, channel) pairs of config/signals.toml get a weight, and each is drawn towards its hand-set value:
where labels are few the hand decides, where they are many the labels do, and every weight stays readable. Figures
cross-validated by site, so that no site is both trained and tested on.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkcrawler.capture.vocabulary import load_vocabulary
from linkcrawler.errors import UsageError
from linkcrawler.records import Evidence
from linkcrawler.vocabulary import Channel, Mode
from pipelines.evaluation.labels import Label, examples, read_labels
from pipelines.evaluation.links import Judged, outcome
from pipelines.evaluation.scores import Outcome, ece, interval, macro_f1, precision_recall_f1, share
from pipelines.evidence import gather, load_signals
from pipelines.evidence.catalogue import FUNCTIONS, load_catalogue
from pipelines.reports.prevalence import confusion_figures
from pipelines.verdicts.judge import chances_of, judge, mode_chances
from pipelines.verdicts.model import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FOLDS = 10
PULL = 1.5
"""Precision of the pull towards the hand-set weight. Swept 0.2 to 2: macro-F1 rises from 0.816 to 0.830."""
SITE_SHARE = 0.3
"""A site with n labels counts like n ** (1 - SITE_SHARE) sites with one: links of one template are not independent.
0.5 has the same macro-F1 (0.884 and 0.885) and is less well calibrated on the sets labelled last."""
PRIOR_PULL = 0.1
HAND_PRIOR = -1.0
"""Log-odds of each channel before any evidence; that of ``unclear`` is higher: nothing known, nothing said."""
UNCLEAR_PRIOR = -0.2
AUTOMATIC_PRIOR = -4.0
"""Pages of machines are told by their own signs; by chance alone no link of a page that people read is theirs."""
BAR = 0.5
CONFLICT = 0.4
"""Three modes: below this the winner has less than the odds of a coin against the other two."""
DOUBT = 0.38
"""A little more likely than either of the others. Swept 0.28 to 1: macro-F1 0.865 to 0.873, best near 0.38."""
TEMPERATURES = (1.0, 1.1, 1.2, 1.3, 1.5, 1.75, 2.0)
"""None sharpens: signals were chosen on the labels of these folds, whose verdicts are surer than elsewhere."""
MAX_STEPS = 200

_CHANNELS = tuple(Channel)
_NAMES = tuple(FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Trained:
    """The model, and its cross-validated outcomes."""

    model: Model
    outcomes: tuple[Outcome, ...]

    def intervals(self) -> dict[str, tuple[float, float]]:
        """95 % intervals of the main figures, by resampling sites."""
        return {name: interval(self.outcomes, score) for name, score in SCORES.items()}


SCORES: dict[str, Callable[[Sequence[Outcome]], float]] = {
    "macro_f1": macro_f1,
    "passive_f1": lambda rows: precision_recall_f1(rows, Mode.PASSIVE)["f1"],
    "active_f1": lambda rows: precision_recall_f1(rows, Mode.ACTIVE)["f1"],
    "undetermined_f1": lambda rows: precision_recall_f1(rows, Mode.UNDETERMINED)["f1"],
    "mode_accuracy": lambda rows: share(rows, lambda o: o.mode_right),
    "channel_accuracy": lambda rows: share(rows, lambda o: o.channel_right),
    "ece": ece,
}


@dataclass(frozen=True, slots=True)
class _Sample:
    """A labelled placement and the signals that fired for it; None where capture did not find it."""

    judged: Judged
    fired: dict[str, str] | None


def hand_set(version: str = "hand") -> Model:
    """The model of config/signals.toml alone, untrained."""
    priors = dict.fromkeys(_CHANNELS, HAND_PRIOR)
    priors |= {Channel.UNCLEAR: UNCLEAR_PRIOR, Channel.AUTOMATIC: AUTOMATIC_PRIOR}
    weights = {name: dict(entry.speaks) for name, entry in load_catalogue().items()}
    return Model(
        version=version, priors=priors, weights=weights, temperature=1.0, bar=BAR, conflict=CONFLICT, doubt=DOUBT
    )


def train(
    labels: Sequence[Path],
    pages: Path,
    *,
    version: str,
    today: date,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Trained:
    """Fit a model to the labels of all files and measure its kind by cross-validation over their sites.

    The model's figures are those of all labels; of several files, also those of each one's labels, as ``stem.figure``.
    ``on_progress`` is told how many of how many placements are captured. Raises UsageError if the labels or pages
    cannot be read, or numpy and scipy are not there.
    """
    _require_numbers()
    files = _read(labels)
    wanted = [label for found in files.values() for label in found]
    samples = []
    for sample in _samples(files, pages):
        samples.append(sample)
        on_progress(len(samples), len(wanted))
    start = hand_set(version)
    outcomes, temperature = _cross_validated(samples, start)
    figures = _figures(outcomes, "")
    figures |= confusion_figures((o.mode, o.said_mode) for o in outcomes)
    for file, found in files.items() if len(files) > 1 else ():
        ids = {label.id for label in found}
        figures |= _figures([o for o in outcomes if o.id in ids], f"{file}.")
    model = _rebuilt(
        _fitted(samples, start),
        temperature=temperature,
        trained=today.isoformat(),
        data={
            "labels": len(wanted),
            "sites": len({label.site for label in wanted}),
            **{path.name: hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest() for path in labels},
        },
        figures=figures,
    )
    return Trained(model, tuple(outcomes))


def _require_numbers() -> None:
    try:
        import scipy.optimize  # noqa: F401
    except ImportError as error:
        raise UsageError(
            'training needs numpy and scipy: install them with pip install "linkcrawler[train]"'
        ) from error


def _read(paths: Sequence[Path]) -> dict[str, list[Label]]:
    """The labels of each file by its stem. Raises UsageError where two files have one stem, or share a label."""
    found: dict[str, list[Label]] = {}
    home: dict[str, Path] = {}
    for path in paths:
        if path.stem in found:
            raise UsageError(
                f"--labels {path}: a second file called {path.stem}; figures are told by this name, rename it"
            )
        found[path.stem] = read_labels(path)
        for label in found[path.stem]:
            if label.id in home:
                raise UsageError(
                    f"--labels {path}: label {label.id} is in {home[label.id]} already; keep it in one file"
                )
            home[label.id] = path
    return found


def _samples(files: dict[str, list[Label]], pages: Path) -> Iterator[_Sample]:
    signals = load_signals(hand_set())
    for labels in files.values():
        for example in examples(labels, pages, load_vocabulary()):
            fired = {e.signal: e.detail for e in gather(example.link, signals)} if example.link else None
            yield _Sample(Judged(example.label, example.link, None), fired)


def _figures(outcomes: Sequence[Outcome], prefix: str) -> dict[str, float]:
    return {f"{prefix}{name}": round(score(outcomes), 4) for name, score in SCORES.items()}


def folds(sites: Sequence[str], count: int = FOLDS, seed: int = 1) -> dict[str, int]:
    """The fold of each site, the same on every machine."""
    order = sorted(set(sites))
    random.Random(seed).shuffle(order)  # noqa: S311 - a split, not a secret
    return {site: at % count for at, site in enumerate(order)}


def _cross_validated(samples: Sequence[_Sample], start: Model) -> tuple[list[Outcome], float]:
    """Outcomes of each fold judged by a model that never saw its sites, and the temperature that calibrates them."""
    fold_of = folds([s.judged.label.site for s in samples])
    tested: list[tuple[_Sample, Model]] = []
    for fold in range(FOLDS):
        known = [s for s in samples if fold_of[s.judged.label.site] != fold]
        model = _fitted(known, start)
        tested += [(s, model) for s in samples if fold_of[s.judged.label.site] == fold]
    temperature = min(TEMPERATURES, key=lambda t: _surprise(tested, t))
    return [_outcome(s, _rebuilt(model, temperature=temperature)) for s, model in tested], temperature


def _surprise(tested: Sequence[tuple[_Sample, Model]], temperature: float) -> float:
    """Summed negative log probability of the true modes."""
    import math

    total = 0.0
    for sample, model in tested:
        if sample.fired is not None:
            chances = chances_of(_evidence(sample.fired, model), _rebuilt(model, temperature=temperature))
            total -= math.log(max(mode_chances(chances)[sample.judged.label.mode], 1e-9))
    return total


def _outcome(sample: _Sample, model: Model) -> Outcome:
    link = sample.judged.link
    if sample.fired is None or link is None:
        return outcome(sample.judged)
    verdict = judge(_evidence(sample.fired, model), model, at=link.last_seen)
    return outcome(replace(sample.judged, verdict=verdict))


def _evidence(fired: dict[str, str], model: Model) -> list[Evidence]:
    return [
        Evidence(signal=name, channel=channel, weight=weight, detail=detail)
        for name, detail in fired.items()
        for channel, weight in model.weights.get(name, {}).items()
    ]


def _rebuilt(model: Model, **changes: Any) -> Model:
    fields = {name: getattr(model, name) for name in model.__struct_fields__}
    return Model(**fields | changes)


def _fitted(samples: Sequence[_Sample], start: Model) -> Model:
    """The model whose weights make the labels most probable, each drawn to its start."""
    import numpy as np
    from scipy.optimize import minimize

    found = [s for s in samples if s.fired is not None]
    fired = np.array([[name in (s.fired or {}) for name in _NAMES] for s in found], dtype=np.float64)
    true = np.array([[c in outcome(s.judged).channels for c in _CHANNELS] for s in found], dtype=np.float64)
    weights = np.array([[start.weights[name].get(c, 0.0) for c in _CHANNELS] for name in _NAMES])
    # A channel that no label is of keeps its hand-set weights and prior: nothing is known to move them by.
    taught = true.any(axis=0)
    allowed = np.array([[c in start.weights[name] for c in _CHANNELS] for name in _NAMES]) & taught
    priors = np.array([start.priors[c] for c in _CHANNELS])
    size = int(allowed.sum())
    labels_of = Counter(s.judged.label.site for s in found)
    share_of = np.array([labels_of[s.judged.label.site] ** -SITE_SHARE for s in found])
    share_of *= len(found) / share_of.sum()

    def unpack(point: "Array") -> tuple["Array", "Array"]:
        table = weights.copy()
        table[allowed] = point[:size]
        return table, point[size:]

    def loss(point: "Array") -> tuple[float, "Array"]:
        table, bias = unpack(point)
        chances = _softmax(fired @ table + bias)
        right = (chances * true).sum(axis=1)
        error = (chances - chances * true / right[:, None]) * share_of[:, None]
        moved, shifted = point[:size] - weights[allowed], bias - priors
        value = (
            -(share_of * np.log(right)).sum() + 0.5 * PULL * (moved**2).sum() + 0.5 * PRIOR_PULL * (shifted**2).sum()
        )
        leaned = np.where(taught, error.sum(axis=0) + PRIOR_PULL * shifted, 0.0)
        slope = np.concatenate([(fired.T @ error)[allowed] + PULL * moved, leaned])
        return float(value), slope

    origin = np.concatenate([weights[allowed], priors])
    result = minimize(loss, origin, jac=True, method="L-BFGS-B", options={"maxiter": MAX_STEPS})
    table, bias = unpack(result.x)
    return _rebuilt(
        start,
        weights={
            name: {c: round(float(table[i, j]), 3) for j, c in enumerate(_CHANNELS) if c in start.weights[name]}
            for i, name in enumerate(_NAMES)
        },
        priors={c: round(float(bias[j]), 3) for j, c in enumerate(_CHANNELS)},
    )


def _softmax(scores: "Array") -> "Array":
    import numpy as np

    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares
