"""The store: can it be opened, does it answer quickly, what is in it."""

import time
from collections.abc import AsyncIterator

from linkcrawler.commands.doctor.finding import Finding, fail, ok, warn
from linkcrawler.credentials import without_password
from linkcrawler.errors import LinkcrawlerError, NoStore

SLOW_SECONDS = 1.0


async def findings(url: str) -> AsyncIterator[Finding]:
    from pipelines.stores.connect import open_store

    where = without_password(url)
    begun = time.perf_counter()
    try:
        async with open_store(url, create=False) as store:
            totals = await store.totals()
    except NoStore:
        yield ok("store", f"{where}: nothing is stored there yet")
        return
    except LinkcrawlerError as error:
        yield fail("store", str(error), "start it, or correct --store or LINKCRAWLER_STORE")
        return
    seconds = time.perf_counter() - begun
    detail = f"{where}: {totals.links:,} links, {totals.pages:,} pages; opened and counted in {seconds:.2f} s"
    if seconds > SLOW_SECONDS:
        yield warn("store", detail, "see docs/operations.md, 'The store is slow or away'")
    else:
        yield ok("store", detail)
    waiting = totals.by_mode.get(None, 0)
    if waiting:
        yield warn("classify", f"{waiting:,} links wait to be judged", "linkcrawler classify")
    else:
        yield ok("classify", "no link waits to be judged")
