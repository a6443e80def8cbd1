"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    """It works, and may disappoint."""
    FAIL = "fail"
    """It will not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    detail: str
    remedy: str = ""
    """What to do; empty if nothing need be done."""


def ok(what: str, detail: str) -> Finding:
    return Finding(Level.OK, what, detail)


def warn(what: str, detail: str, remedy: str) -> Finding:
    return Finding(Level.WARN, what, detail, remedy)


def fail(what: str, detail: str, remedy: str) -> Finding:
    return Finding(Level.FAIL, what, detail, remedy)
