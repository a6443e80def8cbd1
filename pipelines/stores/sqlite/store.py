"""The embedded store: one SQLite file, safe for several processes on one machine.

Each batch is one transaction. Blocking calls run in threads of their own: one for the writing connection, one per
stream of links, so that the event loop goes on.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any, Self, TypeVar

from linkcrawler.records import Link, Override, Verdict, Visit
from linkcrawler.vocabulary import Mode, Outcome
from pipelines.outreach.contact import Contact, OutreachLog
from pipelines.patterns.records import Finding, Repeated, Trace
from pipelines.stores.brief import Brief, brief_of
from pipelines.stores.flat import FlatRow, flat_of
from pipelines.stores.fold import fold
from pipelines.stores.ids import ALL_IDS, IdRange
from pipelines.stores.link_filter import Counted, LinkFilter
from pipelines.stores.protocol import AsStored, Totals
from pipelines.stores.reading import checked_facets, counted, remaining, unasked
from pipelines.stores.record import record_of
from pipelines.stores.sqlite import brief as of_briefs
from pipelines.stores.sqlite import events, judging, outreach, patterns
from pipelines.stores.sqlite import filter as filtering
from pipelines.stores.sqlite import flat as flat_reading
from pipelines.stores.sqlite import query as sql
from pipelines.stores.sqlite import records as of_records
from pipelines.stores.sqlite import rows as of_rows
from pipelines.stores.sqlite.as_stored import SqliteAsStored
from pipelines.stores.sqlite.history import SqliteHistory
from pipelines.stores.sqlite.readers import Readers
from pipelines.stores.sqlite.schema import connect, failure
from pipelines.stores.sqlite.search import words_in_step
from pipelines.stores.sqlite.seeds import SqliteSeeds
from pipelines.stores.sqlite.walking import MANY, STEPS, probe, walk
from pipelines.stores.sqlite.write_ahead import WriteAheadLog

T = TypeVar("T")
Row = tuple[Any, ...]

BATCH = 500
"""Links that are read at a time: about 1 MB."""


_page = attrgetter("source_url")
"""Of a change: links of a page that lie beside each other are read with the page's facts read once."""


