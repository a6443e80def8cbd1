"""What cannot be read is told as a StoreError, never as the driver's own error."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from linkcrawler.errors import StoreAway, StoreError
from pipelines.stores.connect import open_store
from pipelines.stores.mongodb import schema
from pipelines.stores.protocol import LinkFilter, Store
from tests.servers.mongodb import build_ferretdb, running
from tests.stores.visits import MANY_HOSTS


async def _all(rows: AsyncIterator[object]) -> None:
    async for _ in rows:
        pass


READS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "links": lambda store: _all(store.links(LinkFilter())),
    "unjudged": lambda store: _all(store.unjudged("m1")),
    "untraced": lambda store: _all(store.untraced("v1")),
    "marks": lambda store: _all(store.marks()),
    "traces": lambda store: _all(store.traces()),
    "found": lambda store: _all(store.found()),
    "findings": lambda store: store.findings(["0" * 16]),
    "owned": lambda store: store.owned(),
    "targets": lambda store: store.targets(),
    "contacts": lambda store: store.contacts(["example.com"]),
    "count_contacts": lambda store: store.count_contacts(),
    "outreach_logs": lambda store: store.outreach_logs(),
    "totals": lambda store: store.totals(),
    "outcomes": lambda store: store.outcomes(),
}


async def _failures(store: Store) -> dict[str, BaseException | None]:
    failed: dict[str, BaseException | None] = {}
    for name, read in READS.items():
        try:
            await read(store)
            failed[name] = None
        except Exception as error:
            failed[name] = error
    return failed


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "links.db"

    async def damaged() -> dict[str, BaseException | None]:
        async with open_store(f"sqlite:///{path}") as store:
            await store.put(MANY_HOSTS)
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(size,)] = database.execute("PRAGMA page_size").fetchall()
        with path.open("r+b") as file:  # the first half, with the schema, stays
            start = path.stat().st_size // size // 2 * size
            file.seek(start)
            file.write(b"\xff" * (path.stat().st_size - start))
        async with open_store(f"sqlite:///{path}", create=False) as store:
            return await _failures(store)

    failed = asyncio.run(damaged())

    assert failed["links"] and failed["unjudged"]  # noqa: PT018
    assert all(error is None or type(error) is StoreError for error in failed.values()), failed
    assert "malformed" in str(failed["links"])
    assert "integrity_check" in str(failed["links"])


@pytest.mark.mongodb
@pytest.mark.skipif(not shutil.which("go"), reason="a server to stop: needs Go for FerretDB")
def test_a_server_that_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "REACH_MS", 300)

    async def stopped() -> dict[str, BaseException | None]:
        with running([str(build_ferretdb()), str(tmp_path)]) as url:
            store = open_store(f"{url.rstrip('/')}/links")
            opened = await store.__aenter__()
            await opened.put(MANY_HOSTS[:3])
        failed = await _failures(opened)
        await store.__aexit__(None, None, None)
        return failed

    failed = asyncio.run(stopped())

    assert [name for name, error in failed.items() if not isinstance(error, StoreAway)] == []
