"""The frontier protocol: what a backend promises, whoever asks.

The life of a URL:

    admit ──► queued ──reserve──► leased ──ack──► done
                 ▲                   │
                 └──nack, lease lost─┴──after too many──► dead

A URL is admitted once per crawl (the backend deduplicates exactly). A host has at most one lease at a time, and the
next one is granted no earlier than its delay after the last ended. A lease that is neither acknowledged nor
renewed goes back to the queue. Children of a page are admitted before the page is acknowledged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """A URL that someone wants fetched, with the hints that order it."""

    url: str
    """Canonical."""
    depth: int = 0
    priority: int = 0
    """Higher is earlier within a host."""
    chain: tuple[str, ...] = ()
    """The redirects that led here, oldest first."""
    spelled: str = ""
    """The address to ask for, where it differs from the canonical one: some servers tell ``?b=1&a=2`` from
    ``?a=2&b=1``."""
    hint: int = 0
    """What the link's page told of it (:func:`linkcrawler.focus.links.hint_of`); comes back with the lease."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to fetch one URL until it is acknowledged or the lease runs out."""

    token: str
    candidate: Candidate
    attempt: int = 1
    host_hits: int = 0
    """Pages of the host that held a hit, of ``host_tries`` that were read, by all workers."""
    host_tries: int = 0


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of a batch: kept + sum(refused.values()) equals its length."""

    kept: int
    refused: Mapping[str, int] = field(default_factory=dict)
    """Count by Refusal."""


@dataclass(frozen=True, slots=True)
class Status:
    queued: int
    leased: int
    done: int
    dead: int
    ready_in: float | None
    """Seconds until a host may be asked; 0 if one may now, None if nothing is queued on a free host."""
    budget_spent: bool = False
    """True if the crawl's page budget allows no further fetch."""
    ready_hosts: int = 0
    """Hosts that could be asked now, if someone had the time (shared frontier)."""

    @property
    def pending(self) -> int:
        """What must come to an end before the crawl may."""
        return self.leased + (0 if self.budget_spent else self.queued)


@dataclass(frozen=True, slots=True)
class Begun:
    resumed: bool
    """True if an unfinished crawl goes on, False if a new round begins."""
    pending: int


class Ended(StrEnum):
    """How a lease that is acknowledged came to its end."""

    FETCHED = "done"
    SKIPPED = "skipped"
    """The page was never asked for (robots.txt): it does not count against the budget."""
    FAILED = "failed"
    """The host gave no usable answer: it is left alone for longer each time."""


class Frontier(Protocol):
    """One crawl's frontier. ``reserve`` and ``status`` answer at once, from what a networked backend has prefetched;
    the others return when the change is made, however long a server is away."""

    @property
    def down(self) -> bool:
        """Whether the server behind it does not answer at present."""
        ...

    @property
    def lost(self) -> str:
        """Why this crawl can no longer go on here (it was begun anew or cleared elsewhere); empty while it can."""
        ...

    async def open(self) -> None:
        """Connect. Raises StoreError or UsageError if the frontier cannot be used."""
        ...

    async def begin(self, *, restart: bool = False) -> Begun:
        """Go on with an unfinished crawl of the same plan, or begin a new round."""
        ...

    async def admit(self, batch: Sequence[Candidate]) -> Admitted:
        """Queue what is new."""
        ...

    def reserve(self) -> Lease | None:
        """The next URL whose host may be asked now; None if there is none yet."""
        ...

    def ended(self, lease: Lease) -> None:
        """The request is over: the host's rest begins, while the page is still being read and stored."""
        ...

    async def ack(
        self,
        lease: Lease,
        children: Sequence[Candidate] = (),
        *,
        ended: Ended = Ended.FETCHED,
        hit: bool | None = None,
    ) -> Admitted:
        """The visit is stored: admit the links of its page, then let go of the lease. ``hit``: whether the page links
        to the target; None if it was not read."""
        ...

    async def nack(self, lease: Lease, *, reason: str, retry_after: float = 0.0, host_at_fault: bool = True) -> bool:
        """The fetch failed: queue it again, its host rests ``retry_after`` seconds at least. False if it was given up
        as dead."""
        ...

    async def release(self, lease: Lease, *, wait: float = 0.0) -> None:
        """Queue the URL again as if it had never been leased; its host rests ``wait`` seconds."""
        ...

    async def pace(self, host: str, delay: float) -> None:
        """Leave ``delay`` seconds between requests to a host from now on, if that is longer than the default."""
        ...

    async def borrow(self, host: str) -> bool:
        """Take a host's turn for a request that no queued URL stands for (robots.txt behind a redirect). False if the
        host is busy or rests; else :meth:`give_back` ends the turn."""
        ...

    async def give_back(self, host: str) -> None: ...

    def status(self) -> Status: ...

    async def drain(self, *, everything: bool = False) -> None:
        """Reserve nothing more and return the leases that nobody began to fetch; ``everything``: all of them."""
        ...

    async def finish(self) -> None:
        """Note that the crawl came to its end, so that the same command begins a new round."""
        ...

    async def close(self) -> None:
        """Return what is leased and disconnect."""
        ...