class SqliteStore:
    """Implements :class:`pipelines.stores.protocol.Store`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._log = WriteAheadLog(connection, path)
        self.serves_many = True
        self._readers = Readers(path)
        self.as_stored: AsStored | None = SqliteAsStored(self._readers)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-store")
        self.history = SqliteHistory(self)
        self.seeds = SqliteSeeds(self)

    @classmethod
    async def open(cls, path: Path, *, create: bool) -> Self:
        """Raises StoreError, see :func:`pipelines.stores.sqlite.schema.connect`."""
        return cls(path, await asyncio.to_thread(connect, path, create=create))

    async def put(self, visits: Sequence[Visit]) -> None:
        if visits:
            await self._run(self._put, visits)

    async def count_unjudged(self) -> int:
        [[(count,)]] = [rows async for rows in self._read(sql.COUNT_UNJUDGED, decode=list)]
        return int(count)

    async def put_verdicts(self, verdicts: Sequence[tuple[str, Verdict]]) -> None:
        if verdicts:
            await self._run(self._in_transaction, judging.put_verdicts, verdicts)

    async def links(self, where: LinkFilter) -> AsyncIterator[Link]:
        if where.asks_appearance:
            everything = self.links(unasked(where))
            async for link in remaining(everything, where):
                yield link
            return
        async for batch in self._in_order(where, of_rows.read_links):
            for link in batch:
                yield link

    async def ids(self, where: LinkFilter) -> AsyncIterator[Sequence[str]]:
        async for rows in self._read(*filtering.select_rows(where, "id"), decode=list, size=BATCH):
            yield [link for (link,) in rows]

    async def flat(self, where: LinkFilter) -> AsyncIterator[Sequence[FlatRow]]:
        if where.asks_appearance:
            async for link in self.links(where):
                yield [flat_of(link)]
            return
        async for batch in self._in_order(where, flat_reading.flat_rows, flat_reading.FIELDS):
            yield batch

    async def records(self, where: LinkFilter) -> AsyncIterator[Sequence[object]]:
        if where.asks_appearance:
            async for link in self.links(where):
                yield [record_of(link)]
            return
        async for batch in self._in_order(where, of_records.records, of_records.FIELDS):
            yield batch

    async def briefs(self, where: LinkFilter) -> AsyncIterator[Sequence[Brief]]:
        if where.asks_appearance:
            async for link in self.links(replace(where, limit=0, after=None)):
                yield [brief_of(link)]
            return
        statement = of_briefs.select_briefs(where)
        async for batch in self._read(*statement, decode=of_briefs.briefs, size=BATCH):
            yield batch

    async def count(self, where: LinkFilter) -> int:
        where = replace(where, limit=0, after=None)
        if where.asks_appearance:
            return sum([1 async for _ in self.links(where)])
        [[(count,)]] = [rows async for rows in self._read(*filtering.count_links(where), decode=list)]
        return int(count)

    async def count_by(self, where: LinkFilter, fields: Sequence[str], top: int = 0) -> list[Counted]:
        fields, where = checked_facets(fields), replace(where, limit=0, after=None)
        if where.asks_appearance:
            return await counted(self.links(where), fields, top)
        statement = filtering.count_by(where, fields, top)
        rows = [row async for batch in self._read(*statement, decode=list) for row in batch]
        return [(tuple(value or "" for value in values), count) for *values, count in rows]

    async def unjudged(
        self, model: str, *, everything: bool = False, within: IdRange = ALL_IDS
    ) -> AsyncIterator[Sequence[Link]]:
        last = ""
        while (due := await self._run(judging.list_due, self._connection, last, within, model, everything))[1]:
            last, rows = due[0], iter(due[1])
            while (batch := await self._run(judging.read_due, self._connection, rows, model, everything)) is not None:
                if batch:
                    yield batch

    async def put_override(self, link_id: str, override: Override | None) -> None:
        await self._run(self._in_transaction, outreach.put_override, link_id, override)

    async def put_outreach(self, log: OutreachLog, contacts: Sequence[Contact]) -> int:
        return await self._run(self._in_transaction, outreach.put_outreach, log, contacts)

    async def forget_outreach(self, name: str) -> int:
        return await self._run(self._in_transaction, outreach.forget_outreach, name)

    async def outreach_logs(self) -> list[OutreachLog]:
        return await self._run(outreach.read_logs, self._connection)

    async def contacts(self, sites: Collection[str]) -> list[Contact]:
        return await self._run(outreach.read_contacts, self._connection, sites)

    async def count_contacts(self) -> list[tuple[str, str, int]]:
        return await self._run(outreach.count_contacts, self._connection)

    async def mark_due(self, domains: Collection[str] | None) -> int:
        return await self._run(self._in_transaction, outreach.mark_due, domains)

    async def targets(self) -> list[str]:
        return await self._run(patterns.read_targets, self._connection)

    async def untraced(self, version: str) -> AsyncIterator[Sequence[tuple[str, Link]]]:
        last = ""
        while batch := await self._run(self._read_untraced, last, version):
            yield batch
            last = batch[-1][1].id

    async def put_traces(self, traces: Sequence[Trace]) -> None:
        await self._run(self._in_transaction, patterns.put_traces, traces)

    def marks(self) -> AsyncIterator[Sequence[Repeated]]:
        return self._read(patterns.MARKS, decode=patterns.repeated)

    def traces(self) -> AsyncIterator[Sequence[tuple[str, tuple[str, ...]]]]:
        return self._read(patterns.TRACES, decode=patterns.read_traces)

    def found(self) -> AsyncIterator[Sequence[tuple[str, tuple[Finding, ...]]]]:
        return self._read(patterns.FOUND, decode=patterns.read_found)

    async def findings(self, links: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
        return await self._run(patterns.findings_of, self._connection, links)

    async def put_findings(self, changes: Sequence[tuple[str, tuple[Finding, ...]]]) -> None:
        await self._run(self._in_transaction, patterns.put_findings, changes)

    async def owned(self) -> dict[str, frozenset[str]]:
        return await self._run(patterns.read_owned, self._connection)

    async def put_owned(self, owned: Mapping[str, Collection[str]]) -> None:
        await self._run(self._in_transaction, patterns.put_owned, owned)

    async def totals(self) -> Totals:
        return await self._run(self._count)

    async def outcomes(self) -> dict[Outcome, int]:
        found: dict[str, int] = dict(await self._run(self._count_outcomes))
        return {outcome: found.get(outcome, 0) for outcome in Outcome}

    async def close(self) -> None:
        self._readers.close()
        await self._run(self._connection.close)
        self._thread.shutdown()

    async def _in_order(
        self, where: LinkFilter, decode: Callable[[Iterator[Row]], list[T]], fields: str = sql.LINKS_AT
    ) -> AsyncIterator[list[T]]:
        """What is made of the links that fit, in order: first where they stand, then themselves, batch by batch."""
        with await self._readers.lend() as connection:

            def ask() -> Iterator[Row]:
                counting = probe(where)
                found = connection.execute(*counting).fetchone()[0] if counting else None
                if found == MANY:
                    walked = walk(connection, *filtering.select_rows(where, found=found), STEPS * where.limit)
                    if walked is not None:
                        return iter(walked)
                    found = None
                return connection.execute(*filtering.select_rows(where, found=found))

            def batch(rows: Iterator[Row]) -> list[T]:
                wanted = json.dumps([row for (row,) in islice(rows, BATCH)])
                return decode(connection.execute(fields, (wanted,))) if wanted != "[]" else []

            rows = await asyncio.to_thread(ask)
            while found := await asyncio.to_thread(batch, rows):
                yield found

    async def _read(
        self,
        statement: str,
        arguments: Sequence[object] = (),
        *,
        decode: Callable[[Iterator[Row]], list[T]],
        size: int = 10 * BATCH,
    ) -> AsyncIterator[list[T]]:
        """The decoded rows of a statement in batches, over a connection of its own."""
        with await self._readers.lend() as connection:
            rows = await asyncio.to_thread(connection.execute, statement, arguments)
            while batch := await asyncio.to_thread(lambda: decode(islice(rows, size))):
                yield batch

    async def _run(self, job: Callable[..., T], *arguments: object) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, job, *arguments)
        except sqlite3.Error as error:
            raise failure(self._path, error) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._log.shorten()

    def _in_transaction(self, job: Callable[..., T], *arguments: object) -> T:
        with self._transaction() as connection:
            return job(connection, *arguments)

    def _put(self, visits: Sequence[Visit]) -> None:
        folded = fold(visits)
        urls = json.dumps([page.url for page in folded.pages])
        links = sorted(folded.links, key=_page)
        with self._transaction() as connection:
            connection.executemany(sql.PUT_VISIT, map(events.visit_row, folded.visits))
            connection.executemany(sql.PUT_PAGE, map(of_rows.page_row, folded.pages))
            with words_in_step(connection, links):
                connection.executemany(sql.PUT_LINK, map(of_rows.link_row, links))
            connection.executemany(sql.SETTLE, connection.execute(sql.OUT_OF_STEP, [urls]).fetchall())
            connection.execute(events.UNSETTLE, [urls])

    def _read_untraced(self, last: str, version: str) -> list[tuple[str, Link]]:
        ids = [link for (link,) in self._connection.execute(patterns.UNTRACED, (last, version, BATCH))]
        stamps = dict(self._connection.execute(patterns.STAMPS, (version, json.dumps(ids))).fetchall())
        links = of_rows.read_links(self._connection.execute(sql.LINKS_OF, (json.dumps(ids),))) if ids else []
        return [(stamps[link.id], link) for link in links]

    def _count_outcomes(self) -> list[Row]:
        return self._connection.execute("SELECT outcome, count(*) FROM visits GROUP BY outcome").fetchall()

    def _count(self) -> Totals:
        links, pages, visits = (
            self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - constants only
            for table in ("links", "pages", "visits")
        )
        by_mode = self._connection.execute("SELECT mode, count(*) FROM links GROUP BY mode").fetchall()
        return Totals(
            links=links,
            pages=pages,
            visits=visits,
            by_mode={Mode(mode) if mode else None: count for mode, count in by_mode},
        )
