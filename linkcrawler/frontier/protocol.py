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


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to fetch one URL until it is acknowledged or the lease runs out."""

    token: str
    candidate: Candidate
    attempt: int = 1


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

    @property
    def pending(self) -> int:
        """What must come to an end before the crawl may."""
        return self.leased + (0 if self.budget_spent else self.queued)


@dataclass(frozen=True, slots=True)
class Begun:
    resumed: bool
    """True if an unfinished crawl goes on, False if a new round begins."""
    pending: int


class Frontier(Protocol):
    """One crawl's frontier. All methods are quick; a backend on the network answers from what it prefetched."""

    def begin(self, *, restart: bool = False) -> Begun:
        """Go on with an unfinished crawl of the same plan, or begin a new round."""
        ...

    def admit(self, batch: Sequence[Candidate]) -> Admitted:
        """Queue what is new."""
        ...

    def reserve(self) -> Lease | None:
        """The next URL whose host may be asked now; None if there is none yet."""
        ...

    def ack(self, lease: Lease, *, fetched: bool = True, delay: float | None = None) -> None:
        """The visit is stored and its links are admitted.

        ``fetched`` is False where the page was never asked for (robots.txt): it does not count against the budget.
        ``delay`` (seconds) overrides the host's for the next request.
        """
        ...

    def nack(self, lease: Lease, *, reason: str, retry_after: float = 0.0) -> bool:
        """The fetch failed: queue it again after ``retry_after`` seconds. False if it was given up as dead."""
        ...

    def status(self) -> Status: ...

    def finish(self) -> None:
        """Note that the crawl came to its end, so that the same command begins a new round."""
        ...

    def close(self) -> None: ...
