"""The Redis backend of the frontier protocol. Leases are fetched ahead in the background, so that ``reserve`` answers
at once and a Redis that stalls never stalls the event loop."""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from redis.asyncio import Redis
from redis.exceptions import RedisError

from linkcrawler.credentials import without_password
from linkcrawler.errors import StoreError
from linkcrawler.focus.levels import EXPLORED
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Admitted, Begun, Candidate, Ended, Lease, Status
from linkcrawler.frontier.redis import connection, items, scripts
from linkcrawler.frontier.redis.held import Held
from linkcrawler.frontier.redis.line import Line
from linkcrawler.vocabulary import Refusal

logger = logging.getLogger(__name__)

CLUSTER = "lc:"
LONGEST_NAP = 0.2
"""Seconds after which a waiting worker looks again: another worker may have admitted links of a new host."""
LINKS_PER_CALL = 500
"""Bounds the time that one script holds up everyone else."""
PACE_SECONDS = 2 * 86_400.0
"""A Crawl-delay is read anew each day, with robots.txt."""
FIRST_BUCKETS, URLS_PER_BUCKET = 1024, 350
"""Redis keeps sets of up to 512 integers as intsets; at a mean of 350 a bucket reaches 512 never in practice."""

_STARTED = time.monotonic()


class RedisFrontier:
    """One worker's view of the crawl ``key``. ``on_ready`` is called when :meth:`reserve` has something new."""

    def __init__(
        self,
        client: Redis,
        key: str,
        limits: Limits,
        *,
        where: str = "redis",
        about: str = "",
        prefetch: int = 16,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._client, self._limits, self._prefetch, self._on_ready = client, limits, prefetch, on_ready
        self._crawl, self._where, self._about = key, where, about
        self._worker = f"{os.getpid():x}{os.urandom(4).hex()}"
        self._changes, self._grants = Line(client), Line(client)
        self._held = Held()
        self._borrowed: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._poke = asyncio.Event()
        self._due = 0.0
        self._nonce = 0
        self._under_way = 0
        self._admitted = 0
        self._asked_at = 0.0
        self._status = Status(queued=1, leased=0, done=0, dead=0, ready_in=LONGEST_NAP)
        self._round = 0
        self._draining = False
        self._lost = ""

    @property
    def lost(self) -> str:
        return self._lost

    @property
    def down(self) -> bool:
        return self._changes.down or self._grants.down

    async def open(self) -> None:
        await connection.check(self._client, self._where)

    async def begin(self, *, restart: bool = False) -> Begun:
        age = int((time.monotonic() - _STARTED) * 1000)
        round_, resumed, first = await self._changes.call(
            scripts.BEGIN,
            (f"{CLUSTER}{self._crawl}:", CLUSTER),
            *(int(restart), age, self._limits.max_pages, self._about, self._crawl),
        )
        self._round = round_
        self._keys = (f"{CLUSTER}{self._crawl}:{round_}:", CLUSTER)
        await self._reserve_some(0)
        self._tasks = [asyncio.create_task(self._prefetch_leases()), asyncio.create_task(self._renew())]
        for task in self._tasks:
            task.add_done_callback(self._task_ended)
        if first and round_ > 1:
            self._tasks.append(asyncio.create_task(self._forget(round_ - 1)))
        return Begun(resumed=bool(resumed), pending=self._status.pending)

    async def admit(self, batch: Sequence[Candidate]) -> Admitted:
        return await self._settle(batch, "", Ended.FETCHED)

    def reserve(self) -> Lease | None:
        lease = self._held.take()
        if self._held.waiting <= self._prefetch // 2:
            self._poke.set()
        return lease

    def ended(self, lease: Lease) -> None:
        self._held.request_ended(lease.token)

    async def ack(
        self,
        lease: Lease,
        children: Sequence[Candidate] = (),
        *,
        ended: Ended = Ended.FETCHED,
        hit: bool | None = None,
    ) -> Admitted:
        admitted = await self._settle(children, lease.token, ended, hit)
        self._held.let_go(lease.token)
        return admitted

    async def nack(self, lease: Lease, *, reason: str, retry_after: float = 0.0, host_at_fault: bool = True) -> bool:
        kept = await self._give_back(lease, reason[:200] or "failed", retry_after, host_at_fault)
        return kept != 0

    async def release(self, lease: Lease, *, wait: float = 0.0) -> None:
        await self._give_back(lease, "", wait, host_at_fault=False)

    async def pace(self, host: str, delay: float) -> None:
        if delay > self._limits.delay:
            await self._changes.call(scripts.PACE, self._keys, host, _ms(delay), _ms(PACE_SECONDS))

    async def borrow(self, host: str) -> bool:
        if host in self._borrowed:
            return False  # by another request of this worker
        self._borrowed.add(host)
        try:
            granted = await self._borrow(host, self._limits.lease)
        except BaseException:
            self._borrowed.discard(host)
            raise
        if not granted:
            self._borrowed.discard(host)
        return granted

    async def give_back(self, host: str) -> None:
        try:
            await self._borrow(host, 0.0)
        finally:
            self._borrowed.discard(host)

    def status(self) -> Status:
        if self._under_way and not self._status.pending:
            # What is being admitted is not in Redis' last answer.
            return replace(self._status, leased=self._under_way)
        return self._status

    async def finish(self) -> None:
        if not self._lost:
            keys = (*self._keys, f"{CLUSTER}{self._crawl}:")
            await self._changes.call(scripts.FINISH, keys, self._round, self._limits.max_pages)

    async def drain(self, *, everything: bool = False) -> None:
        """No lease is wanted any more: return those that no one began, or also those under way."""
        self._draining = True
        leases = self._held.withdraw(everything=everything)
        # A request that is still under way ends before its host may be asked again.
        wait = self._limits.longest_fetch
        await asyncio.gather(*(self.release(lease, wait=wait if begun else 0.0) for lease, begun in leases))

    async def close(self) -> None:
        """Return every lease. A Redis that is away gets them back when they run out."""
        try:
            await asyncio.wait_for(self.drain(everything=True), timeout=0.1 if self.down else 5.0)
        except (TimeoutError, RedisError) as error:
            logger.warning("%d leases were not returned (%s): they run out by themselves", len(self._held), error)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._changes.close()
        await self._grants.close()
        await self._client.aclose()

    async def _settle(self, batch: Sequence[Candidate], token: str, ended: Ended, hit: bool | None = None) -> Admitted:
        kept, refused = 0, {Refusal.DUPLICATE: 0, Refusal.BUDGET: 0}
        self._under_way += 1
        try:
            for start in range(0, max(len(batch), 1), LINKS_PER_CALL):
                last = start + LINKS_PER_CALL >= len(batch)
                answer = await self._changes.call(
                    scripts.SETTLE,
                    self._keys,
                    items.pack_batch(batch[start : start + LINKS_PER_CALL]),
                    *(self._limits.host_queue, FIRST_BUCKETS, URLS_PER_BUCKET, token if last else "", ended),
                    *map(_ms, (self._limits.delay, self._limits.back_off, self._limits.longest_back_off)),
                    self._held.rested(token),
                    "" if hit is None else int(hit),
                )
                kept += answer[0]
                self._admitted += answer[0]
                refused[Refusal.DUPLICATE] += answer[1]
                refused[Refusal.BUDGET] += answer[2]
                self._after_turn(answer[3])
            if (kept or refused[Refusal.DUPLICATE]) and not self._status.pending:
                # Another worker that started at the same moment may have admitted the seeds just before: ask Redis.
                self._status = replace(self._status, queued=max(kept, 1), ready_in=0.0)
                self._due = 0.0
                self._poke.set()
        finally:
            self._under_way -= 1
        return Admitted(kept, {reason: number for reason, number in refused.items() if number})

    async def _give_back(self, lease: Lease, reason: str, wait: float, host_at_fault: bool) -> int:
        limits = self._limits
        kept, host_waits = await self._changes.call(
            scripts.GIVE_BACK,
            self._keys,
            *(lease.token, reason, limits.max_attempts, int(host_at_fault)),
            *map(_ms, (wait, limits.delay, limits.back_off, limits.longest_back_off)),
            self._held.rested(lease.token),
        )
        self._held.let_go(lease.token)
        self._after_turn(host_waits)
        return int(kept)

    async def _borrow(self, host: str, length: float) -> bool:
        call = (host, f"{self._worker}:borrowed", _ms(length), _ms(self._limits.delay))
        return bool(await self._changes.call(scripts.BORROW, self._keys, *call))

    def _after_turn(self, wait: int) -> None:
        if wait == -2:
            self._note_lost()
        elif wait >= 0:
            due = time.monotonic() + wait / 1000
            if due < self._due:
                self._due = due
                self._poke.set()

    async def _prefetch_leases(self) -> None:
        while not self._lost and not self._draining:
            low = self._held.waiting <= self._prefetch // 2
            wait = (self._due if low else self._asked_at + LONGEST_NAP) - time.monotonic()
            if wait <= 0:
                await self._reserve_some(self._prefetch - self._held.waiting)
                continue
            self._poke.clear()
            # Not wait_for: before Python 3.12 it can swallow a cancellation that comes together with the poke.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._poke.wait()

    async def _reserve_some(self, want: int) -> None:
        self._nonce += 1
        limits, asked_at, admitted = self._limits, time.monotonic(), self._admitted
        quiet = self._under_way == 0
        self._asked_at = asked_at
        answer = await self._grants.call(
            scripts.RESERVE,
            self._keys,
            *(f"{self._worker}:{self._nonce}", want, _ms(limits.lease)),
            *(limits.max_pages, limits.deaths, _ms(limits.delay), int(limits.focus), EXPLORED),
        )
        if answer[0] == -2:
            self._note_lost()
            return
        granted = [_lease(*answer[at : at + 4]) for at in range(7, len(answer), 4)]
        # Counted from before the question: the lease cannot end earlier than that on Redis' clock.
        self._held.add(granted, asked_at + limits.lease - limits.longest_fetch)
        if self._draining:
            await self.drain()
        self._note(answer[:7], certain=quiet and admitted == self._admitted)
        if granted:
            self._on_ready()

    def _note(self, answer: list[int], *, certain: bool) -> None:
        """Take over the counts. That nothing is pending counts only if this worker changed nothing meanwhile."""
        ready_in, queued, leased, done, _, dead, ready_hosts = answer
        spent = bool(self._limits.max_pages) and done + leased >= self._limits.max_pages
        wait = LONGEST_NAP if ready_in < 0 else min(ready_in / 1000, LONGEST_NAP)
        self._due = time.monotonic() + wait
        status = Status(queued, leased, done, dead, None if spent else wait, spent, ready_hosts)
        if certain or status.pending:
            ended = self._status.pending and not status.pending
            self._status = status
            if ended:
                self._on_ready()

    async def _renew(self) -> None:
        """Heartbeat: three times within the length of a lease."""
        while not self._lost:
            await asyncio.sleep(self._limits.lease / 3)
            tokens = self._held.tokens
            if not tokens:
                continue
            safe_until = time.monotonic() + self._limits.lease - self._limits.longest_fetch
            gone = set(await self._grants.call(scripts.HEARTBEAT, self._keys, _ms(self._limits.lease), *tokens))
            for token in tokens:
                if token.encode() in gone:
                    self._held.let_go(token)
                else:
                    self._held.renewed(token, safe_until)

    async def _forget(self, round_: int) -> None:
        """Delete the keys of an earlier round, a few at a time."""
        await forget(self._client, f"{CLUSTER}{self._crawl}:{round_}:")

    def _note_lost(self) -> None:
        self._give_up(
            f"{without_password(self._where)}: this round of the crawl is gone from Redis: it was begun "
            "anew (restart=1), cleared, or Redis lost its data"
        )

    def _task_ended(self, task: "asyncio.Task[None]") -> None:
        """Without leases or heartbeats a worker would wait for ever, or lose what it holds: it ends."""
        if not task.cancelled() and (error := task.exception()):
            self._give_up(f"{without_password(self._where)}: {task.get_coro()} failed: {type(error).__name__}: {error}")

    def _give_up(self, reason: str) -> None:
        if not self._lost:
            self._lost = reason
            logger.error("%s", reason)
            self._on_ready()


async def forget(client: Redis, prefix: str) -> int:
    """Delete all keys that begin with ``prefix``; how many there were."""
    number = 0
    try:
        async for key in client.scan_iter(match=f"{prefix}*", count=500):
            number += await client.unlink(key)
    except RedisError as error:
        raise StoreError(f"keys {prefix}* could not be deleted ({error}); call again") from error
    return number


def _lease(token: bytes, item: bytes, hits: int, tries: int) -> Lease:
    candidate, attempts, _ = items.unpack(item)
    return Lease(token.decode(), candidate, attempts, hits, tries)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
