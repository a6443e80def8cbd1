"""How many requests a client may send: a bucket of tokens each, refilled at a steady rate."""

from collections import OrderedDict
from collections.abc import Callable

_CLIENTS = 10_000
"""Remembered at a time: those that asked last."""


class Rates:
    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        """``rate``: tokens a second; ``clock``: seconds that never go back."""
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Takes a token and returns 0, or returns the seconds until there is one."""
        now = self._clock()
        tokens, at = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        granted = tokens >= 1
        self._buckets[client] = (tokens - 1 if granted else tokens, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if granted else (1 - tokens) / self._rate
