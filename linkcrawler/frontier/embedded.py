"""The frontier of a crawl in one process, kept in a SQLite file so that a killed crawl goes on where it was.

On disk a URL is queued, done, skipped or dead. Leases live in memory only: what was leased when the process died
is still queued in the file, and the next run of the same command fetches it again.

Tables:
    frontier_crawls  one row per crawl: key, state (running, finished, budget)
    frontier_urls    one row per admitted URL of the crawl's current round; id is a 64-bit digest of crawl and URL
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from linkcrawler.errors import StoreError
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.process_lock import ProcessLock
from linkcrawler.frontier.protocol import Admitted, Begun, Candidate, Ended, Lease, Status
from linkcrawler.frontier.turns import Turns
from linkcrawler.urls import host_of
from linkcrawler.vocabulary import Refusal

_SCHEMA = """
CREATE TABLE IF NOT EXISTS frontier_crawls (crawl TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS frontier_urls (
    id INTEGER PRIMARY KEY, crawl TEXT NOT NULL, host TEXT NOT NULL, url TEXT NOT NULL, depth INTEGER NOT NULL,
    priority INTEGER NOT NULL, chain TEXT NOT NULL, spelled TEXT NOT NULL,
    attempt INTEGER NOT NULL, turn INTEGER NOT NULL, state INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS frontier_queue ON frontier_urls (crawl, host, priority DESC, turn) WHERE state = 0;
"""
_QUEUED, _DONE, _SKIPPED, _DEAD = range(4)

class EmbeddedFrontier:
    """One crawl's frontier in the SQLite file at ``path``. ``clock`` gives seconds and never goes back."""

    def __init__(self, path: Path, crawl: str, limits: Limits, *, clock: Callable[[], float]) -> None:
        self._path, self._crawl, self._limits, self._clock = path, crawl, limits, clock
        self._turns = Turns()
        self._paces: dict[str, float] = {}
        self._failures = Counter[str]()
        self._ended: dict[str, float] = {}
        self._leases: dict[str, str] = {}
        self._states: Counter[int] = Counter()
        self._turn = count()
        self._draining = False

    @property
    def down(self) -> bool:
        return False

    @property
    def lost(self) -> str:
        return ""

    async def open(self) -> None:
        path = self._path
        self._lock = ProcessLock.acquire(path.with_name(f"{path.name}.crawl-{self._crawl}.lock"))
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            self._lock.release()
            raise StoreError(f"{path}: the frontier cannot be opened ({error}); expected a SQLite file") from error

    async def begin(self, *, restart: bool = False) -> Begun:
        """Go on with an unfinished crawl of the same plan, or begin a new round."""
        row = self._db.execute("SELECT state FROM frontier_crawls WHERE crawl = ?", (self._crawl,)).fetchone()
        state = row[0] if row else "finished"
        fetched = self._count().get(_DONE, 0)
        budget_left = not self._limits.max_pages or fetched < self._limits.max_pages
        resumed = state == "running" or (state == "budget" and budget_left)
        if restart or not resumed:
            self._db.execute("DELETE FROM frontier_urls WHERE crawl = ?", (self._crawl,))
            resumed = False
        self._set_state("running")
        self._load()
        return Begun(resumed=resumed, pending=self.status().pending)

    async def admit(self, batch: Sequence[Candidate]) -> Admitted:
        crawl, before = self._crawl, self._db.total_changes
        rows = [
            (_id(crawl, c.url), crawl, host_of(c.url), c.url, c.depth, c.priority, "\n".join(c.chain), c.spelled)
            for c in batch
        ]
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT OR IGNORE INTO frontier_urls VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0)",
            ((*row, next(self._turn)) for row in rows),
        )
        self._db.execute("COMMIT")
        kept = self._db.total_changes - before
        self._states[_QUEUED] += kept
        now = self._clock()
        for row in rows:
            self._turns.add(row[2], now)
        duplicates = len(batch) - kept
        return Admitted(kept, {Refusal.DUPLICATE: duplicates} if duplicates else {})

    def reserve(self) -> Lease | None:
        if self._draining or self._budget_spent():
            return None
        while (host := self._turns.take(self._clock())) is not None:
            row = self._db.execute(
                "SELECT id, url, depth, priority, chain, spelled, attempt FROM frontier_urls"
                " WHERE crawl = ? AND host = ? AND state = 0 ORDER BY priority DESC, turn LIMIT 1",
                (self._crawl, host),
            ).fetchone()
            if row is None:
                self._turns.drop(host)
                continue
            key, url, depth, priority, chain, spelled, attempt = row
            self._leases[str(key)] = host
            candidate = Candidate(url, depth, priority, tuple(chain.split("\n")) if chain else (), spelled)
            return Lease(str(key), candidate, attempt)
        return None

    def ended(self, lease: Lease) -> None:
        self._ended[lease.token] = self._clock()

    async def ack(
        self, lease: Lease, children: Sequence[Candidate] = (), *, ended: Ended = Ended.FETCHED
    ) -> Admitted:
        admitted = await self.admit(children)
        if lease.token in self._leases:
            host = self._leases[lease.token]
            self._move(lease, _SKIPPED if ended is Ended.SKIPPED else _DONE)
            if ended is Ended.SKIPPED:
                await self.release(lease)  # the host was not asked, so it need not rest
            else:
                self._end(lease, self._back_off(host) if ended is Ended.FAILED else self._recovered(host))
        return admitted

    async def nack(
        self, lease: Lease, *, reason: str, retry_after: float = 0.0, host_at_fault: bool = True
    ) -> bool:
        if lease.token not in self._leases:
            return True
        kept = lease.attempt < self._limits.max_attempts
        if kept:
            self._db.execute(
                "UPDATE frontier_urls SET attempt = attempt + 1, turn = ? WHERE id = ?",
                (next(self._turn), int(lease.token)),
            )
        else:
            self._move(lease, _DEAD)
        self._end(lease, max(retry_after, self._back_off(self._leases[lease.token]) if host_at_fault else 0.0))
        return kept

    async def release(self, lease: Lease, *, wait: float = 0.0) -> None:
        if lease.token in self._leases:
            self._ended.pop(lease.token, None)
            self._turns.give_back(self._leases.pop(lease.token), self._clock() + wait)

    async def pace(self, host: str, delay: float) -> None:
        self._paces[host] = delay

    async def borrow(self, host: str) -> bool:
        return self._turns.take_host(host, self._clock())

    async def give_back(self, host: str) -> None:
        self._turns.give_back(host, self._clock() + max(self._limits.delay, self._paces.get(host, 0.0)))

    async def drain(self, *, everything: bool = False) -> None:
        """What is leased is still queued in the file: nothing is to be returned."""
        self._draining = True

    def status(self) -> Status:
        return Status(
            queued=self._states[_QUEUED] - len(self._leases),
            leased=len(self._leases),
            done=self._states[_DONE],
            dead=self._states[_DEAD],
            ready_in=None if self._budget_spent() else self._turns.ready_in(self._clock()),
            budget_spent=self._budget_spent(),
        )

    async def finish(self) -> None:
        """Note that the crawl came to its end, so that the same command begins a new round."""
        self._set_state("budget" if self.status().queued else "finished")

    async def close(self) -> None:
        self._db.close()
        self._lock.release()

    def _budget_spent(self) -> bool:
        return bool(self._limits.max_pages) and self._states[_DONE] + len(self._leases) >= self._limits.max_pages

    def _move(self, lease: Lease, state: int) -> None:
        self._db.execute("UPDATE frontier_urls SET state = ? WHERE id = ?", (state, int(lease.token)))
        self._states[_QUEUED] -= 1
        self._states[state] += 1

    def _end(self, lease: Lease, wait: float) -> None:
        host, now = self._leases.pop(lease.token), self._clock()
        ended = self._ended.pop(lease.token, now)
        self._turns.give_back(host, max(now + wait, ended + max(self._limits.delay, self._paces.get(host, 0.0))))

    def _back_off(self, host: str) -> float:
        """Rest of a host that failed once more."""
        self._failures[host] += 1
        return min(self._limits.longest_back_off, self._limits.back_off * 2.0 ** min(self._failures[host] - 1, 20))

    def _recovered(self, host: str) -> float:
        self._failures.pop(host, None)
        return 0.0

    def _set_state(self, state: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO frontier_crawls VALUES (?, ?)", (self._crawl, state))

    def _count(self) -> Counter[int]:
        query = "SELECT state, COUNT(*) FROM frontier_urls WHERE crawl = ? GROUP BY state"
        return Counter(dict(self._db.execute(query, (self._crawl,)).fetchall()))

    def _load(self) -> None:
        """Take up what the file holds. A host may have been asked just before the last process died: it waits first."""
        self._states = self._count()
        last = self._db.execute("SELECT MAX(turn) FROM frontier_urls WHERE crawl = ?", (self._crawl,)).fetchone()[0]
        self._turn = count(last + 1 if last is not None else 0)
        ready_at = self._clock() + self._limits.delay
        hosts = self._db.execute(
            "SELECT DISTINCT host FROM frontier_urls WHERE crawl = ? AND state = 0 ORDER BY turn", (self._crawl,)
        )
        for (host,) in hosts.fetchall():
            self._turns.add(host, ready_at)


def _id(crawl: str, url: str) -> int:
    """64-bit digest: with 100 million URLs the chance that any two share one is below 0.0003."""
    raw = hashlib.blake2b(f"{crawl}\n{url}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)

