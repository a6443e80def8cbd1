"""How far classification is behind, for who watches the crawl."""

import asyncio

from scrapy.statscollectors import StatsCollector

from linkcrawler.errors import StoreError
from linkcrawler.watching.figures import CLASSIFY_LAG
from pipelines.stores.protocol import Store

SECONDS = 30.0
"""Between two looks: counting a million links takes the store a tenth of a second."""


async def watch_lag(store: Store, stats: StatsCollector) -> None:
    """Keep the stat up to date until cancelled. A store that is away is the business of those who write to it."""
    while True:
        try:
            stats.set_value(CLASSIFY_LAG, await store.count_unjudged())
        except StoreError:
            stats.set_value(CLASSIFY_LAG, None)
        await asyncio.sleep(SECONDS)
