"""The model: what each signal weighs for each channel, the priors, the calibration. Read from JSON, checked by name."""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import msgspec

from linkcrawler import __version__
from linkcrawler.config import config_dir
from linkcrawler.errors import ConfigError
from linkcrawler.vocabulary import Channel

_NOT_GATHERING = ("dating.toml", "engines.toml", "imports.toml", "redirectors.toml", "regions.toml", "signals.toml")
"""What is read before links are stored, verdicts resting on the stored records; and what training starts from."""

_UNKNOWN_THEN = {Channel.AUTOMATIC: -30.0}
"""Channels that came after the first models: a model without a prior for them gets one by which it never names them."""

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
    config: str = ""
    """Digest of the configuration that evidence is gathered by: in a file that of its writing, once read today's."""
    config_then: str = ""
    """The digest of the file's writing where today's is another; known once read, not written."""
    doubt: float = 1.0
    """Probability of undetermined from which on no other mode is named."""
    position: tuple[str, ...] = msgspec.field(default_factory=lambda: _position_signals())
    """Signals that weigh but support no passive verdict; in a file those of its writing, once read today's."""

    @cached_property
    def core_id(self) -> str:
        """Version, and a digest of what turns evidence into a verdict."""
        known = {channel: prior for channel, prior in self.priors.items() if _UNKNOWN_THEN.get(channel) != prior}
        core = msgspec.json.encode(
            (known, self.weights, self.temperature, self.bar, self.conflict, self.doubt), order="sorted"
        )
        return f"{self.version}-{hashlib.blake2b(core, digest_size=4).hexdigest()}"

    @cached_property
    def silent_scores(self) -> dict[Channel, float]:
        """The score of each channel that no evidence names, tempered."""
        return {channel: self.priors[channel] / self.temperature for channel in Channel}

    @cached_property
    def id(self) -> str:
        """``core_id``, and a digest of what evidence is gathered by: two verdicts of one id are the same."""
        return f"{self.core_id}-{self.config}" if self.config else self.core_id


def _position_signals() -> tuple[str, ...]:
    # Not above: the catalogue lies in the package that weighs evidence with this model.
    from pipelines.evidence.catalogue import position_signals

    return position_signals()


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
    priors = _UNKNOWN_THEN | model.priors
    if missing := sorted(set(Channel) - priors.keys()):
        check.fail(f"priors: {missing[0]} is missing")
    if model.temperature <= 0:
        check.fail(f"temperature must be above 0, got {model.temperature}")
    today = config_digest()
    then = model.config if model.config != today else ""
    return msgspec.structs.replace(model, priors=priors, config=today, config_then=then, position=_position_signals())


@cache
def config_digest() -> str:
    """8 hex digits that name this release and every file under config/ by which evidence is gathered."""
    folder = config_dir()
    digest = hashlib.blake2b(__version__.encode(), digest_size=4)
    digest.update(" ".join(_position_signals()).encode())
    for path in sorted(folder.rglob("*.toml")):
        if path.name not in _NOT_GATHERING:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()


def save_model(model: Model, path: Path) -> None:
    """Write the model as readable JSON, signals and channels in alphabetical order."""
    written = msgspec.to_builtins(msgspec.structs.replace(model, config=model.config or config_digest()))
    del written["config_then"]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(written, order="sorted"), indent=1) + b"\n")
