"""config/imports.toml: what vendors call their columns, keys of logs, referrers that are no pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from linkcrawler.config import load
from pipelines.tables.columns import folded

Field = Literal["url", "domain", "target", "since", "last", "lost"]
FIELDS: tuple[Field, ...] = ("url", "domain", "target", "since", "last", "lost")
DAYS: tuple[Field, ...] = ("since", "last", "lost")

_EXAMPLE = '[[vendor]] name = "moz", title = "Moz", has = ["url", "target url", "spam score"]'


class Vendor(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A program whose exports are known by their columns; one with several forms of export stands several times."""

    name: str
    title: str
    has: list[str]
    columns: dict[Field, list[str]] = {}


class Referrers(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    search: frozenset[str]
    search_names: frozenset[str]
    spam: frozenset[str]
    spam_words: tuple[str, ...]
    sprayed: int
    bots: tuple[str, ...]


class LogKeys(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    referrer: tuple[str, ...]
    time: tuple[str, ...]
    path: tuple[str, ...]
    host: tuple[str, ...]
    agent: tuple[str, ...]
    client: tuple[str, ...]


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    columns: dict[Field, list[str]]
    vendor: list[Vendor]
    referrers: Referrers
    log: LogKeys


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    columns: Mapping[Field, tuple[str, ...]]
    """Folded names, best first."""
    vendors: tuple[Vendor, ...]
    referrers: Referrers
    log: LogKeys


@cache
def load_vocabulary() -> Vocabulary:
    """Raises ConfigError if the file does not fit."""
    file = load("imports.toml", _File, _EXAMPLE)
    return Vocabulary(
        columns={field: tuple(map(folded, file.columns.get(field, ()))) for field in FIELDS},
        vendors=tuple(file.vendor),
        referrers=file.referrers,
        log=file.log,
    )


def titles() -> dict[str, str]:
    """What people call an origin, by its name."""
    others = {"generic": "an export", "by hand": "an export", "list": "a list", "access log": "the server's log"}
    return others | {vendor.name: vendor.title for vendor in load_vocabulary().vendors}
