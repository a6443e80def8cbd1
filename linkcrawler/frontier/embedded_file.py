"""The SQLite file of the embedded frontier: what of a crawl outlives its process.

Tables:
    frontier_crawls  one row per crawl: key, state (running, finished, budget)
    frontier_urls    one row per admitted URL of the crawl's current round; id is a 64-bit digest of crawl and URL.
                     Rows lie as they came: where digests order them, as in older files, a third more is written
    frontier_hosts   one row per crawl and host that was asked: how long it rests, and what its pages held

Reads are quick and happen at once. Writes may have to wait for another process that writes the same file (the store's
batches, ``linkcrawler classify``), so they are made in a thread of their own, one after the other. Those that come
while one is made are made in one transaction: pages are stored by tens, and then acknowledged at once.
"""

import asyncio
import hashlib
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

from linkcrawler.errors import StoreError
from linkcrawler.frontier.protocol import Candidate

logger = logging.getLogger(__name__)

T = TypeVar("T")
Change = Callable[[sqlite3.Connection], Any]

BUSY_SECONDS = 30.0
LOG_PAGES = 8000
"""Of the write-ahead log, before they go into the file, as for the store: with 1,000 a page costs an eighth more."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS frontier_crawls (crawl TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS frontier_urls (
    id INTEGER NOT NULL UNIQUE, crawl TEXT NOT NULL, host TEXT NOT NULL, url TEXT NOT NULL, depth INTEGER NOT NULL,
    priority INTEGER NOT NULL, chain TEXT NOT NULL, spelled TEXT NOT NULL,
    attempt INTEGER NOT NULL, turn INTEGER NOT NULL, state INTEGER NOT NULL, hint INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS frontier_hosts (
    crawl TEXT NOT NULL, host TEXT NOT NULL, rests_until REAL NOT NULL, pace REAL NOT NULL,
    hits INTEGER NOT NULL, tries INTEGER NOT NULL, dry INTEGER NOT NULL, PRIMARY KEY (crawl, host)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS frontier_queue ON frontier_urls (crawl, host, priority DESC, turn) WHERE state = 0;
"""

_ADD = "INSERT OR IGNORE INTO frontier_urls VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, ?)"
_NEXT = "FROM frontier_urls WHERE crawl = ? AND host = ? AND state = 0 ORDER BY priority DESC, turn LIMIT 1"
_FORGET = (
    "DELETE FROM frontier_urls WHERE id IN (SELECT id FROM frontier_urls WHERE crawl = ? AND host = ? AND state = 0"
    " AND id NOT IN ({}) ORDER BY priority, turn DESC LIMIT ?)"
)


class UrlState(IntEnum):
    """Where an admitted URL stands. Leases are not kept: what was leased when the process died is still queued."""

    QUEUED = 0
    DONE = 1
    SKIPPED = 2
    DEAD = 3


@dataclass(slots=True)
class HostRow:
    """What is known of a host. Times are seconds, ``rests_until`` since the epoch."""

    rests_until: float = 0.0
    pace: float = 0.0
    """Its Crawl-delay."""
    hits: int = 0
    """Pages that link to the target, of ``tries`` that were read; ``dry`` is how many in a row did not."""
    tries: int = 0
    dry: int = 0

    def note(self, *, hit: bool) -> None:
        self.hits, self.tries, self.dry = self.hits + hit, self.tries + 1, 0 if hit else self.dry + 1


