"""Brings events and due dates up to date with the visits that are stored."""

from collections.abc import Callable
from datetime import datetime

from pipelines.events.derivation import derive_events
from pipelines.events.schedule import Pace, outlook
from pipelines.stores.protocol import Store


async def bring_up_to_date(
    store: Store, *, now: datetime, pace: Pace | None = None, on_progress: Callable[[int], None] = lambda _: None
) -> int:
    """Derive what follows from visits that came since the last time; how many pages were looked at.

    May be stopped at any moment and run by several at once: what is not finished is done the next time.
    """
    rule = pace or Pace()
    pages = 0
    while done := await store.history.settle(lambda history: (derive_events(history), outlook(history, rule)), now=now):
        pages += done
        on_progress(pages)
    return pages
