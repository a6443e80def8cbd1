"""What the stores of schema version 1 in tests/stores/old were filled with, and how they are put back.

The dumps were made by the release of that version: ``python old_store.py STORE_URL`` filled a store there.
"""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import pymongo
from bson import json_util

from linkcrawler.records import Evidence, Link, Override, Verdict, Visit
from linkcrawler.vocabulary import Channel, Mode, Outcome, Region
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import LinkFilter, Store
from tests.stores.visits import SOURCES, START, visit

DUMPS = Path(__file__).parent / "old"
_BODY = (0, "Acme", Region.BODY, ())
_FOOT = (1, "the docs", Region.FOOTER, ("nofollow",))


def past() -> list[Visit]:
    """Links that come, go and come back on three pages, and a page that never had one."""
    return [
        visit(SOURCES[0], day=1, found=[_BODY]),
        visit(SOURCES[0], day=3, found=[_BODY, _FOOT]),
        visit(SOURCES[0], day=5, found=[_FOOT]),
        visit(SOURCES[0], day=7, outcome=Outcome.UNREACHABLE),
        visit(SOURCES[1], day=2),
        visit(SOURCES[1], day=4, found=[_BODY]),
        visit(SOURCES[1], day=6),
        visit(SOURCES[1], day=8, found=[_BODY]),
        visit(SOURCES[2], day=2, found=[_FOOT]),
        visit(SOURCES[2], day=9, outcome=Outcome.GONE),
        visit("https://empty.example.org/", day=3),
    ]


async def fill(store: Store) -> None:
    await store.put(past())
    links = [link async for link in store.links(LinkFilter())]
    await store.put_verdicts([(link.id, _verdict(link)) for link in links[1:]])
    said = Override(mode=Mode.ACTIVE, channel=Channel.GUEST_POST, by="ann", at=START)
    await store.put_override(links[0].id, said)
    await store.put_owned({"acme.org": ["acme.example"]})


def _verdict(link: Link) -> Verdict:
    evidence = (Evidence(signal="citation", channel=Channel.EDITORIAL_CITATION, weight=1.25, detail="cites"),)
    return Verdict(
        mode=Mode.PASSIVE,
        channel=Channel.EDITORIAL_CITATION,
        confidence=0.75,
        evidence=evidence,
        model="m1",
        judged_at=START,
        state=link.state,
    )


def put_back(url: str) -> None:
    """An empty store becomes the old one."""
    if url.startswith("sqlite:///"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            file.executescript((DUMPS / "version1.sql").read_text(encoding="utf-8"))
            file.execute("PRAGMA journal_mode = WAL")
        return
    kept = json_util.loads((DUMPS / "version1.json").read_text(encoding="utf-8"))
    with pymongo.MongoClient(url) as client:
        database = client.get_default_database()
        for name, documents in kept.items():
            database[name].insert_many(documents)
        database["links"].create_index([("first_seen", 1)])


def _dump(url: str) -> None:
    """Only for the release of version 1."""
    if url.startswith("sqlite:///"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            (DUMPS / "version1.sql").write_text("\n".join(file.iterdump()) + "\n", encoding="utf-8")
        return
    with pymongo.MongoClient(url, tz_aware=True) as client:
        database = client.get_default_database()
        names: Sequence[str] = sorted(set(database.list_collection_names()) - {"turns"})
        kept = {name: list(database[name].find({}, sort=[("_id", 1)])) for name in names}
        text = json_util.dumps({name: documents for name, documents in kept.items() if documents})
        (DUMPS / "version1.json").write_text(json.dumps(json.loads(text), indent=1) + "\n", encoding="utf-8")


async def _fill(url: str) -> None:
    async with open_store(url) as store:
        await fill(store)


if __name__ == "__main__":
    asyncio.run(_fill(sys.argv[1]))
    _dump(sys.argv[1])
