"""Sends events to a channel, at least once each: what a channel confirmed is noted in the store, the rest stays.

Runs beside crawls, never within one: the store is all that both know.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from pipelines.events.channels import Channel, Undelivered
from pipelines.stores.protocol import Store

LONGEST_PAUSE = 300.0
"""Seconds; also of what a receiver may ask for."""
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which events a channel is sent."""

    kinds: Collection[str]
    target: str = ""
    noted_from: datetime
    """Events that became known earlier are not sent."""
    at_once: int = 100
    """Events in one message."""
    attempts: int = 6
    pause: float = 1.0
    """Seconds before the second attempt, doubled each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    events: int
    messages: int
    problem: str = ""
    """Why the rest is still waiting; empty if nothing is."""


async def notify(store: Store, channel: Channel, wish: Wish, *, sleep: Sleep = asyncio.sleep) -> Sent:
    """Send what the channel has not confirmed yet, oldest first. Stops at a message that is not taken."""
    events = messages = 0
    while batch := await store.history.unsent(
        channel.key, wish.kinds, target=wish.target, noted_from=wish.noted_from, most=wish.at_once
    ):
        problem = await _deliver(lambda batch=batch: channel.send(batch), wish, sleep)  # type: ignore[misc]
        if problem:
            return Sent(events=events, messages=messages, problem=problem)
        await store.history.mark_sent(channel.key, [event.id for event in batch])
        events, messages = events + len(batch), messages + 1
    return Sent(events=events, messages=messages)


async def _deliver(send: Callable[[], Awaitable[None]], wish: Wish, sleep: Sleep) -> str:
    """What was wrong with the last attempt; empty once one succeeded."""
    pause = wish.pause
    for attempt in range(1, wish.attempts + 1):
        try:
            await send()
        except Undelivered as error:
            problem = f"{error} (attempt {attempt} of {wish.attempts})"
            if not error.passing:
                return problem
            if attempt < wish.attempts:
                await sleep(min(LONGEST_PAUSE, max(pause, error.wait)))
                pause *= 2
        else:
            return ""
    return problem
