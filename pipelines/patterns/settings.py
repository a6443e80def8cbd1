"""config/patterns.toml: the limits, the word lists, and what each pattern speaks for."""

from functools import cache

import msgspec

from linkcrawler.config import config_dir, load
from linkcrawler.errors import ConfigError
from linkcrawler.vocabulary import Channel

_EXAMPLE = '[signal.burst] speaks = { sponsored = 0.7 }, why = "..."'

SIGNALS = (
    "owned-listed", "owner-id-of-target", "source-network", "repeated-anchor", "repeated-sentence", "repeated-comment",
    "repeated-commenter", "repeated-embed", "syndicated-text", "sitewide-block", "repeated-author", "burst",
    "inserted-later", "insertions-repeated", "reciprocal", "reciprocal-near", "link-ring",
)  # fmt: skip


class Limits(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """See the comments in the file and docs/patterns.md."""

    least_sites: int
    short_share: float
    long_share: float
    author_sites: int
    agency_sites: int
    sentence_words: int
    sentence_signs: int
    same_text_bits: int
    sitewide_pages: int
    burst_sites: int
    burst_share: float
    burst_lift: float
    old_page_days: int
    insertion_days: int
    reciprocal_days: int
    ring_days: int
    ring_sites: int
    known_within_days: int


class Words(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    generic: frozenset[str]
    no_author: frozenset[str]


class SignalEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    speaks: dict[Channel, float]
    """Log-odds for each channel."""
    why: str


class Settings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    limits: Limits
    words: Words
    signal: dict[str, SignalEntry]


@cache
def load_settings() -> Settings:
    """Read config/patterns.toml. Raises ConfigError unless its signals are exactly :data:`SIGNALS`."""
    settings = load("patterns.toml", Settings, _EXAMPLE)
    for name in sorted(settings.signal.keys() ^ set(SIGNALS)):
        problem = "no pattern has this name" if name in settings.signal else "the entry is missing"
        raise ConfigError(f"{config_dir() / 'patterns.toml'}: signal.{name}: {problem}; right: {_EXAMPLE}")
    return settings
