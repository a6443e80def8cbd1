"""Where seeds come from: pages that an export, a server's log, a sitemap or the store itself names."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from linkcrawler.urls import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSeed:
    """That somebody names a page as one to look at, and what they say of its link.

    The days are the origin's word, not ours: they bound when the link can have appeared, and are no sighting.
    """

    url: str
    """Canonical."""
    origin: str
    """Who says so: the program that wrote an export, ``access log``, ``sitemap``, ``co-citation`` ..."""
    source: str
    """Name of the file, address of the sitemap or feed, or what an expansion started from."""
    row: int = 0
    """Line of the file; 0 where there are none."""
    target: str
    """The watched target, as ``-a target=`` takes it."""
    target_url: str = ""
    """Canonical address that the page is said to link to; empty if the origin does not say."""
    since: date | None = None
    """The link stood there by this day."""
    last: date | None = None
    """It still did on this day."""
    lost: date | None = None
    """It no longer did on this day."""
    noted_at: datetime

    @property
    def id(self) -> str:
        """What is told again is kept once, with the widest days."""
        return digest(self.origin, self.source, self.url, self.target, self.target_url)


class SeedStore(Protocol):
    """``Store.seeds`` of every backend."""

    async def put(self, seeds: Sequence[KnownSeed]) -> int:
        """Store what is new; returns how many are. What is known keeps the earliest ``since``, ``row`` and ``noted_at``
        and the latest ``last`` and ``lost``."""
        ...

    def all(self) -> AsyncIterator[Sequence[KnownSeed]]:
        """Batches, ordered by origin, source and address."""
        ...

    async def of_pages(self, urls: Collection[str]) -> list[KnownSeed]:
        """What is known of these pages, ordered by id."""
        ...

    async def forget(self, origin: str, source: str) -> int:
        """Delete the seeds of one source; returns how many these were."""
        ...

    async def visited(self, urls: Collection[str]) -> Mapping[str, str]:
        """Those of the addresses that were asked for, with the address that the newest visit led to; else empty."""
        ...

    async def links_on(self, urls: Collection[str]) -> Mapping[str, int]:
        """The number of links that are stored of each page; pages without any are left out."""
        ...
