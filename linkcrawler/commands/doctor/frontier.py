"""The frontier's Redis: version, settings, memory, and whether its clock and ours agree."""

import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from linkcrawler.commands.doctor.finding import Finding, fail, ok, warn
from linkcrawler.credentials import without_password
from linkcrawler.errors import LinkcrawlerError

WIDEST_SKEW_SECONDS = 5.0
"""The frontier uses Redis' clock alone; dates of visits are ours, and should be comparable between machines."""
FULL = 0.8


async def findings(url: str) -> AsyncIterator[Finding]:
    from scrapy.settings import Settings

    from linkcrawler.frontier.connect import REDIS_SCHEMES
    from linkcrawler.frontier.redis.connection import check, connect

    if urlsplit(url).scheme not in REDIS_SCHEMES:
        yield ok("frontier", "in this process: one worker for a crawl")
        return
    try:
        client = connect(url, Settings())
    except LinkcrawlerError as error:
        yield fail("frontier", str(error), "correct --frontier or LINKCRAWLER_FRONTIER")
        return
    try:
        await check(client, url)
        info: dict[str, Any] = await client.info()
        for finding in _looked_at(without_password(url), info):
            yield finding
        seconds, microseconds = await client.time()
        yield _clock(time.time() - (seconds + microseconds / 1e6))
    except LinkcrawlerError as error:
        yield fail("frontier", str(error), "start it, or correct its settings or LINKCRAWLER_FRONTIER")
    finally:
        await client.aclose()


def _looked_at(where: str, info: dict[str, Any]) -> list[Finding]:
    used, most = info.get("used_memory", 0), info.get("maxmemory", 0)
    memory = f"{used / 2**20:,.0f} MiB used" + (f" of {most / 2**20:,.0f}" if most else ", without a limit")
    found = [ok("frontier", f"{where}: Redis {info['redis_version']}, {memory}")]
    if most and used > FULL * most:
        found.append(warn("redis memory", memory, "raise maxmemory, or lower LINKCRAWLER_HOST_QUEUE"))
    if not info.get("aof_enabled"):
        remedy = "redis-cli config set appendonly yes, and the same in its configuration file"
        found.append(warn("redis file", "keeps no append-only file: if it dies, the crawl is lost", remedy))
    elif info.get("aof_last_write_status") != "ok":
        found.append(fail("redis file", "the append-only file cannot be written", "free its disk, look at its log"))
    return found


def _clock(skew: float) -> Finding:
    detail = f"{abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} Redis'"
    if abs(skew) > WIDEST_SKEW_SECONDS:
        return warn("clock", f"ours is {detail}", "let both machines keep time with NTP")
    return ok("clock", f"agrees with Redis' within {WIDEST_SKEW_SECONDS:.0f} s")
