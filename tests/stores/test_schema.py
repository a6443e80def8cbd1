"""docs/schema.md names every table, column, collection, field and index that there is, and no other."""

import asyncio
import re
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pymongo
import pytest

from linkcrawler.records import Override
from linkcrawler.vocabulary import Channel, Mode, Region
from pipelines.events.deriving import bring_up_to_date
from pipelines.outreach.contact import Contact, OutreachLog, Stage
from pipelines.patterns.records import Finding, Trace
from pipelines.stores.connect import open_store
from pipelines.stores.history import Refused, Watched
from pipelines.stores.mongodb.schema import INDEXES
from pipelines.stores.mongodb.validators import REQUIRED, validator
from pipelines.stores.seeds import KnownSeed
from pipelines.stores.versions import SCHEMA_VERSION
from tests.stores.test_contract import verdict
from tests.stores.visits import START, dump, visit

DAY = START.date()
PAGE = (Path(__file__).parents[2] / "docs" / "schema.md").read_text(encoding="utf-8")
TABLES = [
    "links", "pages", "visits", "events", "targets", "quarantine", "outreach", "outreach_logs", "seeds", "traces",
    "patterns", "owned", "store_schema",
]  # fmt: skip
OVERRIDE = Override(mode=Mode.ACTIVE, channel=Channel.SPONSORED, by="a reviewer", at=START)
LOG = OutreachLog(name="2026.csv", system="by hand", imported_at=START, complete_from=DAY, complete_to=DAY)
CONTACT = Contact(
    id="c1",
    log=LOG.name,
    site="example.com",
    stage=Stage.PLACED,
    contacted=DAY,
    placed=DAY,
    channel=Channel.GUEST_POST,
)
SEED = KnownSeed(
    url="https://example.com/",
    origin="ahrefs",
    source="export.csv",
    row=2,
    target="acme.org",
    target_url="https://acme.org/",
    since=DAY,
    last=DAY,
    lost=DAY,
    noted_at=START,
)
_ROW = re.compile(r"^\| (?P<names>`[^|]+) \| (?P<type>[^|]+) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def documented(collection: str, backend: str) -> dict[str, str]:
    """Type by field name, as the page gives them for one backend."""
    section = PAGE.partition(f"\n## {collection}\n")[2].partition("\n## ")[0]
    found = {}
    for row in _ROW.finditer(section):
        names, note = row["names"], re.search(r"\((SQLite|MongoDB)( `(\w+)`)?\)", row["names"])
        own = re.findall(r"`(\w+)`", names.partition("(")[0])
        if note and note[1] == "SQLite" and note[3]:
            own = [note[3]] if backend == "SQLite" else own
        elif note and note[1] != backend:
            own = []
        found.update(dict.fromkeys(own, row["type"]))
    return found


async def fill(url: str) -> None:
    async with open_store(url) as store:
        await store.put(
            [visit(day=1), visit(day=2, found=[(0, "Acme", Region.BODY, ("nofollow",)), (1, "Docs", Region.BODY, ())])]
        )
        await bring_up_to_date(store, now=START)
        await store.history.forget(START + timedelta(days=3))
        await store.put([visit(day=4, found=[(0, "Acme!", Region.BODY, ())])])
        await bring_up_to_date(store, now=START)
        await store.history.put_watched([Watched(target="acme.org", project="acme", owned=("acme.net",))])
        await store.history.quarantine([Refused(id="r1", at=START, url="http:/", reason="malformed", record="{}")])
        links = await dump(store)
        await store.put_verdicts([verdict(link) for link in links])
        await store.put_override(links[0].id, OVERRIDE)
        await store.put_outreach(LOG, [CONTACT])
        await store.seeds.put([SEED])
        await store.put_traces([Trace(links[0].id, "stamp", ("1:a example.com -",))])
        await store.put_findings([(links[0].id, (Finding("burst", "six sites"),))])
        await store.put_owned({"acme.org": ["acme.example"]})


@pytest.mark.parametrize("table", TABLES)
def test_the_page_lists_every_column(table: str, tmp_path: Path) -> None:
    asyncio.run(fill(f"sqlite:///{tmp_path / 'links.db'}"))
    with sqlite3.connect(tmp_path / "links.db") as file:
        columns = {row[1] for row in file.execute(f"PRAGMA table_xinfo({table})")}
        own = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 5) <> 'link_'"
        tables = {row[0] for row in file.execute(own)}

    assert set(documented(table, "SQLite")) == columns
    assert tables == set(TABLES)


@pytest.mark.mongodb
def test_the_page_lists_every_field_with_its_type(mongodb_store_url: str) -> None:
    asyncio.run(fill(mongodb_store_url))
    types: dict[str, tuple[type, ...]] = {
        "text": (str,),
        "time": (datetime,),
        "integer": (int,),
        "boolean": (bool,),
        "list": (list,),
        "document": (dict,),
    }

    with pymongo.MongoClient[dict[str, Any]](mongodb_store_url) as client:
        database = client.get_default_database()
        names = set(database.list_collection_names())
        assert names - {"turns", "deriving"} == set(TABLES)
        for name in names:
            fields = documented("turns" if name == "deriving" else name, "MongoDB")
            documents = list(database[name].find())
            assert set().union(*documents) == set(fields), name
            for document in documents:
                for field, value in document.items():
                    if value is not None or "or null" not in fields[field]:
                        assert isinstance(value, types[fields[field].split()[0]]), (name, field, value)


@pytest.mark.parametrize("index", [index.document["key"] for index in INDEXES["links"]])
def test_the_page_lists_every_index_of_links(index: dict[str, int]) -> None:
    listed = PAGE.partition("| index | answers |")[2].partition("## pages")[0]

    assert f"`{next(iter(index))}`" in listed


def test_the_page_names_the_version() -> None:
    assert f"Schema version: {SCHEMA_VERSION}." in PAGE


@pytest.mark.mongodb
def test_the_servers_rules_fit_what_is_written(mongodb_store_url: str) -> None:
    asyncio.run(fill(mongodb_store_url))
    bson = {"string": str, "date": datetime, "bool": bool, "array": list, "int": int, "long": int, "object": dict}
    bson["null"] = type(None)

    with pymongo.MongoClient[dict[str, Any]](mongodb_store_url) as client:
        for name in REQUIRED:
            rule = validator(name)["$jsonSchema"]
            documents = list(client.get_default_database()[name].find())
            assert documents, name
            for document in documents:
                assert set(rule["required"]) - set(document) == set(), name
                for field, said in rule["properties"].items():
                    kinds = said.get("bsonType", "string")
                    allowed = tuple(bson[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
                    assert isinstance(document[field], allowed), (name, field)
                    assert document[field] in said.get("enum", [document[field]])
