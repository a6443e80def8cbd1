"""What passes between the patterns and the store."""

from dataclasses import dataclass

VERSION = "2"
"""Of the keys: links traced by another version are traced again."""

UNKNOWN = "-"
"""In a mark: the day on which the link appeared is not known closely enough."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one link may share with others."""

    link: str
    stamp: str
    """Names what the trace was made of; once the link's differs, it is due again."""
    marks: tuple[str, ...]
    """Each ``key site more``: the key names what may be shared (its first letter is the pattern's), ``site`` the
    source site, ``more`` the day of appearance (days since 0001-01-01, six digits) or what the pattern needs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a pattern found for one link."""

    signal: str
    detail: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """One mark as the store counts it."""

    mark: str
    links: int


def mark(key: str, site: str, more: str = UNKNOWN) -> str:
    return f"{key} {site} {more}"
