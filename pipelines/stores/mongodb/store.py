"""The store on a server that speaks the MongoDB wire protocol.

Every write is an atomic update of one document that may be repeated and may come late: minimum, maximum, insert-once,
or a value under a filter that lets only a newer version pass. No document is ever computed from one that was read.
"""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Self, TypeVar

from pymongo import UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, PyMongoError

from linkcrawler.records import Link, Override, Verdict, Visit
from linkcrawler.vocabulary import Mode, Outcome
from pipelines.outreach.contact import Contact, OutreachLog
from pipelines.patterns.records import Finding, Repeated, Trace
from pipelines.stores.brief import Brief, brief_of
from pipelines.stores.flat import FlatRow, flat_of
from pipelines.stores.fold import Folded, fold
from pipelines.stores.ids import ALL_IDS, IdRange
from pipelines.stores.link_filter import NO_LINK, Counted, LinkFilter
from pipelines.stores.mongodb import documents, events, outreach, patterns
from pipelines.stores.mongodb import filter as filtering
from pipelines.stores.mongodb.documents import Document
from pipelines.stores.mongodb.history import MongoHistory
from pipelines.stores.mongodb.reading import MongoReader
from pipelines.stores.mongodb.schema import connect, failure, without_credentials
from pipelines.stores.mongodb.seeds import MongoSeeds
from pipelines.stores.mongodb.turns import turn
from pipelines.stores.protocol import AsStored, Totals
from pipelines.stores.reading import checked_facets, counted, ranked, remaining, unasked
from pipelines.stores.record import record_of

T = TypeVar("T")

_DUPLICATE_KEY = 11000
_PAGE = {"version": 1, "content": 1, "language": 1, "first_ok": 1, "last_ok": 1, "last_visit": 1, "links": 1}


