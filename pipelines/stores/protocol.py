"""The store protocol: what SQLite and MongoDB both promise.

Writing is idempotent and order-free: any order and any repetition of the same visits gives the same stored links.
``first_seen`` is the minimum, ``last_seen`` the maximum; placements and page facts are those of the newest visit.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from linkcrawler.records import Link, Override, Verdict, Visit
from linkcrawler.vocabulary import Mode, Outcome
from pipelines.outreach.contact import Contact, OutreachLog
from pipelines.patterns.records import Finding, Repeated, Trace
from pipelines.stores.brief import Brief
from pipelines.stores.flat import FlatRow
from pipelines.stores.history import HistoryStore
from pipelines.stores.ids import ALL_IDS, IdRange
from pipelines.stores.link_filter import HYPERLINK as HYPERLINK
from pipelines.stores.link_filter import UNCLASSIFIED as UNCLASSIFIED
from pipelines.stores.link_filter import Counted
from pipelines.stores.link_filter import LinkFilter as LinkFilter
from pipelines.stores.link_filter import kinds as kinds
from pipelines.stores.seeds import SeedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    links: int
    pages: int
    visits: int
    by_mode: dict[Mode | None, int]
    """As :attr:`LinkFilter.mode` counts."""


class AsStored(Protocol):
    """Links in the order in which they are stored."""

    def places(self, where: LinkFilter) -> AsyncIterator[Sequence[int]]:
        """Where the links that fit lie, batch by batch; no condition on the appearance."""
        ...

    def flat(self, places: Sequence[int]) -> AsyncIterator[Sequence[FlatRow]]:
        """As :meth:`Store.flat`, the links that lie there. Nothing else is done meanwhile: for a process of its own."""
        ...

    def records(self, places: Sequence[int]) -> AsyncIterator[Sequence[object]]:
        """As :meth:`Store.records`, likewise."""
        ...


class Store(Protocol):
    """Opened by :func:`pipelines.stores.connect.open_store`; an asynchronous context manager closes it."""

    @property
    def history(self) -> HistoryStore:
        """Events, and when pages are due again."""
        ...

    @property
    def seeds(self) -> SeedStore:
        """Where seeds come from."""
        ...

    async def put(self, visits: Sequence[Visit]) -> None:
        """Write visits durably, in bulk. Returns when they would survive the death of this process.

        A visit's sightings carry its ``url`` as ``source_url`` and its ``at`` as ``seen_at``: ValueError otherwise.
        """
        ...

    def links(self, where: LinkFilter) -> AsyncIterator[Link]:
        """Matching links with page facts, appearance and verdict, in the filter's order, in flat memory."""
        ...

    @property
    def serves_many(self) -> bool:
        """Whether several processes read by ids faster than one."""
        ...

    @property
    def as_stored(self) -> AsStored | None:
        """None where reading links in the order of their ids takes as long."""
        ...

    def ids(self, where: LinkFilter) -> AsyncIterator[Sequence[str]]:
        """The ids of the links that fit, in the filter's order, batch by batch; no condition on the appearance."""
        ...

    def flat(self, where: LinkFilter) -> AsyncIterator[Sequence[FlatRow]]:
        """The same links as rows of :data:`pipelines.stores.flat.COLUMNS`, batch by batch."""
        ...

    def records(self, where: LinkFilter) -> AsyncIterator[Sequence[object]]:
        """The same links as objects whose JSON is that of :func:`pipelines.stores.record.record_of`, batch by batch."""
        ...

    def briefs(self, where: LinkFilter) -> AsyncIterator[Sequence[Brief]]:
        """The same links without their words, in no order, batch by batch: all that fit, whatever cursor and limit."""
        ...

    async def count(self, where: LinkFilter) -> int:
        """How many links fit, whatever the filter's cursor and limit."""
        ...

    async def count_by(self, where: LinkFilter, fields: Sequence[str], top: int = 0) -> list[Counted]:
        """How many links that fit have which values of the fields (:data:`pipelines.stores.link_filter.FACETS`).

        Most links first, then by the values; ``top`` 0: all. A value is empty where a link has none.
        """
        ...

    def unjudged(
        self, model: str, *, everything: bool = False, within: IdRange = ALL_IDS
    ) -> AsyncIterator[Sequence[Link]]:
        """Batches of links that carry no verdict of this model or have changed since it, in whatever order suits.

        ``everything``: all links. Verdicts may be put while iterating; what has one is not offered again. What comes
        to be due meanwhile may be left for the next time.
        """
        ...

    async def count_unjudged(self) -> int:
        """How many links carry no verdict, of whatever model, or have changed since theirs."""
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

    async def targets(self) -> list[str]:
        """The targets that links were stored for, sorted."""
        ...

    def untraced(self, version: str) -> AsyncIterator[Sequence[tuple[str, Link]]]:
        """Batches of links, ordered by id, whose trace is missing or has another stamp; with the stamp it should have.

        A stamp names the link's content, its page's, the times that bound its appearance and ``version``.
        """
        ...

    async def put_traces(self, traces: Sequence[Trace]) -> None:
        """Store each trace in the place of the link's former one."""
        ...

    def marks(self) -> AsyncIterator[Sequence[Repeated]]:
        """Each mark of any trace once, with the number of links that have it, sorted by code points."""
        ...

    def traces(self) -> AsyncIterator[Sequence[tuple[str, tuple[str, ...]]]]:
        """Link id and marks, ordered by link id."""
        ...

    def found(self) -> AsyncIterator[Sequence[tuple[str, tuple[Finding, ...]]]]:
        """Link id and what patterns found for it, ordered by link id; links without findings may be left out."""
        ...

    async def findings(self, links: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
        """What patterns found for these link ids."""
        ...

    async def put_findings(self, changes: Sequence[tuple[str, tuple[Finding, ...]]]) -> None:
        """Store what patterns found, in the place of what they found before; the links become due for a verdict."""
        ...

    async def owned(self) -> dict[str, frozenset[str]]:
        """By the domain of a target, the sites that the user says belong to it."""
        ...

    async def put_owned(self, owned: Mapping[str, Collection[str]]) -> None:
        """Store which sites belong to a target, in the place of what was said before of these targets."""
        ...

    async def totals(self) -> Totals: ...

    async def outcomes(self) -> dict[Outcome, int]:
        """Number of visits by how they ended, every outcome present."""
        ...

    async def close(self) -> None: ...
