"""The frontier of a crawl in one process, kept in a SQLite file so that a killed crawl goes on where it was.

On disk a URL is queued, done, skipped or dead (:mod:`linkcrawler.frontier.embedded_file`), and of each host it is known
how long it rests. Leases live in memory only: what was leased when the process died is still queued, and the next run
fetches it again.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from linkcrawler.focus.levels import base_rate, host_rank
from linkcrawler.frontier.embedded_file import FrontierFile, HostRow, UrlState
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.process_lock import ProcessLock
from linkcrawler.frontier.protocol import Admitted, Begun, Candidate, Ended, Lease, Status
from linkcrawler.frontier.turns import Turns
from linkcrawler.urls import host_of
from linkcrawler.vocabulary import Refusal


class EmbeddedFrontier:
    """One crawl's frontier in the SQLite file at ``path``. ``clock`` gives seconds and never goes back."""

    def __init__(
        self,
        path: Path,
        crawl: str,
        limits: Limits,
        *,
        clock: Callable[[], float],
        calendar: Callable[[], float] = time.time,
    ) -> None:
        self._path, self._crawl, self._limits, self._clock, self._calendar = path, crawl, limits, clock, calendar
        self._turns = Turns(self._rank)
        self._hosts: dict[str, HostRow] = {}
        self._queued = Counter[str]()
        self._ranked: dict[str, int] = {}
        """Priority by which a host was ranked last."""
        self._hits = self._tries = 0
        self._failures = Counter[str]()
        self._ended: dict[str, float] = {}
        self._leases: dict[str, str] = {}
        self._states: Counter[UrlState] = Counter()
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
            self._file = FrontierFile(path, self._crawl)
        except BaseException:
            self._lock.release()
            raise

    async def begin(self, *, restart: bool = False) -> Begun:
        """Go on with an unfinished crawl of the same plan, or begin a new round."""
        state = self._file.state()
        fetched = self._file.counts()[UrlState.DONE]
        budget_left = not self._limits.max_pages or fetched < self._limits.max_pages
        resumed = not restart and (state == "running" or (state == "budget" and budget_left))
        await self._file.set_state("running", forget=not resumed)
        self._load()
        return Begun(resumed=resumed, pending=self.status().pending)

    async def admit(self, batch: Sequence[Candidate]) -> Admitted:
        return await self._add(batch)

    def reserve(self) -> Lease | None:
        if self._draining or self._budget_spent():
            return None
        while (host := self._turns.take(self._clock())) is not None:
            found = self._file.next_of(host)
            if found is None:
                self._turns.drop(host)
                continue
            key, attempt, candidate = found
            self._leases[str(key)] = host
            known = self._hosts.get(host) or HostRow()
            return Lease(str(key), candidate, attempt, known.hits, known.tries)
        return None

    def ended(self, lease: Lease) -> None:
        self._ended[lease.token] = self._clock()

    async def ack(
        self,
        lease: Lease,
        children: Sequence[Candidate] = (),
        *,
        ended: Ended = Ended.FETCHED,
        hit: bool | None = None,
    ) -> Admitted:
        if lease.token not in self._leases:
            return await self.admit(children)
        host = self._leases[lease.token]
        if hit is not None:
            self._learn(host, hit=hit)
        if ended is Ended.SKIPPED:
            admitted = await self._add(children, (lease, UrlState.SKIPPED))
            await self.release(lease)  # the host was not asked, so it need not rest
            return admitted
        wait = self._back_off(host) if ended is Ended.FAILED else self._recovered(host)
        admitted = await self._add(children, (lease, UrlState.DONE), self._rest(lease, wait))
        self._end(lease, wait)
        return admitted

    async def nack(self, lease: Lease, *, reason: str, retry_after: float = 0.0, host_at_fault: bool = True) -> bool:
        if lease.token not in self._leases:
            return True
        kept = lease.attempt < self._limits.max_attempts
        wait = max(retry_after, self._back_off(self._leases[lease.token]) if host_at_fault else 0.0)
        about = self._rest(lease, wait)
        if kept:
            await self._file.requeue(int(lease.token), next(self._turn), about)
        else:
            await self._add((), (lease, UrlState.DEAD), about)
        self._end(lease, wait)
        return kept

    async def release(self, lease: Lease, *, wait: float = 0.0) -> None:
        if lease.token in self._leases:
            self._ended.pop(lease.token, None)
            self._turns.give_back(self._leases.pop(lease.token), self._clock() + wait)

    async def pace(self, host: str, delay: float) -> None:
        self._host(host).pace = delay

    async def borrow(self, host: str) -> bool:
        return self._turns.take_host(host, self._clock())

    async def give_back(self, host: str) -> None:
        self._turns.give_back(host, self._clock() + self._pace(host))

    async def drain(self, *, everything: bool = False) -> None:
        """What is leased is still queued in the file: nothing is to be returned."""
        self._draining = True

    def status(self) -> Status:
        return Status(
            queued=self._states[UrlState.QUEUED] - len(self._leases),
            leased=len(self._leases),
            done=self._states[UrlState.DONE],
            dead=self._states[UrlState.DEAD],
            ready_in=None if self._budget_spent() else self._turns.ready_in(self._clock()),
            budget_spent=self._budget_spent(),
        )

    async def finish(self) -> None:
        """Note that the crawl came to its end, so that the same command begins a new round."""
        await self._file.set_state("budget" if self.status().queued else "finished")

    async def close(self) -> None:
        await self._file.close()
        self._lock.release()

    def _budget_spent(self) -> bool:
        most = self._limits.max_pages
        return bool(most) and self._states[UrlState.DONE] + len(self._leases) >= most

    async def _add(
        self,
        batch: Sequence[Candidate],
        moved: tuple[Lease, UrlState] | None = None,
        about: tuple[str, HostRow] | None = None,
    ) -> Admitted:
        """Write it all, then take note of it; a lease is still held while its end is being written."""
        by_host: dict[str, list[tuple[int, Candidate]]] = {}
        for candidate in batch:
            by_host.setdefault(host_of(candidate.url), []).append((next(self._turn), candidate))
        new, forgotten = await self._file.add(
            by_host,
            room={host: self._limits.host_queue - self._queued[host] for host in by_host},
            leased=map(int, self._leases),
            moved=(int(moved[0].token), moved[1]) if moved else None,
            about=about,
        )
        self._queued.update(new)
        self._queued.subtract(forgotten)
        kept, over = new.total() - forgotten.total(), forgotten.total()
        self._states[UrlState.QUEUED] += kept
        if moved:
            self._queued[host_of(moved[0].candidate.url)] -= 1
            self._states[UrlState.QUEUED] -= 1
            self._states[moved[1]] += 1
        now = self._clock()
        for host, candidates in by_host.items():
            self._turns.add(host, now)
            priority = max(candidate.priority for _, candidate in candidates)
            if priority > self._ranked.get(host, priority):
                self._turns.promote(host, now)
        counts = {Refusal.DUPLICATE: len(batch) - new.total(), Refusal.BUDGET: over}
        return Admitted(kept, {reason: number for reason, number in counts.items() if number})

    def _end(self, lease: Lease, wait: float) -> None:
        host = self._leases[lease.token]
        until = self._rests_until(lease, wait)
        self._ended.pop(lease.token, None)
        del self._leases[lease.token]
        self._turns.give_back(host, until)

    def _rests_until(self, lease: Lease, wait: float) -> float:
        now = self._clock()
        return max(now + wait, self._ended.get(lease.token, now) + self._pace(self._leases[lease.token]))

    def _rest(self, lease: Lease, wait: float) -> tuple[str, HostRow]:
        """What is to be known of the host after the lease, for another process as well."""
        host = self._leases[lease.token]
        known = self._host(host)
        known.rests_until = self._calendar() + self._rests_until(lease, wait) - self._clock()
        return host, known

    def _host(self, host: str) -> HostRow:
        return self._hosts.setdefault(host, HostRow())

    def _pace(self, host: str) -> float:
        known = self._hosts.get(host)
        return max(self._limits.delay, known.pace) if known else self._limits.delay

    def _learn(self, host: str, *, hit: bool) -> None:
        self._host(host).note(hit=hit)
        self._hits, self._tries = self._hits + hit, self._tries + 1

    def _rank(self, host: str) -> int:
        """The host's place among those that are ready, higher first."""
        if not self._limits.focus:
            return 0
        priority = self._ranked[host] = self._file.priority_of(host)
        known = self._hosts.get(host) or HostRow()
        return host_rank(priority, known.hits, known.tries, known.dry, base_rate(self._hits, self._tries))

    def _back_off(self, host: str) -> float:
        """Rest of a host that failed once more."""
        self._failures[host] += 1
        return min(self._limits.longest_back_off, self._limits.back_off * 2.0 ** min(self._failures[host] - 1, 20))

    def _recovered(self, host: str) -> float:
        self._failures.pop(host, None)
        return 0.0

    def _load(self) -> None:
        """Take up what the file holds. A host may have been asked just before the last process died: it waits first."""
        self._states = self._file.counts()
        self._turn = count(self._file.last_turn() + 1)
        self._hosts = self._file.hosts()
        self._hits = sum(known.hits for known in self._hosts.values())
        self._tries = sum(known.tries for known in self._hosts.values())
        self._queued = Counter(self._file.queued())
        now = self._clock()
        for host in self._queued:
            self._turns.add(host, now + self._rest_left(host))

    def _rest_left(self, host: str) -> float:
        """Seconds, whatever became of the calendar meanwhile."""
        known = self._hosts.get(host) or HostRow()
        left = min(known.rests_until - self._calendar(), max(self._limits.longest_back_off, known.pace))
        return max(left, self._pace(host))
