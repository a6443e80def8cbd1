"""The store on a server that speaks the MongoDB wire protocol.

Every write is an atomic update of one document that may be repeated and may come late: minimum, maximum, insert-once,
or a value under a filter that lets only a newer version pass. No document is ever computed from one that was read.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Self

from pymongo import AsyncMongoClient, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, PyMongoError

from linkcrawler.records import Link, Verdict, Visit
from linkcrawler.vocabulary import Mode
from pipelines.stores import mongodb_documents as documents
from pipelines.stores.fold import Folded, fold
from pipelines.stores.mongodb_documents import Document
from pipelines.stores.mongodb_schema import connect, unreachable, without_credentials
from pipelines.stores.protocol import LinkFilter, Totals

BATCH = 500
_DUPLICATE_KEY = 11000


class MongoStore:
    """Implements :class:`pipelines.stores.protocol.Store`."""

    def __init__(self, client: AsyncMongoClient[Document], database: AsyncDatabase[Document], shown: str) -> None:
        self._client = client
        self._shown = shown
        self._links, self._pages, self._visits = (database[name] for name in ("links", "pages", "visits"))

    @classmethod
    async def open(cls, url: str, *, create: bool) -> Self:
        """Raises UsageError or StoreError, see :func:`pipelines.stores.mongodb_schema.connect`."""
        client, database = await connect(url, create=create)
        return cls(client, database, without_credentials(url))

    async def put(self, visits: Sequence[Visit]) -> None:
        if not visits:
            return
        folded = fold(visits)
        try:
            await self._write(self._visits, [documents.visit_upsert(visit) for visit in folded.visits])
            await self._write(self._pages, [documents.page_upsert(page) for page in folded.pages])
            await self._write(self._links, [documents.link_upsert(link) for link in folded.links])
            while await self._settle(folded):
                pass
        except PyMongoError as error:
            raise unreachable(self._shown, error) from error

    async def put_verdicts(self, verdicts: Sequence[tuple[str, Verdict]]) -> None:
        updates = [update for link_id, verdict in verdicts for update in documents.verdict_updates(link_id, verdict)]
        if updates:
            await self._links.bulk_write(updates, ordered=True)

    async def links(self, where: LinkFilter) -> AsyncIterator[Link]:
        async for batch in self._stream(documents.query(where), where.limit):
            for link in batch:
                yield link

    async def unjudged(self, model: str, *, everything: bool = False) -> AsyncIterator[Sequence[Link]]:
        where: Document = {} if everything else {"$or": [{"due": True}, {"verdict.model": {"$ne": model}}]}
        async for batch in self._stream(where, 0):
            yield batch

    async def totals(self) -> Totals:
        groups = await self._links.aggregate([{"$group": {"_id": "$verdict.mode", "count": {"$sum": 1}}}])
        by_mode = {Mode(group["_id"]) if group["_id"] else None: group["count"] async for group in groups}
        return Totals(
            links=await self._links.count_documents({}),
            pages=await self._pages.count_documents({}),
            visits=await self._visits.count_documents({}),
            by_mode=by_mode,
        )

    async def close(self) -> None:
        await self._client.close()

    async def _write(self, collection: Any, updates: list[UpdateOne]) -> int:
        """How many documents the updates matched. Two clients that insert one document at once: the later repeats."""
        if not updates:
            return 0
        try:
            return int((await collection.bulk_write(updates, ordered=False)).matched_count)
        except BulkWriteError as error:
            failed = (error.details or {})["writeErrors"]
            if any(failure["code"] != _DUPLICATE_KEY for failure in failed):
                raise
            return await self._write(collection, [updates[failure["index"]] for failure in failed])

    async def _settle(self, folded: Folded) -> bool:
        """Bring newest-wins fields up to date; True if another writer came between and it must be looked at again."""
        pages = {page["_id"]: page async for page in self._find(self._pages, [page.url for page in folded.pages])}
        updates = [
            UpdateOne({"_id": page.url, "version": {"$lt": page.version}}, {"$set": documents.page_facts(page)})
            for page in folded.pages
            if page.version > pages[page.url]["version"]
        ]
        if updates:
            await self._write(self._pages, updates)
            return True
        changes = {link.id: link for link in folded.links}
        page_of = {link: page for page in pages.values() for link in page.get("links", ())}
        needed: list[UpdateOne] = []
        async for stored in self._find(self._links, list(page_of), documents.SETTLED):
            page = page_of[stored["_id"]]
            needed += documents.link_updates(stored, page, changes.get(stored["_id"]))
        return await self._write(self._links, needed) < len(needed)

    async def _find(self, collection: Any, ids: list[str], fields: Document | None = None) -> AsyncIterator[Document]:
        if ids:
            async for document in collection.find({"_id": {"$in": ids}}, fields):
                yield document

    async def _stream(self, where: Document, limit: int) -> AsyncIterator[list[Link]]:
        cursor = self._links.find(where, sort=[("_id", 1)], limit=limit, batch_size=BATCH)
        try:
            while batch := await cursor.to_list(BATCH):
                yield await self._join(batch)
        finally:
            await cursor.close()

    async def _join(self, batch: list[Document]) -> list[Link]:
        urls = sorted({document["source_url"] for document in batch})
        fields = {"facts": 1, "first_ok": 1}
        pages = {page["_id"]: page async for page in self._find(self._pages, urls, fields)}
        absent = await self._last_absent(batch, pages)
        return [
            documents.read_link(document, pages.get(document["source_url"], {}), absent.get(document["_id"]))
            for document in batch
        ]

    async def _last_absent(self, batch: list[Document], pages: dict[str, Document]) -> dict[str, datetime]:
        """By link id, the newest successful visit before the link was first seen."""
        later = [
            document
            for document in batch
            if (first_ok := pages.get(document["source_url"], {}).get("first_ok")) and first_ok < document["first_seen"]
        ]
        if not later:
            return {}
        newest = max(document["first_seen"] for document in later)
        urls = sorted({document["source_url"] for document in later})
        where = {"url": {"$in": urls}, "outcome": "ok", "at": {"$lt": newest}}
        times: dict[str, list[datetime]] = {}
        async for visit in self._visits.find(where, {"_id": 0, "url": 1, "at": 1}):
            times.setdefault(visit["url"], []).append(visit["at"])
        return {
            document["_id"]: max(at for at in times[document["source_url"]] if at < document["first_seen"])
            for document in later
        }
