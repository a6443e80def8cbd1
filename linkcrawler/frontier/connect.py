"""From a setting to a frontier backend."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from linkcrawler.crawl import CrawlPlan
from linkcrawler.errors import UsageError
from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Frontier

REDIS_SCHEMES = ("redis", "rediss", "unix", "sentinel")


def make_frontier(settings: BaseSettings, plan: CrawlPlan, on_ready: Callable[[], None]) -> Frontier:
    """The backend that LINKCRAWLER_FRONTIER names, not yet open. ``on_ready`` is called when ``reserve`` has news.

    ``none`` keeps the frontier in the SQLite store's own file, or beside the working directory's other files where
    the store is elsewhere. Raises UsageError for an unknown scheme.
    """
    url = settings["LINKCRAWLER_FRONTIER"]
    scheme = urlsplit(url).scheme
    limits = Limits.from_settings(settings, plan.max_pages)
    if scheme in REDIS_SCHEMES:
        # Imported here: a crawl in one process does not need the Redis client.
        from linkcrawler.frontier.redis.backend import RedisFrontier
        from linkcrawler.frontier.redis.connection import connect

        about = f"{plan.spider} {','.join(target.spec for target in plan.targets)} {plan.seeds} {plan.follow}"
        client = connect(url, settings)
        # What cannot be begun soon is left to other workers.
        prefetch = min(16, settings.getint("CONCURRENT_REQUESTS"))
        return RedisFrontier(
            client, plan.key, limits, where=url, about=about[:500], prefetch=prefetch, on_ready=on_ready
        )
    if url == "none":
        path = sqlite_path(settings["LINKCRAWLER_STORE"]) or Path("linkcrawler-frontier.db")
    elif scheme == "sqlite" and (named := sqlite_path(url)):
        path = named
    else:
        raise UsageError(
            f"LINKCRAWLER_FRONTIER={url!r} is not understood: expected none, sqlite:///FILE, redis://HOST/DB, "
            "rediss://HOST/DB or sentinel://HOST:PORT,HOST:PORT/MASTER/DB"
        )
    return EmbeddedFrontier(path, plan.key, limits, clock=time.monotonic)


def sqlite_path(url: str) -> Path | None:
    """The file of a ``sqlite:///relative.db`` or ``sqlite:////absolute.db`` address; None for other schemes."""
    scheme, _, rest = url.partition("://")
    return Path(rest.removeprefix("/")) if scheme == "sqlite" and rest.removeprefix("/") else None