class MongoStore:
    """Implements :class:`pipelines.stores.protocol.Store`."""

    def __init__(self, database: AsyncDatabase[Document], shown: str, *, atomic: bool) -> None:
        self._client = database.client
        self._database = database
        self._shown = shown
        self._atomic = atomic
        self.serves_many = atomic
        self.as_stored: AsStored | None = None
        self._links, self._pages, self._visits = (database[name] for name in ("links", "pages", "visits"))
        self._turns = database["turns"]
        self._reader = MongoReader(database, atomic=atomic)
        self.history = MongoHistory(self, database, atomic=atomic)
        self.seeds = MongoSeeds(self, database)

    @classmethod
    async def open(cls, url: str, *, create: bool) -> Self:
        """Raises UsageError or StoreError, see :func:`pipelines.stores.mongodb.schema.connect`."""
        database, atomic = await connect(url, create=create)
        return cls(database, without_credentials(url), atomic=atomic)

    async def put(self, visits: Sequence[Visit]) -> None:
        if not visits:
            return
        folded = fold(visits)
        page_of = {page.url: page for page in folded.pages}
        async with self._writing():
            await self._insert_visits([documents.visit_document(visit) for visit in folded.visits])
            await self._write(self._pages, [documents.page_upsert(page) for page in folded.pages])
            links = [documents.link_upsert(link, page_of[link.source_url]) for link in folded.links]
            await self._write(self._links, links)
            while (linking := await self._settle(folded)) is None:
                pass
            await self._write(self._pages, events.unsettle(linking))

    async def count_unjudged(self) -> int:
        with self._asking():
            return await self._links.count_documents({"due": True})

    async def put_verdicts(self, verdicts: Sequence[tuple[str, Verdict]]) -> None:
        if not verdicts:
            return
        async with self._writing():
            await events.note_verdicts(self._database, verdicts)
            if self._atomic:
                in_time = await self._write(self._links, [documents.judged_update(*one) for one in verdicts])
                if in_time < len(verdicts):
                    await self._write(self._links, [documents.outrun_update(*one) for one in verdicts if one[1].state])
                return
            found = self._reader.find(self._links, [link_id for link_id, _ in verdicts], documents.STATE)
            states = {link["_id"]: link async for link in found}
            updates = [
                documents.verdict_update(link_id, verdict, due=documents.is_stale(states.get(link_id, {}), verdict))
                for link_id, verdict in verdicts
            ]
            await self._write(self._links, updates)

    async def links(self, where: LinkFilter) -> AsyncIterator[Link]:
        where = await self._looked_up(where)
        if where.asks_appearance:
            async for link in remaining(self.links(unasked(where)), where):
                yield link
            return
        async for batch in self._read(self._reader.in_order(where)):
            for link in batch:
                yield link

    async def ids(self, where: LinkFilter) -> AsyncIterator[Sequence[str]]:
        where = await self._looked_up(where)
        async for batch in self._read(self._reader.ids(where)):
            yield batch

    async def flat(self, where: LinkFilter) -> AsyncIterator[Sequence[FlatRow]]:
        where = await self._looked_up(where)
        if where.asks_appearance:
            async for link in self.links(where):
                yield [flat_of(link)]
            return
        async for batch in self._read(self._reader.in_order(where)):
            yield [*map(flat_of, batch)]

    async def records(self, where: LinkFilter) -> AsyncIterator[Sequence[object]]:
        where = await self._looked_up(where)
        if where.asks_appearance:
            async for link in self.links(where):
                yield [record_of(link)]
            return
        async for batch in self._read(self._reader.in_order(where)):
            yield [*map(record_of, batch)]

    async def briefs(self, where: LinkFilter) -> AsyncIterator[Sequence[Brief]]:
        where = await self._looked_up(where)
        where = replace(where, limit=0, after=None)
        if where.asks_appearance or where.one_per:
            async for link in self.links(where):
                yield [brief_of(link)]
            return
        async for batch in self._read(self._reader.briefs(where)):
            yield batch

    async def count(self, where: LinkFilter) -> int:
        where = await self._looked_up(where)
        where = replace(where, limit=0, after=None)
        if where.asks_appearance:
            return sum([1 async for _ in self.links(where)])
        if where.one_per:
            return sum([len(batch) async for batch in self._read(self._reader.first_ids(where))])
        with self._asking():
            return await self._links.count_documents(filtering.query(where))

    async def count_by(self, where: LinkFilter, fields: Sequence[str], top: int = 0) -> list[Counted]:
        where = await self._looked_up(where)
        fields, where = checked_facets(fields), replace(where, limit=0, after=None)
        if where.asks_appearance or where.one_per or not self._atomic:
            return await counted(self.links(where), fields, top)
        with self._asking():
            groups = await self._links.aggregate(filtering.grouping(where, fields))
            return ranked({filtering.group_values(found["_id"], fields): found["count"] async for found in groups}, top)

    async def unjudged(
        self, model: str, *, everything: bool = False, within: IdRange = ALL_IDS
    ) -> AsyncIterator[Sequence[Link]]:
        where: Document = {} if everything else {"$or": [{"due": True}, {"verdict.model": {"$ne": model}}]}
        bounds = {"$gte": within.start, "$lt": within.end}
        if given := {bound: value for bound, value in bounds.items() if value}:
            where["_id"] = given
        async for batch in self._read(self._reader.stream(where)):
            yield batch

    async def totals(self) -> Totals:
        with self._asking():
            return Totals(
                links=await self._links.count_documents({}),
                pages=await self._pages.count_documents({}),
                visits=await self._visits.count_documents({}),
                by_mode=await self._by_mode(),
            )

    async def outcomes(self) -> dict[Outcome, int]:
        with self._asking():
            groups = await self._visits.aggregate([{"$group": {"_id": "$outcome", "count": {"$sum": 1}}}])
            found = {group["_id"]: group["count"] async for group in groups}
        return {outcome: found.get(outcome, 0) for outcome in Outcome}

    async def put_override(self, link_id: str, override: Override | None) -> None:
        async with self._writing():
            await outreach.put_override(self._links, link_id, override)

    async def put_outreach(self, log: OutreachLog, contacts: Sequence[Contact]) -> int:
        async with self._writing():
            return await outreach.put_outreach(self._database, log, contacts)

    async def forget_outreach(self, name: str) -> int:
        async with self._writing():
            return await outreach.forget_outreach(self._database, name)

    async def outreach_logs(self) -> list[OutreachLog]:
        with self._asking():
            return await outreach.read_logs(self._database)

    async def contacts(self, sites: Collection[str]) -> list[Contact]:
        with self._asking():
            return await outreach.read_contacts(self._database, sites)

    async def count_contacts(self) -> list[tuple[str, str, int]]:
        with self._asking():
            return await outreach.count_contacts(self._database)

    async def mark_due(self, domains: Collection[str] | None) -> int:
        async with self._writing():
            return await outreach.mark_due(self._links, domains)

    async def targets(self) -> list[str]:
        with self._asking():
            return await patterns.read_targets(self._database)

    async def untraced(self, version: str) -> AsyncIterator[Sequence[tuple[str, Link]]]:
        with self._asking():
            async for stamps in patterns.untraced(self._database, version):
                found = [document async for document in self._reader.find(self._links, [*stamps])]
                found.sort(key=lambda document: document["_id"])
                yield [(stamps[link.id], link) for link in await self._reader.join(found)]

    async def put_traces(self, traces: Sequence[Trace]) -> None:
        async with self._writing():
            await patterns.put_traces(self._database, traces)

    def marks(self) -> AsyncIterator[Sequence[Repeated]]:
        return self._read(patterns.repeated(self._database))

    def traces(self) -> AsyncIterator[Sequence[tuple[str, tuple[str, ...]]]]:
        return self._read(patterns.read_traces(self._database))

    def found(self) -> AsyncIterator[Sequence[tuple[str, tuple[Finding, ...]]]]:
        return self._read(patterns.read_found(self._database))

    async def findings(self, links: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
        with self._asking():
            return await patterns.findings_of(self._database, links)

    async def put_findings(self, changes: Sequence[tuple[str, tuple[Finding, ...]]]) -> None:
        async with self._writing():
            await patterns.put_findings(self._database, changes)

    async def owned(self) -> dict[str, frozenset[str]]:
        with self._asking():
            return await patterns.read_owned(self._database)

    async def put_owned(self, owned: Mapping[str, Collection[str]]) -> None:
        async with self._writing():
            await patterns.put_owned(self._database, owned)

    async def close(self) -> None:
        await self._client.close()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        with self._asking():
            if self._atomic:
                yield
                return
            async with turn(self._turns):
                yield

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except PyMongoError as error:
            raise failure(self._shown, error) from error

    async def _read(self, rows: AsyncIterator[T]) -> AsyncIterator[T]:
        with self._asking():
            async for row in rows:
                yield row

    async def _looked_up(self, where: LinkFilter) -> LinkFilter:
        """The filter with ids for what another collection tells."""
        if not where.lost_reason:
            return where
        with self._asking():
            lost = await events.lost_for(self._database, where.lost_reason)
        ids = tuple(sorted({*lost} & {*where.ids} if where.ids else lost))
        # Two conditions on the status are one on none.
        kept = ids if where.status in ("", "lost") else ()
        return replace(where, ids=kept or (NO_LINK,), status="lost", lost_reason="")

    async def _by_mode(self) -> dict[Mode | None, int]:
        groups = await self._links.aggregate([{"$group": {"_id": "$verdict.mode", "count": {"$sum": 1}}}])
        by_mode = Counter({group["_id"]: group["count"] async for group in groups})
        # Few links are overruled, so that they are cheaper to read than to group by either of two fields.
        fields = {"override.mode": 1, "verdict.mode": 1}
        async for overruled in self._links.find({"override.mode": {"$in": sorted(Mode)}}, fields):
            by_mode[(overruled.get("verdict") or {}).get("mode")] -= 1
            by_mode[overruled["override"]["mode"]] += 1
        return {Mode(mode) if mode else None: count for mode, count in by_mode.items() if count}

    async def _insert_visits(self, visits: list[Document]) -> None:
        try:
            await self._visits.insert_many(visits, ordered=False)
        except BulkWriteError as error:
            _duplicates_only(error)

    async def _write(self, collection: AsyncCollection[Document], updates: list[UpdateOne]) -> int:
        """How many documents matched. Where two clients insert one document at once, the later one repeats."""
        if not updates:
            return 0
        if not self._atomic and len(updates) > patterns.UPDATES_AT_ONCE:
            parts = range(0, len(updates), patterns.UPDATES_AT_ONCE)
            return sum([await self._write(collection, updates[at : at + patterns.UPDATES_AT_ONCE]) for at in parts])
        try:
            return (await collection.bulk_write(updates, ordered=False)).matched_count
        except BulkWriteError as error:
            return await self._write(collection, [updates[index] for index in _duplicates_only(error)])

    async def _settle(self, folded: Folded) -> list[str] | None:
        """Bring newest-wins fields up to date.

        The addresses of pages that link to a target; None if another writer came between, and all must be read again.
        """
        pages = {
            page["_id"]: page
            async for page in self._reader.find(self._pages, [page.url for page in folded.pages], _PAGE)
        }
        newer = [documents.page_update(page) for page in folded.pages if page.version > pages[page.url]["version"]]
        if newer:
            await self._write(self._pages, [update.operation(guarded=self._atomic) for update in newer])
            return None
        ids = [link for page in pages.values() for link in page.get("links", ())]
        links = [link async for link in self._reader.find(self._links, ids, documents.SETTLED)]
        absent = await self._last_absent(
            [link for link in links if documents.needs_absent(link, pages[link["source_url"]])]
        )
        changes = {link.id: link for link in folded.links}
        told: dict[str, list[datetime]] = {}
        for visit in folded.visits:
            if visit.outcome is Outcome.OK:
                told.setdefault(visit.url, []).append(visit.at)
        needed: list[UpdateOne] = []
        for stored in links:
            link, url = stored["_id"], stored["source_url"]
            known = (*told.get(url, ()), *absent.get(link, ()))
            updates = documents.link_updates(stored, pages[url], changes.get(link), known)
            needed += [update.operation(guarded=self._atomic) for update in updates]
        if await self._write(self._links, needed) != len(needed):
            return None
        return [url for url, page in pages.items() if page.get("links")]

    async def _last_absent(self, links: list[Document]) -> dict[str, tuple[datetime]]:
        """By link id, the newest successful visit before the link was first seen; links without one are left out."""
        if not links:
            return {}
        of_page: dict[str, list[Document]] = {}
        for link in links:
            of_page.setdefault(link["source_url"], []).append(link)
        newest = max(link["first_seen"] for link in links)
        where = {"url": {"$in": sorted(of_page)}, "outcome": "ok", "at": {"$lt": newest}}
        absent: dict[str, tuple[datetime]] = {}
        async for visit in self._visits.find(where, {"_id": 0, "url": 1, "at": 1}):
            at = visit["at"]
            for link in of_page[visit["url"]]:
                if at < link["first_seen"]:
                    absent[link["_id"]] = max(absent.get(link["_id"], (at,)), (at,))
        return absent


def _duplicates_only(error: BulkWriteError) -> list[int]:
    """Indexes of the operations that met a document inserted meanwhile; raises if anything else went wrong."""
    failed = (error.details or {})["writeErrors"]
    if any(failure["code"] != _DUPLICATE_KEY for failure in failed):
        raise error
    return [failure["index"] for failure in failed]
