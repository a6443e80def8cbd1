"""The store protocol: what SQLite and MongoDB both promise.

Writing is idempotent and order-free: any order and any repetition of the same visits gives the same stored links.
``first_seen`` is the minimum, ``last_seen`` the maximum; placements and page facts are those of the newest visit.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkcrawler.records import Link, Override, Verdict, Visit
from linkcrawler.vocabulary import HYPERLINKS, Mode
from pipelines.outreach.contact import Contact, OutreachLog
from pipelines.stores.ids import ALL_IDS, IdRange

UNCLASSIFIED = "unclassified"
"""As a filter's mode: links without a verdict."""
HYPERLINK = "hyperlink"
"""As a filter's kind: what a reader can follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFilter:
    """Which links to read; every field left empty lets everything pass."""

    ids: tuple[str, ...] = ()
    source_urls: tuple[str, ...] = ()
    target: str = ""
    mode: str = ""
    """A Mode, or :data:`UNCLASSIFIED`; a person's word goes before the verdict, here and in ``channel``."""
    channel: str = ""
    region: str = ""
    kind: str = ""
    """A Kind, or ``hyperlink`` for what a reader can follow."""
    """Region of the placement that speaks for the link, see :func:`pipelines.placements.lead_placement`."""
    rel: str = ""
    """One of that placement's rel tokens."""
    status: str = ""
    source_domain: str = ""
    language: str = ""
    anchor: str = ""
    """Substring of that placement's anchor; case and runs of whitespace do not count."""
    text: str = ""
    """Substring of an anchor or a piece of context of any placement; case and runs of whitespace do not count."""
    first_seen_from: datetime | None = None
    """Inclusive."""
    first_seen_to: datetime | None = None
    """Inclusive."""
    overruled: bool = False
    """Only links of which a person has said something."""
    limit: int = 0
    """0: all."""


def kinds(where: LinkFilter) -> list[str]:
    """The kinds that a filter's kind lets pass."""
    return sorted(HYPERLINKS) if where.kind == HYPERLINK else [where.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    links: int
    pages: int
    visits: int
    by_mode: dict[Mode | None, int]
    """As :attr:`LinkFilter.mode` counts."""


class Store(Protocol):
    """Opened by :func:`pipelines.stores.connect.open_store`; an asynchronous context manager closes it."""

    async def put(self, visits: Sequence[Visit]) -> None:
        """Write visits durably, in bulk. Returns when they would survive the death of this process.

        A visit's sightings carry its ``url`` as ``source_url`` and its ``at`` as ``seen_at``: ValueError otherwise.
        """
        ...

    def links(self, where: LinkFilter) -> AsyncIterator[Link]:
        """Matching links with page facts, appearance and verdict, ordered by id, in flat memory."""
        ...

    def unjudged(
        self, model: str, *, everything: bool = False, within: IdRange = ALL_IDS
    ) -> AsyncIterator[Sequence[Link]]:
        """Batches of links that carry no verdict of this model or have changed since it, ordered by id.

        ``everything``: all links. Verdicts may be put while iterating; what has one is not offered again.
        """
        ...

    async def put_verdicts(self, verdicts: Sequence[tuple[str, Verdict]]) -> None:
        """Store the verdict of each link id.

        ``Verdict.state`` is the ``Link.state`` that was judged, so that a link which changed meanwhile stays due; a
        verdict without one counts for the link as it is now.
        """
        ...

    async def put_override(self, link_id: str, override: Override | None) -> None:
        """Store what a person says of a link, in the place of what was said before; None takes it back."""
        ...

    async def put_outreach(self, log: OutreachLog, contacts: Sequence[Contact]) -> int:
        """Store a log and its contacts; a contact that is known stays as it is. Returns how many were not known."""
        ...

    async def forget_outreach(self, name: str) -> int:
        """Delete a log and its contacts; returns how many these were."""
        ...

    async def outreach_logs(self) -> list[OutreachLog]:
        """All logs, ordered by name."""
        ...

    async def contacts(self, sites: Collection[str]) -> list[Contact]:
        """The contacts with these sites, ordered by id."""
        ...

    async def count_contacts(self) -> list[tuple[str, str, int]]:
        """Log, stage and the number of contacts, ordered by log and stage."""
        ...

    async def mark_due(self, domains: Collection[str] | None) -> int:
        """Have the links of these registered domains (None: all) judged again; returns how many these are."""
        ...

    async def totals(self) -> Totals: ...

    async def close(self) -> None: ...
