"""Levels: how much likelier than the average page of the crawl a page is to hold a hit, in half powers of two.

A rate that few pages speak for is shrunk towards what was to be expected, so that the first lucky host does not
swallow the crawl: greedy order by bare rates finds less than breadth-first order does.
"""

from math import log2

PER_DOUBLING = 2
LOWEST, HIGHEST = -8, 12

HOST_STRENGTH = 3.0
"""Pages of a host that count as much as what was expected of it."""
PATIENCE = 50
"""Pages in a row without a hit until a host comes after all others that were not given up so."""
GIVEN_UP = 64
EXPLORED = 10
"""Every so many turns, one goes to a host regardless of its level."""


def base_rate(hits: int, tries: int) -> float:
    """Share of pages that hold a hit, 1 in 200 before the first was fetched, 1 in 50 at most: where more do, seeds are
    the reason, and what is known of a host should count for more."""
    return min(0.02, (hits + 1.0) / (tries + 200.0))


def level(seen: float, expected: float, strength: float) -> float:
    """Level of ``seen`` hits where ``expected`` were, shrunk by as many expected hits as ``strength``."""
    return PER_DOUBLING * log2((seen + strength) / (expected + strength))


def host_level(hits: int, tries: int, base: float) -> float:
    """What a host's own pages say of its next one. ``frontier/redis/prelude.lua`` has the same formula."""
    return level(hits, tries * base, HOST_STRENGTH * base)


def host_rank(priority: int, hits: int, tries: int, dry: int, base: float) -> int:
    """Order of hosts that may be asked now, higher first.

    ``priority`` is that of the URL which comes next there, ``dry`` its pages in a row without a hit.
    """
    rank = priority + clamped(host_level(hits, tries, base))
    return rank - GIVEN_UP if dry >= PATIENCE else rank


def clamped(value: float) -> int:
    return max(LOWEST, min(HIGHEST, round(value)))
