"""``scrapy crawl recheck``: visit the pages that are known to link when they are due, and not more often."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from linkcrawler.errors import UsageError
from linkcrawler.frontier.protocol import Candidate, Lease
from linkcrawler.frontier.scheduler import LEASE
from linkcrawler.frontier.settle import Fetched
from linkcrawler.records import DuePage, Visit
from linkcrawler.seeding.hints import read_hints
from linkcrawler.seeding.known_pages import NOW, KnownPages, due_by, plan_recheck
from linkcrawler.seeding.seeds import Seed, SeedSource, read_seeds
from linkcrawler.spiders.backlinks import BacklinksSpider
from linkcrawler.spiders.documents import fetch_document
from linkcrawler.spiders.fetching import FetchSpider, now
from linkcrawler.vocabulary import Outcome, Refusal

logger = logging.getLogger(__name__)

_ARGUMENTS = ("target", "due", "hints", "max_pages", "restart", "warc")
NOT_MODIFIED = 304


class RecheckSpider(BacklinksSpider):
    """Visits known source pages again.

    Arguments (``-a name=value``): target (several: a.org,b.org), due (now, or a day or time; default now), hints
    (sitemaps and feeds: addresses or a file of them; pages that they call newer are visited though not due), max_pages
    (default 0: no limit), restart=1 (begin anew), warc (a folder for WARC files of the pages that link).
    """

    name = "recheck"
    keeps_history = True

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        unknown = arguments.keys() - set(_ARGUMENTS)
        if unknown:
            raise UsageError(f"-a {min(unknown)}= is not known: expected one of {', '.join(_ARGUMENTS)}")
        FetchSpider.__init__(self, name)
        self.plan = plan_recheck(self.name, target=arguments.get("target"), max_pages=arguments.get("max_pages", "0"))
        self.due = due_by(arguments.get("due", NOW), now())
        self.restart = arguments.get("restart", "0") == "1"
        self._hints = read_seeds(arguments["hints"]) if arguments.get("hints") else []
        self._make_ready(arguments.get("warc", ""))
        self._asked: dict[str, DuePage] = {}
        """What each queued page can be asked with; a page that an earlier run had queued is asked without."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        middlewares = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), "linkcrawler.spiders.recheck.Conditional": 110}
        settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        """Admit what is due. A recheck that was cut short goes on: what it visited is no longer due."""
        frontier = self._frontier()
        await frontier.begin(restart=self.restart)
        self._known: KnownPages = load_object(self.settings["RECHECK_PAGES"])(self.settings)
        await self._known.open()
        specs = [target.spec for target in self.plan.targets]
        admitted = 0
        async for pages in self._known.due(specs, by=self.due, most=self.plan.max_pages):
            admitted += await self._admit(pages)
        logger.info("%d known pages are due", admitted)
        for hint in self._hints:
            if isinstance(hint, Seed):
                await self._follow_hint(hint.url)
            elif isinstance(hint, SeedSource) and hint.kind in ("sitemap", "feed"):
                await self._follow_hint(hint.where)
        return
        yield

    async def _admit(self, pages: Collection[DuePage], priority: int = 0) -> int:
        self._asked |= {page.url: page for page in pages}
        candidates = [Candidate(page.url, priority=priority) for page in pages]
        return int((await self._frontier().admit(candidates)).kept)

    def conditions(self, lease: Lease) -> dict[str, str]:
        """The headers that ask for a page only if it is not what it was."""
        page = self._asked.get(lease.candidate.url)
        found = {}
        if page and page.etag:
            found["If-None-Match"] = page.etag
        if page and page.last_modified:
            found["If-Modified-Since"] = format_datetime(datetime.fromisoformat(page.last_modified), usegmt=True)
        return found

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Fetched]:
        lease: Lease = response.meta[LEASE]
        if response.status == NOT_MODIFIED and self.conditions(lease):
            yield Fetched(lease=lease, visit=await self._unchanged(lease))
        else:
            async for fetched in super().parse(response):
                yield fetched
        self._asked.pop(lease.candidate.url, None)

    async def _unchanged(self, lease: Lease) -> Visit:
        """A successful visit: the links stand there as the visit found them that the condition came from."""
        visit = self.visit(lease, Outcome.OK, status=NOT_MODIFIED)
        self.crawler.stats.inc_value("linkcrawler/not_modified")
        standing = await self._known.standing(lease.candidate.url)
        return replace(visit, sightings=tuple(replace(one, seen_at=visit.at) for one in standing))

    async def _follow_hint(self, url: str) -> None:
        """Bring forward what a sitemap or feed calls newer than the newest visit."""
        body = await fetch_document(self, url)
        if body is None:
            self.crawler.stats.inc_value("linkcrawler/hints/unread")
            logger.warning("%s could not be read: its pages are visited when they are due", url)
            return
        changed = await self._known.changed(read_hints(body, now()))
        kept = await self._admit(changed, priority=1)
        self.crawler.stats.inc_value("linkcrawler/hints/pages", kept)
        logger.info("%s: %d known pages have changed since they were visited", url, len(changed))

    async def closed(self, reason: str) -> None:
        with suppress(AttributeError):
            await self._known.close()

    def passes_over(self, lease: Lease) -> Refusal | None:
        return None


class Conditional:
    """Downloader middleware: asks for a known page only if it has changed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not isinstance(crawler.spider, RecheckSpider):
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        lease, spider = request.meta.get(LEASE), self._crawler.spider
        if isinstance(lease, Lease) and isinstance(spider, RecheckSpider):
            for name, value in spider.conditions(lease).items():
                request.headers[name] = value
