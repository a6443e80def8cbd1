"""A page's outgoing links in order, short enough to be kept with every visit: what tells a listing that moved on."""

from collections.abc import Iterable
from itertools import islice

from linkcrawler.urls import digest

ITEM = 6
"""Hex digits per link: among 200 links, two of different pages meet once in 400 outlines."""
MAX_ITEMS = 200
STAYED = 3
"""With fewer, two links that changed places look like a listing that moved on."""


def outline(links: Iterable[str]) -> str:
    """The first 200 of these canonical addresses, six hex digits each.

    >>> len(outline(["https://example.org/", "https://example.com/"]))
    12
    """
    return "".join(map(item, islice(links, MAX_ITEMS)))


def item(url: str) -> str:
    """What stands in an outline for a canonical address."""
    return digest(url)[:ITEM]


def items(text: str) -> list[str]:
    """An outline taken apart again."""
    return [text[at : at + ITEM] for at in range(0, len(text), ITEM)]


def rolled_off(before: str, after: str, url: str) -> bool:
    """Whether newer items pushed the link to ``url`` off the end of a listing.

    ``before`` and ``after`` are outlines with and without it. It must have gone with everything of the listing that
    stood below it, and above it as many items or more must have been put in where nothing was taken away, three items
    that stayed above it or more.
    """
    old, new, gone = items(before), items(after), item(url)
    if gone not in old:
        return False
    place, kept = old.index(gone), set(new)
    tail = [one for one in old[place:] if one not in kept]
    together = tail == old[place : place + len(tail)]
    return together and _inserted(old[:place], new) >= len(tail)


def _inserted(above: list[str], new: list[str]) -> int:
    """How many items of ``new`` stand between two that stood side by side in ``above``, or before its first one."""
    place = {one: at for at, one in enumerate(above)}
    left = sum(one in place for one in new)
    count, fresh, last = 0, 0, -1
    for one in new:
        if one not in place:
            fresh += 1
            continue
        if place[one] == last + 1 and left >= STAYED:
            count += fresh
        fresh, last, left = 0, place[one], left - 1
    return count
