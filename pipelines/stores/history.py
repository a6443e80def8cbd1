"""What a store keeps of links over time: their visits, the events that follow from them, when a page is due again.

Events are derived after the visits are stored, page by page: ``put`` marks the pages whose visits tell of links, and
:meth:`HistoryStore.settle` derives what is marked. Whatever the order in which visits came, a page's events follow
from all its visits sorted by time.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkcrawler.records import DuePage, Event, Placement, Sighting
from pipelines.stores.fold import VisitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLink:
    """What a link's history needs to know beyond its visits."""

    id: str
    target_url: str
    target: str
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is kept of one page's past."""

    url: str
    visits: tuple[VisitRow, ...]
    """Those from ``told_until`` on, by time, then id."""
    links: Mapping[str, KnownLink]
    told_until: datetime | None = None
    """Earlier visits were forgotten, and what they told stands; None: nothing was forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """When a page is due again, and what the next visit may ask with."""

    interval: int
    """Seconds between visits, as the page's changes suggest."""
    next_due: datetime
    etag: str = ""
    last_modified: str = ""
    validated_at: datetime | None = None
    """Time of the visit that both came with: a 304 says that the page is as it was then."""


Derive = Callable[[History], tuple[Sequence[Event], Outlook]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to read; every field left empty lets everything pass."""

    since: datetime | None = None
    """Inclusive, of ``Event.at``."""
    until: datetime | None = None
    """Inclusive."""
    kinds: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    target: str = ""
    link: str = ""
    source_url: str = ""
    limit: int = 0
    """0: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A target that is watched for a project."""

    target: str
    """Domain, host or address prefix, as ``-a target=`` takes it."""
    project: str = ""
    owned: tuple[str, ...] = ()
    """Sites that belong to it."""
    brands: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    """Other targets to compare it with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A record that could not be stored, kept so that it can be looked at."""

    id: str
    at: datetime
    url: str
    reason: str
    record: str
    """JSON, cut to 100,000 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    visits: int
    events: int


class HistoryStore(Protocol):
    """``Store.history`` of every backend."""

    async def settle(self, derive: Derive, *, now: datetime, most: int = 200) -> int:
        """Derive the events and the outlook of up to ``most`` marked pages; how many there were.

        ``now`` is noted on events that are new. A page that is visited meanwhile stays marked.
        """
        ...

    def events(self, where: EventFilter) -> AsyncIterator[Sequence[Event]]:
        """Batches of events, ordered by time, then id."""
        ...

    async def visits(self, url: str, *, most: int) -> list[VisitRow]:
        """The newest visits of a page, newest first."""
        ...

    async def unsent(
        self, channel: str, kinds: Collection[str], *, target: str, noted_from: datetime, most: int
    ) -> list[Event]:
        """Events noted since ``noted_from`` that ``channel`` has not been sent, oldest note first."""
        ...

    async def mark_sent(self, channel: str, events: Collection[str]) -> None:
        """Note that ``channel`` has confirmed these event ids."""
        ...

    async def due_pages(self, targets: Collection[str], *, by: datetime, most: int = 0) -> list[DuePage]:
        """Pages with links to any of the targets that are due by then, the longest due first; ``most`` 0: all."""
        ...

    async def known_pages(self, urls: Collection[str]) -> list[DuePage]:
        """Those of these addresses that have or had links, ordered by address."""
        ...

    async def standing(self, url: str) -> tuple[Sighting, ...]:
        """The links of a page as they were found by the visit that its ``etag`` and ``last_modified`` came with."""
        ...

    async def placements(self, url: str) -> list[Placement]:
        """All placements on a page, as each of its links was found last, those of lost links too."""
        ...

    async def count_pages(self, targets: Collection[str]) -> int:
        """Pages that have or had links to any of the targets."""
        ...

    async def put_watched(self, watched: Sequence[Watched]) -> None:
        """Store targets, each in the place of what was known of it."""
        ...

    async def drop_watched(self, targets: Collection[str]) -> int: ...

    async def watched(self) -> list[Watched]:
        """All targets, ordered by project and target."""
        ...

    async def quarantine(self, refused: Sequence[Refused]) -> None:
        """Keep records that could not be stored; one that is told twice is kept once."""
        ...

    async def quarantined(self) -> list[Refused]: ...

    async def forget(self, before: datetime) -> Forgotten:
        """Delete older visits and events, but for the newest successful visit of each page: later ones build on it."""
        ...
