"""From a setting to a frontier backend."""

import time
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from linkcrawler.crawl import CrawlPlan
from linkcrawler.errors import UsageError
from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.protocol import Frontier


def open_frontier(settings: BaseSettings, plan: CrawlPlan) -> Frontier:
    """The backend that LINKCRAWLER_FRONTIER names.

    ``none`` keeps the frontier in the SQLite store's own file, or beside the working directory's other files where
    the store is elsewhere. Raises UsageError for an unknown scheme.
    """
    url = settings["LINKCRAWLER_FRONTIER"]
    scheme = urlsplit(url).scheme
    if url == "none":
        path = sqlite_path(settings["LINKCRAWLER_STORE"]) or Path("linkcrawler-frontier.db")
    elif scheme == "sqlite":
        path = sqlite_path(url) or Path()
    else:
        raise UsageError(
            f"LINKCRAWLER_FRONTIER={url!r} is not understood: expected none, sqlite:///FILE or redis://HOST/DB"
        )
    return EmbeddedFrontier(
        path,
        plan.key,
        delay=settings.getfloat("DOWNLOAD_DELAY"),
        max_pages=plan.max_pages,
        max_attempts=settings.getint("LINKCRAWLER_MAX_ATTEMPTS"),
        clock=time.time,
    )


def sqlite_path(url: str) -> Path | None:
    """The file of a ``sqlite:///relative.db`` or ``sqlite:////absolute.db`` address; None for other schemes."""
    scheme, _, rest = url.partition("://")
    return Path(rest.removeprefix("/")) if scheme == "sqlite" and rest.removeprefix("/") else None
