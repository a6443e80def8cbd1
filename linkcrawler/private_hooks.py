"""The only place that touches private parts of Scrapy. Checked at start, so that drift fails loudly."""

from scrapy.crawler import Crawler

from linkcrawler.errors import ConfigError


def check(crawler: Crawler) -> None:
    """Raise ConfigError if this Scrapy lacks what the functions below need."""
    slot = getattr(crawler.engine, "_slot", None)
    if not all(hasattr(slot, name) for name in ("nextcall", "closing")):
        raise ConfigError(
            "Scrapy's engine has no _slot.nextcall and _slot.closing any more: this linkcrawler does not fit the "
            "installed Scrapy; install the range that pyproject.toml names"
        )


def wake(crawler: Crawler) -> None:
    """Let the engine ask the scheduler again now. Without it, it asks when a request ends and every 5 s
    (``_SLOT_HEARTBEAT_INTERVAL``), too late for a host whose delay has just passed."""
    slot = crawler.engine._slot if crawler.engine else None
    if slot is not None:
        slot.nextcall.schedule()


def closing(crawler: Crawler) -> bool:
    """Whether the engine was told to stop and waits for the requests under way. No signal of Scrapy says so."""
    slot = crawler.engine._slot if crawler.engine else None
    return slot is not None and slot.closing is not None
