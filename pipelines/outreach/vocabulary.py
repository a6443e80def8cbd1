"""config/outreach.toml: names of columns, words in them, and what a contact tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar

import msgspec

from linkcrawler.config import config_dir, load
from linkcrawler.errors import ConfigError
from linkcrawler.vocabulary import Channel
from pipelines.outreach.contact import Stage
from pipelines.tables.columns import folded

Field = Literal[
    "url", "domain", "target", "contacted", "placed", "date", "replied", "status", "channel", "anchor", "cost", "email"
]
FIELDS: tuple[Field, ...] = (
    "url", "domain", "target", "contacted", "placed", "date", "replied", "status", "channel", "anchor", "cost", "email",
)  # fmt: skip

SIGNALS = (
    "outreach-placed", "outreach-placed-on-site", "outreach-replied", "outreach-contacted", "outreach-after",
    "outreach-order-open", "outreach-called-organic", "outreach-never-contacted",
)  # fmt: skip

M = TypeVar("M")

_EXAMPLE = '[signal.outreach-replied] weight = 2.5, why = "..."'


class System(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A program whose exports are known by their columns."""

    name: str
    has: list[str]
    rows: Stage
    columns: dict[Field, list[str]] = {}


class Signal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What one kind of contact tells."""

    why: str
    weight: float = 0.0
    speaks: dict[Channel, float] = {}


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    mail_hosts: list[str]
    columns: dict[Field, list[str]]
    system: list[System]
    stages: dict[Stage, list[str]]
    channels: dict[Channel, list[str]]
    signal: dict[str, Signal]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    mail_hosts: frozenset[str]
    columns: Mapping[Field, tuple[str, ...]]
    """Folded names, best first."""
    systems: tuple[System, ...]
    stages: Mapping[str, Stage]
    channels: Mapping[str, Channel]
    signals: Mapping[str, Signal]


@cache
def load_vocabulary() -> Vocabulary:
    """Raises ConfigError if the file does not fit, or if its signals are not those that the joining knows."""
    file = load("outreach.toml", _File, _EXAMPLE)
    path = config_dir() / "outreach.toml"
    for name in sorted(file.signal.keys() ^ set(SIGNALS)):
        problem = "no rule has this name" if name in file.signal else "the entry is missing"
        raise ConfigError(f"{path}: signal.{name}: {problem}; a right entry looks like: {_EXAMPLE}")
    return Vocabulary(
        mail_hosts=frozenset(file.mail_hosts),
        columns={field: tuple(map(folded, file.columns.get(field, ()))) for field in FIELDS},
        systems=tuple(file.system),
        stages=dict(_meanings(file.stages.items(), "stages")),
        channels=dict(_meanings(file.channels.items(), "channels")),
        signals=file.signal,
    )


def _meanings(entries: Iterable[tuple[M, list[str]]], where: str) -> dict[str, M]:
    found: dict[str, M] = {}
    for meaning, words in entries:
        for word in map(folded, words):
            if word in found:
                raise ConfigError(
                    f"{config_dir() / 'outreach.toml'}: {where}: {word!r} stands under {found[word]} and {meaning}; "
                    "leave it under one"
                )
            found[word] = meaning
    return found
