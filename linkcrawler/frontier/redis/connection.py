"""Opens the connection to Redis with scrapy-redis' settings (REDIS_URL, REDIS_PARAMS ...) and checks the server."""

import logging
import warnings
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.sentinel import Sentinel
from redis.exceptions import RedisError
from scrapy.settings import BaseSettings
from scrapy_redis.connection import get_redis_from_settings

from linkcrawler.credentials import without_password
from linkcrawler.errors import StoreError, UsageError

logger = logging.getLogger(__name__)

OLDEST_VERSION = (7, 0)


def connect(url: str, settings: BaseSettings) -> Redis:
    """The client for LINKCRAWLER_FRONTIER; nothing is sent yet.

    ``redis://``, ``rediss://`` and ``unix://`` addresses are those of redis-py; ``sentinel://HOST:PORT,HOST:PORT/NAME/DB``
    asks the sentinels for the master called NAME. ``redis://`` alone means scrapy-redis' REDIS_URL or REDIS_HOST.
    """
    own = {name: settings[name] for name in settings if str(name).startswith("REDIS_")}
    params: dict[str, Any] = {**settings.getdict("REDIS_PARAMS"), "redis_cls": Redis}
    if urlsplit(url).scheme == "sentinel":
        own["REDIS_URL"] = None
        params["redis_cls"] = partial(_through_sentinels, url)
    elif url != "redis://":
        own["REDIS_URL"] = url
    own |= {"REDIS_PARAMS": params, "REDIS_DECODE_RESPONSES": False}
    with warnings.catch_warnings():
        # scrapy-redis passes retry_on_timeout, which redis-py does by itself now.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            client: Redis = get_redis_from_settings(BaseSettings(own))
        except ValueError as error:
            raise UsageError(
                f"LINKCRAWLER_FRONTIER={url!r} is not understood ({error}): expected redis://HOST:PORT/DB"
            ) from error
    return client


def _through_sentinels(url: str, **params: Any) -> Redis:
    parts = urlsplit(url)
    name, _, database = parts.path.strip("/").partition("/")
    credentials, _, hosts = parts.netloc.rpartition("@")
    if not hosts or not name:
        raise ValueError("a sentinel address has the form sentinel://HOST:PORT,HOST:PORT/MASTER/DB")
    pairs = [host.rpartition(":") for host in hosts.split(",")]
    user, _, password = credentials.partition(":")
    if credentials:
        params |= {"username": unquote(user) or None, "password": unquote(password)}
    params |= {"db": int(database or 0), "ssl": dict(parse_qsl(parts.query)).get("ssl") == "true"}
    params.pop("decode_responses", None)
    addresses = [(host, int(port)) for host, _, port in pairs]
    sentinel = Sentinel(addresses, socket_timeout=5.0)  # type: ignore[no-untyped-call]
    client: Redis = sentinel.master_for(name, **params)
    return client


async def check(client: Redis, url: str) -> None:
    """Raise StoreError if the server cannot be reached, is too old, or may throw away what it was given to keep."""
    where = without_password(url)
    try:
        info: dict[str, Any] = await client.info()
    except (RedisError, OSError) as error:
        raise StoreError(
            f"{where}: the frontier's Redis cannot be reached ({error}); start it, or correct LINKCRAWLER_FRONTIER"
        ) from error
    version = tuple(int(part) for part in str(info["redis_version"]).split(".")[:2])
    if version < OLDEST_VERSION:
        raise StoreError(f"{where}: Redis {info['redis_version']} is too old; expected 7.0 or later (or Valkey)")
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy != "noeviction":
        raise StoreError(
            f"{where}: maxmemory-policy is {policy}, so Redis may throw away queued URLs when memory is short; "
            "expected noeviction: redis-cli config set maxmemory-policy noeviction"
        )
    if not info.get("aof_enabled"):
        logger.warning(
            "%s keeps no append-only file: if it dies, the crawl is lost; redis-cli config set appendonly yes", where
        )
