"""Fetches what is no page to read for links: sitemaps, feeds, robots.txt, within the host's turn as any page."""

import asyncio
import logging
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from linkcrawler.robots import TurnSpent
from linkcrawler.robots.middleware import PLAIN
from linkcrawler.seeding.hints import MOST_BYTES
from linkcrawler.spiders.fetching import FetchSpider
from linkcrawler.urls import canonicalize, host_of, join

logger = logging.getLogger(__name__)

ATTEMPTS = 40
"""Times that a document waits for its host, half a second or the host's own delay each."""
MOST_REDIRECTS = 5


async def fetch_document(spider: FetchSpider, url: str) -> bytes | None:
    """The body; None if the host does not give it, or robots.txt forbids it."""
    for _ in range(MOST_REDIRECTS + 1):
        response = await _fetch(spider, url)
        if response is None or response.status == 200:
            return response.body if response is not None else None
        location = (response.headers.get("Location") or b"").decode("latin-1")
        joined = join(url, location) if location and 300 < response.status < 400 else None
        destination = canonicalize(joined) if joined else None
        if destination is None:
            return None
        url = destination
    return None


async def _fetch(spider: FetchSpider, url: str) -> Response | None:
    frontier, engine, host = spider._frontier(), spider.crawler.engine, host_of(url)
    assert engine is not None
    meta = {"handle_httpstatus_all": True, "download_maxsize": MOST_BYTES, PLAIN: urlsplit(url).path == "/robots.txt"}
    for _ in range(ATTEMPTS):
        if not await frontier.borrow(host):
            await asyncio.sleep(0.5)
            continue
        try:
            request = Request(url, meta=meta, callback=NO_CALLBACK, dont_filter=True)
            return await engine.download_async(request)
        except TurnSpent as error:
            await asyncio.sleep(error.wait)
        except (IgnoreRequest, OSError, RuntimeError, ValueError) as error:
            logger.info("%s: %s", url, error)
            return None
        finally:
            await frontier.give_back(host)
    return None
