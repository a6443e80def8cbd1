"""The model: what each signal weighs for each channel, the priors, the calibration. Read from JSON, checked by name."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from linkcrawler.config import config_dir
from linkcrawler.errors import ConfigError
from linkcrawler.vocabulary import Channel

_EXAMPLE = (
    '{"version": "1", "priors": {"unclear": 0.0}, "weights": {"rel-sponsored": {"sponsored": 3.0}}, '
    '"temperature": 1.0, "bar": 0.5}'
)


class Model(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, dict=True):
    """Log-odds per signal and channel, and what turns their sums into a verdict."""

    version: str
    trained: str = ""
    """ISO 8601 date; empty if the weights are hand-set."""
    data: dict[str, str | int] = {}
    """What it was trained on: file digests, number of labels and sites."""
    figures: dict[str, float] = {}
    """Cross-validated by site, as printed by training."""
    priors: dict[Channel, float]
    weights: dict[str, dict[Channel, float]]
    temperature: float
    """Sums are divided by it before they become probabilities: above 1 where raw sums are too sure."""
    bar: float
    """Log-odds that the winning mode's own evidence must reach; below, the verdict is undetermined."""
    conflict: float = 0.0
    """Probability that the winning mode must reach; below, its evidence conflicts with another's."""

    @cached_property
    def id(self) -> str:
        """Version, and a digest of everything that decides a verdict."""
        core = msgspec.json.encode(
            (self.priors, self.weights, self.temperature, self.bar, self.conflict), order="sorted"
        )
        return f"{self.version}-{hashlib.blake2b(core, digest_size=4).hexdigest()}"


@dataclass(frozen=True, slots=True)
class _Check:
    path: Path

    def fail(self, problem: str) -> None:
        raise ConfigError(f"{self.path}: {problem}; a right file looks like: {_EXAMPLE}")


def load_model(path: Path | None = None) -> Model:
    """Read a model file; config/model.json if none is named.

    Raises ConfigError if the file does not fit, names a signal that does not exist, or lacks a channel's prior.
    """
    # Not above: the catalogue lies in the package that weighs evidence with this model.
    from pipelines.evidence.catalogue import load_catalogue

    place = path or config_dir() / "model.json"
    check = _Check(place)
    try:
        model = msgspec.json.decode(place.read_bytes(), type=Model)
    except FileNotFoundError as error:
        raise ConfigError(f"{place}: the file is missing; restore it, or write one with: linkcrawler train") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{place}: {error}; a right file looks like: {_EXAMPLE}") from error
    if unknown := sorted(model.weights.keys() - load_catalogue().keys()):
        check.fail(f"weights.{unknown[0]}: no signal has this name")
    if missing := sorted(set(Channel) - model.priors.keys()):
        check.fail(f"priors: {missing[0]} is missing")
    if model.temperature <= 0:
        check.fail(f"temperature must be above 0, got {model.temperature}")
    return model


def save_model(model: Model, path: Path) -> None:
    """Write the model as readable JSON, signals and channels in alphabetical order."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(model, order="sorted"), indent=1) + b"\n")
