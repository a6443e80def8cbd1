"""Whose turn it is: hosts that wait, hosts that are being asked, and when each may be asked again."""

import heapq
from itertools import count


class Turns:
    """Hosts with queued URLs, in the order in which they may be asked. Times are seconds on the caller's clock.

    Each host is in one of three places: waiting in the heap until its time, taken (one request open), or absent.
    Hosts whose time has come take turns: the one that became ready first goes first.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str]] = []
        self._ready_at: dict[str, float] = {}
        """Time of each waiting host; a heap entry with another time is out of date."""
        self._taken: set[str] = set()
        self._order = count()

    def add(self, host: str, ready_at: float) -> None:
        """Let a host take part from ``ready_at`` on; nothing changes if it already does."""
        if host not in self._ready_at and host not in self._taken:
            self._ready_at[host] = ready_at
            heapq.heappush(self._heap, (ready_at, next(self._order), host))

    def take(self, now: float) -> str | None:
        """The host whose turn it is, from now on taken; None if none is ready."""
        self._drop_outdated()
        if not self._heap or self._heap[0][0] > now:
            return None
        host = heapq.heappop(self._heap)[2]
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
        self._drop_outdated()
        return max(0.0, self._heap[0][0] - now) if self._heap else None

    def _drop_outdated(self) -> None:
        while self._heap and self._ready_at.get(self._heap[0][2]) != self._heap[0][0]:
            heapq.heappop(self._heap)
