"""Whose turn it is: hosts that wait, hosts that are being asked, and when each may be asked again."""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count

from linkcrawler.focus.levels import EXPLORED


class Turns:
    """Hosts with queued URLs, in the order in which they may be asked. Times are seconds on the caller's clock.

    Each host is in one of three places: waiting for its time or ready (in the heaps), taken (one request open), or
    absent. Of the ready hosts the one of the highest ``rank`` goes first, and of equals the one that became ready
    first; every tenth turn is that of the host which has been ready longest, whatever its rank.
    """

    def __init__(self, rank: Callable[[str], int] = lambda host: 0) -> None:
        self._rank = rank
        self._waiting: list[tuple[float, int, str]] = []
        self._ready: list[tuple[int, float, int, str]] = []
        self._longest_ready: deque[tuple[float, str]] = deque()
        self._ready_at: dict[str, float] = {}
        """Time of each host that waits or is ready; an entry elsewhere with another time is out of date."""
        self._taken: set[str] = set()
        self._order, self._turns = count(), 0

    def add(self, host: str, ready_at: float) -> None:
        """Let a host take part from ``ready_at`` on; nothing changes if it already does."""
        if host not in self._ready_at and host not in self._taken:
            self._ready_at[host] = ready_at
            heapq.heappush(self._waiting, (ready_at, next(self._order), host))

    def promote(self, host: str, now: float) -> None:
        """Rank a host again, if it is ready: something better was queued for it."""
        ready_at = self._ready_at.get(host)
        if ready_at is not None and ready_at <= now:
            heapq.heappush(self._ready, (-self._rank(host), ready_at, next(self._order), host))

    def take(self, now: float) -> str | None:
        """The host whose turn it is, from now on taken; None if none is ready."""
        self._make_ready(now)
        if not self._ready:
            return None
        self._turns += 1
        explored = self._turns % EXPLORED == 0
        host = self._longest_ready.popleft()[1] if explored else heapq.heappop(self._ready)[3]
        del self._ready_at[host]
        self._taken.add(host)
        return host

    def take_host(self, host: str, now: float) -> bool:
        """Take this host out of turn; False if it is taken or its time has not come."""
        if host in self._taken or self._ready_at.get(host, now) > now:
            return False
        self._ready_at.pop(host, None)
        self._taken.add(host)
        return True

    def give_back(self, host: str, ready_at: float) -> None:
        """End a host's turn; it may be asked again from ``ready_at`` on."""
        self._taken.discard(host)
        self.add(host, ready_at)

    def drop(self, host: str) -> None:
        """End a host's turn for want of queued URLs."""
        self._taken.discard(host)

    def ready_in(self, now: float) -> float | None:
        """Seconds until the next host may be asked; None if no host waits."""
        self._make_ready(now)
        if self._ready:
            return 0.0
        return max(0.0, self._waiting[0][0] - now) if self._waiting else None

    def _make_ready(self, now: float) -> None:
        """Move those whose time has come, and drop at both heads what is out of date."""
        current = self._ready_at.get
        while self._waiting and (self._waiting[0][0] <= now or current(self._waiting[0][2]) != self._waiting[0][0]):
            ready_at, _, host = heapq.heappop(self._waiting)
            if current(host) == ready_at:
                self._longest_ready.append((ready_at, host))
                self.promote(host, now)
        if len(self._ready) > 2 * len(self._ready_at) + 100:
            self._ready = [entry for entry in self._ready if current(entry[3]) == entry[1]]
            heapq.heapify(self._ready)
        while self._ready and current(self._ready[0][3]) != self._ready[0][1]:
            heapq.heappop(self._ready)
        while self._longest_ready and current(self._longest_ready[0][1]) != self._longest_ready[0][0]:
            self._longest_ready.popleft()
