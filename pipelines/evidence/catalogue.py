"""The signals by name: their functions, and what config/signals.toml says of each."""

from collections.abc import Callable
from functools import cache
from typing import Literal

import msgspec

from linkcrawler.config import config_dir, load
from linkcrawler.errors import ConfigError
from linkcrawler.vocabulary import Channel
from pipelines.evidence import (
    advertising,
    authorship,
    automatic,
    citation,
    crediting,
    declaration,
    lists,
    ownership,
    plumbing,
    press,
    services,
    user_content,
)
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

SignalFunction = Callable[[Scene, Tables], str | None]
"""What was found (the phrase, the attribute, the number); None if the signal does not fire."""

MODULES = (
    declaration, advertising, authorship, user_content, ownership, crediting, lists, citation, plumbing, services,
    press, automatic,
)  # fmt: skip

FUNCTIONS: dict[str, SignalFunction] = {
    name: function for module in MODULES for name, function in module.SIGNALS.items()
}

_EXAMPLE = '[signal.rel-sponsored] topic = "declaration", languages = "any", speaks = { sponsored = 3.0 }, why = "..."'


class SignalEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One signal of config/signals.toml."""

    topic: str
    languages: Literal["any", "lexicon"]
    speaks: dict[Channel, float]
    """Hand-set log-odds for each channel that it speaks for or against."""
    why: str
    position: bool = False
    """It says only where a link stands: it weighs, but no passive verdict rests on it (pipelines.verdicts.judge)."""


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    signal: dict[str, SignalEntry]


@cache
def load_catalogue() -> dict[str, SignalEntry]:
    """Read config/signals.toml. Raises ConfigError unless its names are exactly those of the functions."""
    entries = load("signals.toml", _File, _EXAMPLE).signal
    path = config_dir() / "signals.toml"
    for name in sorted(entries.keys() ^ FUNCTIONS.keys()):
        problem = "no function has this name" if name in entries else "the entry is missing"
        raise ConfigError(f"{path}: signal.{name}: {problem}; a right entry looks like: {_EXAMPLE}")
    for name, entry in entries.items():
        module = FUNCTIONS[name].__module__.rpartition(".")[2]
        if entry.topic != module or not entry.speaks or not entry.why:
            raise ConfigError(
                f"{path}: signal.{name}: topic must be {module!r}, speaks and why not empty; "
                f"a right entry looks like: {_EXAMPLE}"
            )
    return entries


def position_signals() -> tuple[str, ...]:
    """The signals that say only where a link stands, sorted."""
    return tuple(sorted(name for name, entry in load_catalogue().items() if entry.position))
