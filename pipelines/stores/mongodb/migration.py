"""Brings a database of an older release forward.

Every update may be repeated, and documents that a killed run has done are known by a field that older releases do not
write: the next run goes on with the others.
"""

from typing import Any

import msgspec
from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from linkcrawler.records import Placement, Verdict
from pipelines.patterns.syndication import act_in
from pipelines.stores.migration import BATCH, Migration, Progress, derived, needs_migration
from pipelines.stores.mongodb import documents
from pipelines.stores.mongodb.schema import connect_to_migrate, failure, make_indexes, without_credentials
from pipelines.stores.mongodb.turns import turn
from pipelines.stores.versions import SCHEMA_VERSION

Document = dict[str, Any]

_UNDONE: dict[str, Document] = {"links": {"block": {"$exists": False}}, "pages": {"told": {"$exists": False}}}
_DERIVED = ("anchor_search", "search", "heading_search", "words", "block")


async def migrate_database(url: str, *, dry_run: bool, on_progress: Progress) -> Migration:
    """See :func:`pipelines.stores.migration.migrate`."""
    shown = without_credentials(url)
    database, version, atomic = await connect_to_migrate(url)
    try:
        if not needs_migration(version, shown):
            return Migration(found=version or 0, documents={})
        counts = {name: await database[name].count_documents(undone) for name, undone in _UNDONE.items()}
        if not dry_run:
            await _bring_forward(database, atomic, on_progress)
        return Migration(found=version or 0, documents=counts)
    except PyMongoError as error:
        raise failure(shown, error) from None
    finally:
        await database.client.close()


async def _bring_forward(database: AsyncDatabase[Document], atomic: bool, on_progress: Progress) -> None:
    done = 0
    while links := await database["links"].find(_UNDONE["links"], limit=BATCH).to_list():
        await database["links"].bulk_write([_link_update(link) for link in links], ordered=False)
        done += len(links)
        on_progress("links", done)
    done = 0
    while pages := await database["pages"].find(_UNDONE["pages"], {"links": 1}, limit=BATCH).to_list():
        await database["pages"].bulk_write([_page_update(page) for page in pages], ordered=False)
        done += len(pages)
        on_progress("pages", done)
    if atomic:
        await make_indexes(database)
    else:
        async with turn(database["turns"]):
            await make_indexes(database)
    await database["store_schema"].update_one({"_id": "version"}, {"$set": {"version": SCHEMA_VERSION}})


def _link_update(link: Document) -> UpdateOne:
    placements = msgspec.convert(link["placements"], tuple[Placement, ...])
    change = derived(link["source_url"], link["target_url"], link["target"], link["last_seen"], placements)
    fields = documents.sighting(change)
    verdict = msgspec.convert(link.get("verdict"), Verdict | None)
    values = {**{name: fields[name] for name in _DERIVED}, "act": act_in(verdict.evidence) if verdict else ""}
    return UpdateOne({"_id": link["_id"]}, {"$set": values})


def _page_update(page: Document) -> UpdateOne:
    return UpdateOne({"_id": page["_id"]}, {"$set": {"told": 1, "settled": not page.get("links")}})
