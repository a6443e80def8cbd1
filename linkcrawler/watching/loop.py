"""How late a worker's event loop is: what delays heartbeats, time-outs and answers."""

import asyncio

from prometheus_client import CollectorRegistry, Histogram

EVERY_SECONDS = 0.1
LAG = "linkcrawler_event_loop_lag_seconds"
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class LoopLag:
    """Sleeps, and notes how much later than it should it wakes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        text = "How much later than due the event loop wakes."
        self._histogram = Histogram(LAG, text, buckets=_BOUNDS, registry=registry)

    async def measure(self) -> None:
        """Runs until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY_SECONDS
            await asyncio.sleep(EVERY_SECONDS)
            self._histogram.observe(max(0.0, loop.time() - due))
