"""What a frontier allows: the settings that both backends follow."""

from dataclasses import dataclass
from typing import Self

from scrapy.settings import BaseSettings

from linkcrawler.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times are seconds."""

    delay: float
    """Between the end of a request to a host and the start of the next."""
    max_pages: int = 0
    """0: no limit."""
    max_attempts: int = 3
    """Fetches of one URL before it is given up."""
    back_off: float = 2.0
    """Rest of a host after its first failure; doubled with each further one."""
    longest_back_off: float = 300.0
    lease: float = 60.0
    """A lease that is not renewed for so long goes back to the queue."""
    longest_fetch: float = 30.0
    """No request lasts longer; a lease with less time left is not begun."""
    deaths: int = 3
    """Workers that may die over one URL before it is given up."""
    host_queue: int = 100_000
    """Queued URLs of one host. Beyond, the one of the lowest priority is refused (``budget``); it may come again."""
    focus: bool = True
    """Whether hosts that are likely to hold hits go first (:mod:`linkcrawler.focus`)."""

    @classmethod
    def from_settings(cls, settings: BaseSettings, max_pages: int) -> Self:
        """Raises ConfigError for a lease that cannot hold a request."""
        lease, fetch = settings.getfloat("LINKCRAWLER_LEASE_SECONDS"), settings.getfloat("DOWNLOAD_TIMEOUT")
        if lease < 1:
            raise ConfigError(f"LINKCRAWLER_LEASE_SECONDS={lease} is too short: expected 1 or more, for example 60")
        return cls(
            delay=settings.getfloat("DOWNLOAD_DELAY"),
            max_pages=max_pages,
            max_attempts=settings.getint("LINKCRAWLER_MAX_ATTEMPTS"),
            longest_back_off=settings.getfloat("LINKCRAWLER_LONGEST_BACK_OFF"),
            lease=lease,
            longest_fetch=min(fetch, lease / 2),
            host_queue=settings.getint("LINKCRAWLER_HOST_QUEUE"),
            focus=settings.getbool("LINKCRAWLER_FOCUS"),
        )
