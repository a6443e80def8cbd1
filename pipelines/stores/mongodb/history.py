"""Due pages, watched targets and what was refused, on a MongoDB-protocol server."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

import msgspec
from pymongo import ReplaceOne
from pymongo.asynchronous.database import AsyncDatabase

from linkcrawler.records import DuePage, Event, Placement, Sighting
from pipelines.stores.fold import VisitRow
from pipelines.stores.history import Derive, EventFilter, Forgotten, Refused, Watched
from pipelines.stores.mongodb import events as of_events
from pipelines.stores.mongodb.turns import turn

T = TypeVar("T")
Document = dict[str, Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DUE = {"next_due": 1, "last_visit": 1, "etag": 1, "last_modified": 1}
_STANDING = {"target_url": 1, "target": 1, "last_seen": 1, "status": 1, "placements": 1}


class Connected(Protocol):
    """What the store lends: its turns, and its way to say what went wrong."""

    def _asking(self) -> Any: ...
    def _writing(self) -> AbstractAsyncContextManager[None]: ...
    def _read(self, rows: AsyncIterator[T]) -> AsyncIterator[T]: ...


class MongoHistory:
    """Implements :class:`pipelines.stores.history.HistoryStore`."""

    def __init__(self, store: Connected, database: AsyncDatabase[Document], *, atomic: bool) -> None:
        self._store, self._database, self._atomic = store, database, atomic

    async def settle(self, derive: Derive, *, now: datetime, most: int = 200) -> int:
        with self._store._asking():
            # Where updates are not atomic writers take turns of their own: these hold them off as well.
            async with turn(self._database["deriving" if self._atomic else "turns"]):
                return await of_events.settle(self._database, derive, now, most)

    def events(self, where: EventFilter) -> AsyncIterator[Sequence[Event]]:
        return self._store._read(of_events.read_events(self._database, where))

    async def visits(self, url: str, *, most: int) -> list[VisitRow]:
        with self._store._asking():
            return await of_events.visits_of_page(self._database, url, most)

    async def unsent(
        self, channel: str, kinds: Collection[str], *, target: str, noted_from: datetime, most: int
    ) -> list[Event]:
        with self._store._asking():
            return await of_events.unsent(self._database, channel, kinds, target, noted_from, most)

    async def mark_sent(self, channel: str, events: Collection[str]) -> None:
        async with self._store._writing():
            await of_events.mark_sent(self._database, channel, events)

    async def due_pages(self, targets: Collection[str], *, by: datetime, most: int = 0) -> list[DuePage]:
        due: list[DuePage] = []
        with self._store._asking():
            cursor = self._database["pages"].find({"next_due": {"$lte": by}}, _DUE, sort=[("next_due", 1), ("_id", 1)])
            async for page in cursor:
                of_target = {"source_url": page["_id"], "target": {"$in": sorted(targets)}}
                if await self._database["links"].find_one(of_target, {"_id": 1}):
                    due.append(_read_page(page))
                if len(due) == most:
                    break
            await cursor.close()
        return due

    async def known_pages(self, urls: Collection[str]) -> list[DuePage]:
        with self._store._asking():
            where = {"_id": {"$in": sorted(urls)}, "next_due": {"$gt": EPOCH}}
            return [_read_page(page) async for page in self._database["pages"].find(where, _DUE, sort=[("_id", 1)])]

    async def standing(self, url: str) -> tuple[Sighting, ...]:
        with self._store._asking():
            page = await self._database["pages"].find_one({"_id": url}, {"validated_at": 1}) or {}
            since = page.get("validated_at")
            where = {"source_url": url, "last_seen": {"$gte": since}}
            found = [link async for link in self._database["links"].find(where, _STANDING)] if since else []
        return tuple(
            Sighting(
                source_url=url,
                target_url=link["target_url"],
                target=link["target"],
                seen_at=link["last_seen"],
                placements=msgspec.convert(link["placements"], tuple[Placement, ...]),
            )
            for link in sorted(found, key=lambda link: str(link["_id"]))
            if link["status"] != "lost"
        )

    async def placements(self, url: str) -> list[Placement]:
        with self._store._asking():
            rows = self._database["links"].find({"source_url": url}, {"placements": 1}, sort=[("_id", 1)])
            found = [row["placements"] async for row in rows]
        return [placement for row in found for placement in msgspec.convert(row, tuple[Placement, ...])]

    async def count_pages(self, targets: Collection[str]) -> int:
        with self._store._asking():
            return len(await self._database["links"].distinct("source_url", {"target": {"$in": sorted(targets)}}))

    async def put_watched(self, watched: Sequence[Watched]) -> None:
        async with self._store._writing():
            if watched:
                await self._database["targets"].bulk_write([_watched_upsert(one) for one in watched])

    async def drop_watched(self, targets: Collection[str]) -> int:
        async with self._store._writing():
            return (await self._database["targets"].delete_many({"_id": {"$in": sorted(targets)}})).deleted_count

    async def watched(self) -> list[Watched]:
        with self._store._asking():
            found = [_read_watched(document) async for document in self._database["targets"].find({})]
        return sorted(found, key=lambda one: (one.project, one.target))

    async def quarantine(self, refused: Sequence[Refused]) -> None:
        async with self._store._writing():
            for one in refused:
                told = {name: value for name, value in asdict(one).items() if name != "id"}
                await self._database["quarantine"].update_one({"_id": one.id}, {"$setOnInsert": told}, upsert=True)

    async def quarantined(self) -> list[Refused]:
        with self._store._asking():
            found = [document async for document in self._database["quarantine"].find({})]
        refused = [Refused(id=one.pop("_id"), **one) for one in found]
        return sorted(refused, key=lambda one: (one.at, one.id))

    async def forget(self, before: datetime) -> Forgotten:
        visits = 0
        async with self._store._writing():
            async for url, newest in self._baselines(before):
                # First the mark: a visit is only missing where it is known to be.
                await self._database["pages"].update_one({"_id": url}, {"$max": {"told_until": newest}})
                older = {"url": url, "at": {"$lt": newest}}
                visits += (await self._database["visits"].delete_many(older)).deleted_count
            events = (await self._database["events"].delete_many({"at": {"$lt": before}})).deleted_count
        return Forgotten(visits=visits, events=events)

    async def _baselines(self, before: datetime) -> AsyncIterator[tuple[str, datetime]]:
        """Each page's newest successful visit before; later ones build on it."""
        where = {"outcome": "ok", "at": {"$lt": before}}
        cursor = self._database["visits"].find(where, {"_id": 0, "url": 1, "at": 1}, sort=[("url", 1), ("at", 1)])
        last: Document | None = None
        async for visit in cursor:
            if last and last["url"] != visit["url"]:
                yield last["url"], last["at"]
            last = visit
        if last:
            yield last["url"], last["at"]


def _read_page(page: Document) -> DuePage:
    return DuePage(
        url=page["_id"],
        next_due=page["next_due"],
        last_visit=page["last_visit"],
        etag=page["etag"],
        last_modified=page["last_modified"],
    )


def _watched_upsert(one: Watched) -> ReplaceOne[Document]:
    told: Document = {
        "_id": one.target,
        "project": one.project,
        "owned": list(one.owned),
        "brands": list(one.brands),
        "competitors": list(one.competitors),
    }
    return ReplaceOne({"_id": one.target}, told, upsert=True)


def _read_watched(document: Document) -> Watched:
    return Watched(
        target=document["_id"],
        project=document["project"],
        owned=tuple(document["owned"]),
        brands=tuple(document["brands"]),
        competitors=tuple(document["competitors"]),
    )
