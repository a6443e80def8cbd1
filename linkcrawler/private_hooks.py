"""The only place that touches private parts of Scrapy and aiohttp. Checked at start, so that drift fails loudly."""

from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from linkcrawler.errors import ConfigError

if TYPE_CHECKING:
    from aiohttp import ClientSession


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


def ask_once(session: "ClientSession") -> None:
    """Keep aiohttp from sending a request again at once when a kept connection turns out to be closed: that would not
    keep the host's delay. Raise ConfigError if this aiohttp is not told so."""
    if getattr(session, "_retry_connection", None) is not True:
        raise ConfigError(
            "aiohttp's ClientSession has no _retry_connection any more: this linkcrawler does not fit the installed "
            "aiohttp; install the range that pyproject.toml names"
        )
    session._retry_connection = False
