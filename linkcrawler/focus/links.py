"""What is known of links before they are followed, learned from those that were.

Each link belongs to several groups: where it stands on its page (tag path), what it says (anchor), how its address is
made, whether it stays on its host, and whether the page and the host it stands on hold hits themselves.
"""

import re
from urllib.parse import urlsplit
from zlib import crc32

from linkcrawler.focus.levels import PER_DOUBLING, base_rate, clamped, host_level, level

GROUP_STRENGTH = 40.0
"""Pages of a group that count as much as what was expected of it."""
MOST_GROUPS = 200_000
LOWEST_PRIORITY, HIGHEST_PRIORITY = -8, 8
"""Seeds have 10."""

_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^/?&=]*[-_][^/]*")
_SAME_HOST, _FROM_HIT, _FROM_LINKER = 1, 2, 4
_PRIOR = {_FROM_HIT: 4.0, _FROM_LINKER: 2.0, _FROM_HIT | _FROM_LINKER: 4.0}
"""Before anything is known: pages that link to the target tend to lead to others that do (topical locality)."""

Group = tuple[str, int] | tuple[str, int, str]


def hint_of(trail: str, anchor: str, *, same_host: bool, from_hit: bool, from_linker: bool) -> int:
    """The groups of a link that its address does not tell, as one number below 2^27, the same in every process."""
    origin = same_host * _SAME_HOST | from_hit * _FROM_HIT | from_linker * _FROM_LINKER
    return origin | (crc32(trail.encode()) & 0xFFF) << 3 | (crc32(anchor.encode("utf-8", "replace")) & 0xFFF) << 15


class LinkFocus:
    """One worker's knowledge of link groups. Levels of a group are beyond what its host and other groups explain."""

    def __init__(self) -> None:
        self._seen: dict[Group, tuple[float, float]] = {}
        """Hits, and hits expected."""
        self._levels: dict[Group, float] = {}
        self._hits = self._tries = 0

    def priority(self, url: str, host: str, hint: int) -> int:
        """Higher for links that are likelier to lead to a hit than other links to the same host."""
        found = sum(self._level(group) for group in _groups(url, host, hint))
        return max(LOWEST_PRIORITY, min(HIGHEST_PRIORITY, round(found)))

    def note(self, url: str, host: str, hint: int, *, hit: bool, host_hits: int, host_tries: int) -> None:
        """Learn from a page; the host's counts are those before it."""
        base = base_rate(self._hits, self._tries)
        groups = _groups(url, host, hint)
        levels = [self._level(group) for group in groups]
        whole = clamped(host_level(host_hits, host_tries, base)) + sum(levels)
        for group, own in zip(groups, levels, strict=True):
            # What was to be expected but for this group: the groups share out what they explain together.
            chance = min(0.95, base * 2.0 ** ((whole - own) / PER_DOUBLING))
            hits, expected = self._seen.pop(group, (0.0, 0.0))
            hits, expected = hits + hit, expected + chance
            self._seen[group] = hits, expected
            strength = GROUP_STRENGTH * base
            self._levels[group] = max(-4.0, min(6.0, level(hits + strength * (_prior(group) - 1), expected, strength)))
        self._hits += hit
        self._tries += 1
        while len(self._seen) > MOST_GROUPS:
            oldest = next(iter(self._seen))
            del self._seen[oldest], self._levels[oldest]

    def _level(self, group: Group) -> float:
        known = self._levels.get(group)
        return level(_prior(group) - 1.0, 0.0, 1.0) if known is None else known


def _groups(url: str, host: str, hint: int) -> tuple[Group, ...]:
    origin, trail, anchor = hint & 7, hint >> 3 & 0xFFF, hint >> 15
    shape = crc32(shape_of(url).encode("utf-8", "replace"))
    if not origin & _SAME_HOST:
        return (("origin", origin), ("trail", trail << 1), ("shape", shape))
    return (
        ("origin", origin), ("trail", trail << 1 | 1), ("anchor", anchor), ("shape", shape),
        ("trail", trail, host), ("shape", shape, host),
    )  # fmt: skip


def _prior(group: Group) -> float:
    return _PRIOR.get(group[1] & ~_SAME_HOST, 1.0) if group[0] == "origin" else 1.0


def shape_of(url: str) -> str:
    """How an address is made: its path without numbers and titles, and whether it has arguments.

    >>> shape_of("https://example.org/blog/2024/05/how-to-mend-it.html")
    '/blog/0/0/*'
    """
    parts = urlsplit(url)
    path = _NUMBERS.sub("0", _WORDS.sub("*", parts.path))
    return f"{path}?" if parts.query else path