class FrontierFile:
    """One crawl's part of the file at ``path``."""

    def __init__(self, path: Path, crawl: str) -> None:
        self._crawl = crawl
        try:
            self._reader, self._writer = _connect(path), _connect(path)
            self._writer.executescript(_SCHEMA)
            if "hint" not in {row[1] for row in self._writer.execute("PRAGMA table_info(frontier_urls)")}:
                self._writer.execute("ALTER TABLE frontier_urls ADD COLUMN hint INTEGER NOT NULL DEFAULT 0")
        except sqlite3.Error as error:
            raise StoreError(f"{path}: the frontier cannot be opened ({error}); expected a SQLite file") from error
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="frontier")
        self._waiting: list[tuple[Change, asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None

    def state(self) -> str:
        """``running``, ``finished`` or ``budget``; a crawl that the file does not know is finished."""
        row = self._reader.execute("SELECT state FROM frontier_crawls WHERE crawl = ?", (self._crawl,)).fetchone()
        return row[0] if row else "finished"

    def counts(self) -> Counter[UrlState]:
        query = "SELECT state, COUNT(*) FROM frontier_urls WHERE crawl = ? GROUP BY state"
        return Counter({UrlState(state): n for state, n in self._reader.execute(query, (self._crawl,))})

    def last_turn(self) -> int:
        """The highest turn given so far; -1 if none."""
        query = "SELECT ifnull(MAX(turn), -1) FROM frontier_urls WHERE crawl = ?"
        return int(self._reader.execute(query, (self._crawl,)).fetchone()[0])

    def queued(self) -> dict[str, int]:
        """Numbers of queued URLs by host, the hosts in the order in which their first one arrived."""
        query = (
            "SELECT host, COUNT(*) FROM frontier_urls WHERE crawl = ? AND state = 0 GROUP BY host ORDER BY MIN(turn)"
        )
        return dict(self._reader.execute(query, (self._crawl,)).fetchall())

    def hosts(self) -> dict[str, HostRow]:
        """What this crawl knows of its hosts. That a host rests holds for all crawls in this file."""
        query = (
            "SELECT host, MAX(rests_until), MAX(pace), SUM(hits * (crawl = ?1)), SUM(tries * (crawl = ?1)),"
            " SUM(dry * (crawl = ?1)) FROM frontier_hosts GROUP BY host"
        )
        return {host: HostRow(*row) for host, *row in self._reader.execute(query, (self._crawl,))}

    def priority_of(self, host: str) -> int:
        """That of the URL of ``host`` that comes next; 0 if none does. The index tells it: half the time of next_of."""
        row = self._reader.execute(f"SELECT priority {_NEXT}", (self._crawl, host)).fetchone()
        return int(row[0]) if row else 0

    def next_of(self, host: str) -> tuple[int, int, Candidate] | None:
        """Id, attempt and candidate of the URL of ``host`` that comes next."""
        row = self._reader.execute(
            f"SELECT id, attempt, url, depth, priority, chain, spelled, hint {_NEXT}", (self._crawl, host)
        ).fetchone()
        if row is None:
            return None
        key, attempt, url, depth, priority, chain, spelled, hint = row
        return key, attempt, Candidate(url, depth, priority, tuple(chain.split("\n")) if chain else (), spelled, hint)

    async def set_state(self, state: str, *, forget: bool = False) -> None:
        """Note the crawl's state; ``forget`` drops all its URLs."""

        def write(db: sqlite3.Connection) -> None:
            if forget:
                db.execute("DELETE FROM frontier_urls WHERE crawl = ?", (self._crawl,))
                db.execute("UPDATE frontier_hosts SET hits = 0, tries = 0, dry = 0 WHERE crawl = ?", (self._crawl,))
            db.execute("INSERT OR REPLACE INTO frontier_crawls VALUES (?, ?)", (self._crawl, state))

        await self._write(write)

    async def add(
        self,
        by_host: Mapping[str, Sequence[tuple[int, Candidate]]],
        *,
        room: Mapping[str, int],
        leased: Iterable[int] = (),
        moved: tuple[int, UrlState] | None = None,
        about: tuple[str, HostRow] | None = None,
    ) -> tuple[Counter[str], Counter[str]]:
        """Queue what is new, each with its turn, and in the same transaction move one URL to another state and note
        what is known of a host. Of the new URLs and those queued, a host's worst are forgotten that exceed its
        ``room``.

        Gives numbers by host: new, forgotten.
        """
        rows = {
            host: [
                (_id(self._crawl, c.url), self._crawl, host, c.url, c.depth, c.priority, "\n".join(c.chain), c.spelled,
                 turn, c.hint)
                for turn, c in candidates
            ]
            for host, candidates in by_host.items()
        }  # fmt: skip
        spared = list(leased)

        def write(db: sqlite3.Connection) -> tuple[Counter[str], Counter[str]]:
            new = Counter({host: db.executemany(_ADD, of_host).rowcount for host, of_host in rows.items()})
            forgotten = Counter[str]()
            for host, number in new.items():
                surplus = min(number, number - room[host])
                if surplus > 0:
                    known = (self._crawl, host, *spared, surplus)
                    forgotten[host] = db.execute(_FORGET.format(",".join("?" * len(spared))), known).rowcount
            if moved:
                db.execute("UPDATE frontier_urls SET state = ? WHERE id = ?", (moved[1], moved[0]))
            if about:
                self._note(db, *about)
            return new, forgotten

        return await self._write(write)

    async def requeue(self, key: int, turn: int, about: tuple[str, HostRow]) -> None:
        """Put a URL at the end of its host's queue, one attempt older."""

        def write(db: sqlite3.Connection) -> None:
            db.execute("UPDATE frontier_urls SET attempt = attempt + 1, turn = ? WHERE id = ?", (turn, key))
            self._note(db, *about)

        await self._write(write)

    def _note(self, db: sqlite3.Connection, host: str, known: HostRow) -> None:
        row = (self._crawl, host, known.rests_until, known.pace, known.hits, known.tries, known.dry)
        db.execute("INSERT OR REPLACE INTO frontier_hosts VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    async def close(self) -> None:
        if self._writing:
            await self._writing
        await asyncio.to_thread(self._thread.shutdown)
        self._reader.close()
        self._writer.close()

    async def _write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        written: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await written

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                if not await self._write_together(batch) and len(batch) > 1:
                    for one in batch:
                        await self._write_together([one])
        finally:
            self._writing = None

    async def _write_together(self, batch: Sequence[tuple[Change, "asyncio.Future[Any]"]]) -> bool:
        """False if one of several failed, which is then to be found: nothing of the batch was written."""
        changes = [change for change, _ in batch]
        try:
            results = await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, changes)
        except Exception as error:  # whoever asked for the change is told
            if len(batch) == 1 and not batch[0][1].done():
                batch[0][1].set_exception(error)
            return False
        for (_, written), result in zip(batch, results, strict=True):
            if not written.done():
                written.set_result(result)
        return True

    def _transaction(self, changes: Iterable[Change]) -> list[Any]:
        """Waits for as long as another process holds the file: what is not written would be lost."""
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                logger.warning("the frontier waits: another process has held its file for %.0f s", BUSY_SECONDS)
        try:
            results = [change(self._writer) for change in changes]
            self._writer.execute("COMMIT")
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        return results


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    return connection


def _id(crawl: str, url: str) -> int:
    """64-bit digest: with 100 million URLs the chance that any two share one is below 0.0003."""
    raw = hashlib.blake2b(f"{crawl}\n{url}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)
