"""The frontier of a crawl in one process, kept in a SQLite file so that a killed crawl goes on where it was.

On disk a URL is queued, done, skipped or dead (:mod:`linkcrawler.frontier.embedded_file`). Leases and host times live
in memory only: what was leased when the process died is still queued, and the next run fetches it again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count, islice
from pathlib import Path

from linkcrawler.frontier.embedded_file import FrontierFile, UrlState
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.process_lock import ProcessLock
from linkcrawler.frontier.protocol import Admitted, Begun, Candidate, Ended, Lease, Status
from linkcrawler.frontier.turns import Turns
from linkcrawler.urls import host_of
from linkcrawler.vocabulary import Refusal


class EmbeddedFrontier:
    """One crawl's frontier in the SQLite file at ``path``. ``clock`` gives seconds and never goes back."""

    def __init__(self, path: Path, crawl: str, limits: Limits, *, clock: Callable[[], float]) -> None:
        self._path, self._crawl, self._limits, self._clock = path, crawl, limits, clock
        self._turns = Turns()
        self._paces: dict[str, float] = {}
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
        return await self._add(batch, None)

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
            return Lease(str(key), candidate, attempt)
        return None

    def ended(self, lease: Lease) -> None:
        self._ended[lease.token] = self._clock()

    async def ack(
        self, lease: Lease, children: Sequence[Candidate] = (), *, ended: Ended = Ended.FETCHED
    ) -> Admitted:
        if lease.token not in self._leases:
            return await self.admit(children)
        state = UrlState.SKIPPED if ended is Ended.SKIPPED else UrlState.DONE
        admitted = await self._add(children, (lease, state))
        host = self._leases[lease.token]
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
            await self._file.requeue(int(lease.token), next(self._turn))
        else:
            await self._add((), (lease, UrlState.DEAD))
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

    async def _add(self, batch: Sequence[Candidate], moved: tuple[Lease, UrlState] | None) -> Admitted:
        """Write both, then take note of them; a lease is still held while its end is being written."""
        turns = list(islice(self._turn, len(batch)))
        kept = await self._file.add(batch, turns, moved=(int(moved[0].token), moved[1]) if moved else None)
        self._states[UrlState.QUEUED] += kept
        if moved:
            self._states[UrlState.QUEUED] -= 1
            self._states[moved[1]] += 1
        now = self._clock()
        for candidate in batch:
            self._turns.add(host_of(candidate.url), now)
        duplicates = len(batch) - kept
        return Admitted(kept, {Refusal.DUPLICATE: duplicates} if duplicates else {})

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

    def _load(self) -> None:
        """Take up what the file holds. A host may have been asked just before the last process died: it waits first."""
        self._states = self._file.counts()
        self._turn = count(self._file.last_turn() + 1)
        ready_at = self._clock() + self._limits.delay
        for host in self._file.queued_hosts():
            self._turns.add(host, ready_at)
