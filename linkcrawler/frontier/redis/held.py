"""The leases that this worker holds: some wait to be begun, some are under way. Times are this process' monotonic
seconds; no moment of them ever leaves it, only durations do."""

import time
from collections import deque
from collections.abc import Iterable

from linkcrawler.frontier.protocol import Lease


class Held:
    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}
        self._waiting: deque[Lease] = deque()
        self._safe_until: dict[str, float] = {}
        """A request that begins later might outlive its lease."""
        self._ended: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._leases)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def tokens(self) -> list[str]:
        return list(self._leases)

    def add(self, leases: Iterable[Lease], safe_until: float) -> None:
        for lease in leases:
            self._leases[lease.token] = lease
            self._safe_until[lease.token] = safe_until
            self._waiting.append(lease)

    def take(self) -> Lease | None:
        """The next lease to begin with."""
        now = time.monotonic()
        for _ in range(len(self._waiting)):
            lease = self._waiting.popleft()
            if self._safe_until.get(lease.token, 0.0) > now:
                return lease
            if lease.token in self._leases:
                # Redis was away for so long that the lease may run out before the page is here: renewed, or lost, soon.
                self._waiting.append(lease)
        return None

    def renewed(self, token: str, safe_until: float) -> None:
        if token in self._leases:
            self._safe_until[token] = safe_until

    def let_go(self, token: str) -> None:
        for known in (self._leases, self._safe_until, self._ended):
            known.pop(token, None)

    def request_ended(self, token: str) -> None:
        if token in self._leases:
            self._ended[token] = time.monotonic()

    def rested(self, token: str) -> int:
        """Whole milliseconds since the request of a lease ended; 0 if it did not."""
        ended = self._ended.get(token)
        return 0 if ended is None else int((time.monotonic() - ended) * 1000)

    def withdraw(self, *, everything: bool) -> list[tuple[Lease, bool]]:
        """Begin nothing more. The leases that nobody began, or all, each with whether it was begun."""
        fresh = {lease.token for lease in self._waiting}
        self._waiting.clear()
        return [(lease, token not in fresh) for token, lease in self._leases.items() if everything or token in fresh]
