"""Folds the sorted marks of a store into groups: which sites share a key, since when. Flat memory."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from pipelines.patterns.records import UNKNOWN, Repeated

EXAMPLES = 3
_MEMBERS = 16
"""Sites of which the first day is kept one by one: for patterns whose groups are small."""
WEEK = 7
ACCOUNTS = "0:"
_ACCOUNT_MEMBERS = 64
"""More than an account may have before it counts as an agency's."""
COPIES = ("y:", "z:")
"""Keys of the buckets of copied texts, and of their dates."""


@dataclass(slots=True)
class Group:
    """The sites that share one key; sites in one hand count as one."""

    key: str
    sites: int = 0
    links: int = 0
    weeks: Counter[int] = field(default_factory=Counter)
    """Sites by the week of their first link, as far as it is known."""
    first: dict[str, int] = field(default_factory=dict)
    """First day by site, 0 if unknown; at most 16 sites."""
    members: list[tuple[str, str]] = field(default_factory=list)
    """Site and the rest of the mark: of accounts (cut) and of copied texts (a small part of all) only."""

    @property
    def target_id(self) -> str:
        return self.key.split(":")[1]

    @property
    def rest(self) -> str:
        return self.key.split(":")[-1]

    def named(self) -> str:
        names = [*self.first][:EXAMPLES]
        return ", ".join(names) + (" and others" if self.sites > len(names) else "")

    def densest(self) -> tuple[int, int]:
        """First week and number of sites of the two successive weeks that hold most."""
        counts = {week: self.weeks[week] + self.weeks[week + 1] for week in self.weeks}
        return max(counts.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))


class Hands:
    """Which sites are in one hand: those that share an account which few others have."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._leading = set[str]()

    def join(self, sites: Iterable[str]) -> None:
        first, *others = sites
        for other in others:
            low, high = sorted((self.of(first), self.of(other)))
            if low != high:
                self._parent[high] = low
                self._leading.add(low)

    def of(self, site: str) -> str:
        """The site that stands for all in its hand."""
        while (parent := self._parent.get(site)) is not None:
            site = parent
        return site

    def leads(self, site: str) -> bool:
        """Whether the site stands for others too."""
        return site in self._leading


class Bases:
    """What links to an address in all, as groups are measured against."""

    def __init__(self) -> None:
        self._by_target: dict[str, Group] = {}
        self._first, self._last = 0, 0

    @property
    def span(self) -> int:
        """Days from the first to the last link of all that are dated."""
        return (self._last - self._first) * WEEK

    def add(self, group: Group, least_sites: int) -> None:
        if group.weeks:
            self._first = min(self._first or min(group.weeks), *group.weeks)
            self._last = max(self._last, *group.weeks)
        if group.sites >= least_sites:
            group.first.clear()
            self._by_target[group.rest] = group

    def of(self, group: Group) -> Group:
        return self._by_target.get(group.target_id, group)


def enough(group: Group, base: Group, least: int, share: float) -> bool:
    """Whether more sites share this than chance explains."""
    return group.sites >= max(least, ceil(share * base.sites))


class Folding:
    """Takes sorted marks one by one and gives a group whenever one is complete."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._group: Group | None = None
        self._last = ""
        self._merged = set[str]()

    def feed(self, row: Repeated) -> Group | None:
        """The group that ended before this mark, if one did."""
        key, site, more = row.mark.split(" ", 2)
        done = None
        if self._group is None or self._group.key != key:
            done, self._group = self._group, Group(key)
            self._last = ""
            self._merged.clear()
        self._group.links += row.links
        if key.startswith(COPIES) or (key.startswith(ACCOUNTS) and len(self._group.members) < _ACCOUNT_MEMBERS):
            self._group.members.append((site, more))
        self._count(self._group, site, more)
        return done

    def end(self) -> Group | None:
        done, self._group = self._group, None
        return done

    def _count(self, group: Group, site: str, more: str) -> None:
        hand = self._hands.of(site)
        if hand == self._last or hand in self._merged:
            return
        self._last = hand
        if self._hands.leads(hand):
            self._merged.add(hand)
        group.sites += 1
        # A site's days are sorted, unknown first: a site that has an undated link too counts as undated.
        day = int(more) if more != UNKNOWN and not group.members else 0
        if day:
            group.weeks[day // WEEK] += 1
        if len(group.first) < _MEMBERS:
            group.first[site] = day
