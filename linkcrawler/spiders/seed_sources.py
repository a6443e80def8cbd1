"""Admits what the sources among the seeds name: pages kept in the store, of sitemaps, of feeds, of OPML lists."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.utils.misc import load_object

from linkcrawler.errors import UsageError
from linkcrawler.frontier.protocol import Candidate
from linkcrawler.seeding.discovery import Discovered, discover
from linkcrawler.seeding.seeds import SeedSource
from linkcrawler.seeding.stored_seeds import StoredSeeds
from linkcrawler.spiders.documents import fetch_document
from linkcrawler.spiders.fetching import SEED_BATCH, SEED_PRIORITY, FetchSpider
from linkcrawler.urls import join
from linkcrawler.vocabulary import Refusal

logger = logging.getLogger(__name__)

MOST_DOCUMENTS = 1000
"""Of one source: an index may name 50,000 sitemaps."""
ROBOTS, USUAL_SITEMAP = "/robots.txt", "/sitemap.xml"


async def admit_sources(spider: FetchSpider, sources: Sequence[SeedSource]) -> None:
    """Read each source and admit its pages; where they were named is noted in the store."""
    stored: StoredSeeds = load_object(spider.settings["SEED_STORE"])(spider.settings)
    await stored.open()
    try:
        for source in sources:
            if source.kind == "store":
                kept = 0
                try:
                    async for urls in stored.named(source.where, spider.plan.targets):
                        kept += await _admit(spider, _off_target(spider, urls))
                except UsageError as error:
                    logger.error("%s", error)
            else:
                kept = await _admit_named(spider, source, stored)
            logger.info("seeds %s:%s: %d pages are queued", source.kind, source.where, kept)
    finally:
        await stored.close()


async def _admit_named(spider: FetchSpider, source: SeedSource, stored: StoredSeeds) -> int:
    """Walks from document to document: robots.txt to sitemaps, an index to its sitemaps, a list to its feeds."""
    waiting, known, kept = deque([_first(source)]), set[str](), 0
    while waiting and len(known) < MOST_DOCUMENTS:
        where = waiting.popleft()
        if where in known:
            continue
        known.add(where)
        found = await _read(spider, where)
        waiting += found.documents
        if where.endswith(ROBOTS) and not found.documents:
            waiting.append(where.removesuffix(ROBOTS) + USUAL_SITEMAP)
        for hub in found.hubs:
            spider.crawler.stats.inc_value("linkcrawler/seeds/hubs")
            logger.info("%s: the hub %s tells of its changes (WebSub)", where, hub)
        pages = _off_target(spider, [*found.pages])
        await stored.note(source.kind, where, spider.plan.targets, pages)
        kept += await _admit(spider, pages)
    if waiting:
        spider.crawler.stats.inc_value("linkcrawler/seeds/documents_left", len(waiting))
        logger.warning("%s names more than %d documents: %d are left", source.where, MOST_DOCUMENTS, len(waiting))
    return kept


def _first(source: SeedSource) -> str:
    """Of a site that is asked for sitemaps its robots.txt."""
    site = source.kind == "sitemap" and urlsplit(source.where).path in ("", "/")
    return join(source.where, ROBOTS) or source.where if site else source.where


async def _read(spider: FetchSpider, where: str) -> Discovered:
    on_web = "://" in where
    try:
        body = await fetch_document(spider, where) if on_web else await asyncio.to_thread(Path(where).read_bytes)
    except OSError as error:
        logger.warning("%s: %s", where, error)
        body = None
    if body is None:
        spider.crawler.stats.inc_value("linkcrawler/seeds/documents_unread")
        logger.warning("%s could not be read", where)
        return Discovered()
    return discover(body, where if on_web else "")


def _off_target(spider: FetchSpider, urls: Sequence[str]) -> list[str]:
    """Those that may be crawled; the target's own pages are counted."""
    targets = spider.plan.targets
    kept = [url for url in urls if not any(target.matches(url) for target in targets)]
    if own := len(urls) - len(kept):
        spider.crawler.stats.inc_value(f"linkcrawler/urls/refused/{Refusal.ON_TARGET}", own)
    return kept


async def _admit(spider: FetchSpider, urls: Sequence[str]) -> int:
    """How many of them were not queued before."""
    candidates, kept = [Candidate(url, priority=SEED_PRIORITY) for url in urls], 0
    for start in range(0, len(candidates), SEED_BATCH):
        kept += (await spider._frontier().admit(candidates[start : start + SEED_BATCH])).kept
    return kept
