"""What is known of links before they are followed, learned from those that were.

Each link belongs to several groups: where it stands on its page (tag path), what it says (anchor), how its address is
made, whether it stays on its host, and whether the page and the host it stands on hold hits themselves.
"""

from collections.abc import Iterable, Iterator
from math import log2
from zlib import crc32

from linkcrawler.focus.levels import PER_DOUBLING, base_rate, clamped, host_level, level
from linkcrawler.frontier.protocol import Lease
from linkcrawler.urls import host_of

GROUP_STRENGTH = 40.0
"""Pages of a group that count as much as what was expected of it."""
MOST_GROUPS = 50_000
"""Those met longest ago are forgotten: each takes 320 bytes."""
LOWEST_PRIORITY, HIGHEST_PRIORITY = -8, 8
"""Seeds have 10."""

LOWEST_GROUP, HIGHEST_GROUP = -4.0, 6.0

_SAME_HOST, _FROM_HIT, _FROM_LINKER = 1, 2, 4
_ORIGINS = 8
_PRIOR = {origin: 4.0 if origin & _FROM_HIT else 2.0 if origin & _FROM_LINKER else 1.0 for origin in range(_ORIGINS)}
"""How much likelier by where a link comes from, before anything is known: pages that link to the target tend to lead to
others that do (topical locality)."""
_ELSEWHERE, _HERE, _ANCHOR = 1 << 12, 1 << 13, 1 << 14
_NO_DIGITS = {ord(digit): None for digit in "0123456789"}
LONGEST_NAME = 20

Group = int | str
"""Numbers: an origin, a tag path, an anchor. Texts: the shape of an address, alone and with its host; host and path."""


def hint_of(trail: str, anchor: str, *, same_host: bool, from_hit: bool, from_linker: bool) -> int:
    """The groups of a link that its address does not tell, as one number below 2^27, the same in every process."""
    origin = same_host * _SAME_HOST | from_hit * _FROM_HIT | from_linker * _FROM_LINKER
    return origin | (crc32(trail.encode()) & 0xFFF) << 3 | (crc32(anchor.encode("utf-8", "replace")) & 0xFFF) << 15


class LinkFocus:
    """One worker's knowledge of link groups. Levels of a group are beyond what its host and other groups explain."""

    def __init__(self) -> None:
        self._seen: dict[Group, tuple[float, float]] = {}
        """Hits, and hits expected."""
        self._levels: dict[Group, float] = {origin: PER_DOUBLING * log2(prior) for origin, prior in _PRIOR.items()}
        self._hits = self._tries = 0

    def priority(self, url: str, host: str, hint: int) -> int:
        """Higher for links that are likelier to lead to a hit than other links to the same host."""
        known = self._levels.get
        found = round(sum([known(group, 0.0) for group in _groups(url, host, hint)]))
        return max(LOWEST_PRIORITY, min(HIGHEST_PRIORITY, found))

    def order(
        self, urls: Iterable[str], places: Iterable[tuple[str, str]], lease: Lease, *, hit: bool
    ) -> Iterator[tuple[int, int]]:
        """Priority and hint of each of the ``urls``. They stand at ``places`` (tag path, anchor) of the leased page,
        and ``hit`` says whether that page links to the target."""
        home, from_linker = host_of(lease.candidate.url), hit or lease.host_hits > 0
        for url, place in zip(urls, places, strict=True):
            host = host_of(url)
            hint = hint_of(*place, same_host=host == home, from_hit=hit, from_linker=from_linker)
            yield self.priority(url, host, hint), hint

    def note(self, lease: Lease, *, hit: bool) -> None:
        """Learn from the page that was leased."""
        url, hint = lease.candidate.url, lease.candidate.hint
        base = base_rate(self._hits, self._tries)
        if not lease.candidate.depth:
            # Chosen by someone who may know what it holds: no sample of anything but of the pages beside it.
            groups: tuple[Group, ...] = (f"{host_of(url)}{shape_of(url)}",)
        else:
            groups = _groups(url, host_of(url), hint)
        levels = [self._levels.get(group, 0.0) for group in groups]
        whole = clamped(host_level(lease.host_hits, lease.host_tries, base)) + sum(levels)
        for group, own in zip(groups, levels, strict=True):
            # What was to be expected but for this group: the groups share out what they explain together.
            chance = min(0.95, base * 2.0 ** ((whole - own) / PER_DOUBLING))
            hits, expected = self._seen.pop(group, (0.0, 0.0))
            hits, expected = hits + hit, expected + chance
            self._seen[group] = hits, expected
            strength = GROUP_STRENGTH * base
            prior = _PRIOR[group] if isinstance(group, int) and group < _ORIGINS else 1.0
            found = level(hits + strength * (prior - 1.0), expected, strength)
            self._levels[group] = max(LOWEST_GROUP, min(HIGHEST_GROUP, found))
        if lease.candidate.depth:
            self._hits += hit
            self._tries += 1
        while len(self._seen) > MOST_GROUPS:
            oldest = next(iter(self._seen))
            del self._seen[oldest], self._levels[oldest]


def _groups(url: str, host: str, hint: int) -> tuple[Group, ...]:
    origin, trail, anchor, shape = hint & 7, hint >> 3 & 0xFFF, hint >> 15, shape_of(url)
    if not origin & _SAME_HOST:
        return (origin, _ELSEWHERE | trail, shape)
    return (origin, _HERE | trail, _ANCHOR | anchor, shape, f"{host} {trail}", f"{host}{shape}")


def shape_of(url: str) -> str:
    """How a canonical address is made: its path without digits and titles, its arguments without digits.

    >>> shape_of("https://example.org/blog/2024/05/how-to-mend-it.html")
    '/blog////*'
    """
    path, arguments, _ = url[url.find("/", 8) :].partition("?")
    folder, _, name = path.rpartition("/")
    if len(name) > LONGEST_NAME or "-" in name or "_" in name:
        name = "*"
    return f"{folder}/{name}{arguments}".translate(_NO_DIGITS)
