"""Reading links from a server that speaks the MongoDB wire protocol: found by id or filter, in order, with their pages.

Errors of the server pass through.
"""

from collections.abc import AsyncIterator, Sequence

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from linkcrawler.records import Link
from pipelines.stores.brief import Brief
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.mongodb import brief, documents
from pipelines.stores.mongodb import filter as filtering
from pipelines.stores.mongodb.documents import Document

BATCH = 500
_SCAN_FROM = 100


class MongoReader:
    def __init__(self, database: AsyncDatabase[Document], *, atomic: bool) -> None:
        self._links, self._pages = database["links"], database["pages"]
        self._atomic = atomic

    async def find(
        self, collection: AsyncCollection[Document], ids: list[str], fields: Document | None = None
    ) -> AsyncIterator[Document]:
        if not ids:
            return
        if self._atomic or len(ids) > _SCAN_FROM:
            async for document in collection.find({"_id": {"$in": ids}}, fields):
                yield document
            return
        for one in ids:  # FerretDB looks up a single _id by its index, a list of them by reading everything
            if found := await collection.find_one({"_id": one}, fields):
                yield found

    async def in_order(self, where: LinkFilter) -> AsyncIterator[list[Link]]:
        """The links that fit, in order. What ``one_per`` lets pass is decided on narrow documents first."""
        if not where.one_per:
            async for batch in self.stream(filtering.page_query(where), where.limit, filtering.order(where)):
                yield batch
            return
        async for ids in self.ids(where):
            found = {document["_id"]: document async for document in self.find(self._links, ids)}
            yield await self.join([found[link] for link in ids])

    async def ids(self, where: LinkFilter) -> AsyncIterator[list[str]]:
        """The ids of the links that fit, in order."""
        if where.one_per:
            left = where.limit
            async for found in self.first_ids(where):
                yield found[:left] if where.limit else found
                left -= len(found)
                if where.limit and left <= 0:
                    return
            return
        query, order = filtering.page_query(where), filtering.order(where)
        cursor = self._links.find(query, {"_id": 1}, sort=order, limit=where.limit, batch_size=2 * BATCH)
        try:
            while batch := await cursor.to_list(2 * BATCH):
                yield [document["_id"] for document in batch]
        finally:
            await cursor.close()

    async def first_ids(self, where: LinkFilter) -> AsyncIterator[list[str]]:
        fields = filtering.narrow(where)
        cursor = self._links.find(filtering.page_query(where), fields, sort=filtering.order(where), batch_size=BATCH)
        try:
            while batch := await cursor.to_list(BATCH):
                firsts: dict[tuple[str, str], str] = {}
                kept = []
                for document in batch:
                    keys = filtering.keys(document, where)
                    for key in keys:
                        if key not in firsts:
                            firsts[key] = await self._first_of(key, where)
                    if all(firsts[key] == document["_id"] for key in keys):
                        kept.append(document["_id"])
                yield kept
        finally:
            await cursor.close()

    async def _first_of(self, key: tuple[str, str], where: LinkFilter) -> str:
        """Which link comes first of those that fit and share the key."""
        field, value = key
        among = filtering.sorted_query(where)
        found = await self._links.find_one(
            {"$and": [among, {field: value}]} if among else {field: value}, {"_id": 1}, sort=filtering.order(where)
        )
        return str(found["_id"]) if found else ""

    async def stream(
        self, where: Document, limit: int = 0, order: Sequence[tuple[str, int]] = (("_id", 1),)
    ) -> AsyncIterator[list[Link]]:
        cursor = self._links.find(where, sort=order, limit=limit, batch_size=BATCH)
        try:
            while batch := await cursor.to_list(BATCH):
                yield await self.join(batch)
        finally:
            await cursor.close()

    async def briefs(self, where: LinkFilter) -> AsyncIterator[list[Brief]]:
        """All that fit, but for ``one_per``: narrow documents, batch by batch."""
        cursor = self._links.find(filtering.query(where), brief.FIELDS, batch_size=BATCH)
        try:
            while batch := await cursor.to_list(BATCH):
                pages = await self._pages_of(batch, brief.PAGE_FIELDS)
                yield [brief.brief(document, pages.get(document["source_url"], {})) for document in batch]
        finally:
            await cursor.close()

    async def join(self, batch: list[Document]) -> list[Link]:
        pages = await self._pages_of(batch, {"facts": 1})
        return [documents.read_link(document, pages.get(document["source_url"], {})) for document in batch]

    async def _pages_of(self, batch: list[Document], fields: Document) -> dict[str, Document]:
        urls = sorted({document["source_url"] for document in batch})
        return {page["_id"]: page async for page in self.find(self._pages, urls, fields)}
