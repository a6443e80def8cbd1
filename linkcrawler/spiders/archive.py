"""``scrapy crawl archive``: what others have crawled is read for links to a target, as if it had been fetched then."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any, BinaryIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from linkcrawler import private_hooks
from linkcrawler.archives.extra import load
from linkcrawler.archives.prefilter import Prefilter
from linkcrawler.archives.reading import ArchiveReader
from linkcrawler.archives.streams import PieceMissing, open_beside, open_local
from linkcrawler.archives.units import STRETCH, Unit, read_list, read_paths, unit_of
from linkcrawler.archives.visits import visit_of
from linkcrawler.archives.web_pieces import WebPieces, is_piece
from linkcrawler.capture.vocabulary import load_vocabulary
from linkcrawler.crawl import plan_crawl
from linkcrawler.errors import UsageError
from linkcrawler.frontier.protocol import Candidate, Ended, Lease
from linkcrawler.frontier.scheduler import LEASE
from linkcrawler.frontier.settle import Fetched
from linkcrawler.records import Visit
from linkcrawler.robots import TurnSpent
from linkcrawler.spiders.fetching import FetchSpider
from linkcrawler.targets import Target

logger = logging.getLogger(__name__)

_ARGUMENTS = ("target", "paths", "restart", "stretch")
VISITS_AT_ONCE = 100
"""Visits that wait for the store while more is read."""


class ArchiveSpider(FetchSpider):
    """Reads WARC and WAT files for pages that link to a target.

    Arguments (``-a name=value``): target (several: a.org,b.org), paths (files, folders, http(s) or s3 addresses, lists
    of them; commas between several), restart=1 (begin anew), stretch (bytes of a file
    that a worker takes at a time; default 32 MiB).
    """

    name = "archive"
    also_watched: tuple[Target, ...] = ()
    """Targets that the store holds links to: a visit that did not look for them would call these links lost."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        unknown = arguments.keys() - set(_ARGUMENTS)
        if unknown:
            raise UsageError(f"-a {min(unknown)}= is not known: expected one of {', '.join(_ARGUMENTS)}")
        super().__init__(name)
        paths = arguments.get("paths")
        if not paths:
            raise UsageError("no paths given: write for example -a paths=wat.paths.gz or -a paths=FOLDER")
        stretch = arguments.get("stretch", str(STRETCH))
        if not stretch.isdecimal() or not int(stretch):
            raise UsageError(f"stretch={stretch!r} is not understood: expected a number of bytes, such as {STRETCH}")
        self._stretch = int(stretch)
        load("fastwarc")
        load("hyperscan")
        self.plan = plan_crawl(
            self.name, target=arguments.get("target"), seeds=paths, follow="none", max_pages="0", max_depth="0"
        )
        self._units = read_paths(paths)
        self.restart = arguments.get("restart", "0") == "1"
        self._vocabulary = load_vocabulary()
        self._unstored: dict[str, set[int]] = {}
        """By the token of a unit's lease, its visits that are not stored yet."""
        self._lost: set[str] = set()
        """Tokens of units of which a visit could not be stored."""
        self._progress = asyncio.Event()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        ours = {"linkcrawler.archives.web_pieces.ArchiveRequests": 90}
        settings.set("DOWNLOADER_MIDDLEWARES", settings.getdict("DOWNLOADER_MIDDLEWARES") | ours, priority="spider")
        # One unit at a time: what reads it takes a core, and others may take the next.
        settings.set("CONCURRENT_REQUESTS", 1, priority="spider")
        settings.set("SCRAPER_SLOT_MAX_ACTIVE_SIZE", 1, priority="spider")
        settings.set("CONCURRENT_ITEMS", VISITS_AT_ONCE, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "ArchiveSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._stored, signals.item_scraped)
        crawler.signals.connect(spider._stored, signals.item_dropped)
        crawler.signals.connect(spider._not_stored, signals.item_error)
        return spider

    def _candidates(self) -> Iterator[Candidate]:
        return (unit.candidate() for unit in self._units)

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Fetched]:
        lease: Lease = response.meta[LEASE]
        unit = unit_of(lease.candidate)
        if unit.on_web and not is_piece(response):
            await self._unread(lease, f"status {response.status}", passing=response.status in (429, 500, 502, 503, 504))
            return
        if unit.is_list:
            await self._admit_list(response, lease)
            return
        try:
            stream = self._open(unit, response, lease)
        except OSError as error:
            await self._unread(lease, str(error), passing=False)
            return
        self._unstored[lease.token] = set()
        try:
            with stream:
                async for visit in self._read(stream, unit, lease):
                    yield visit
        except PieceMissing as error:
            await self._unread(lease, str(error), passing=True)
        finally:
            del self._unstored[lease.token]

    async def failed(self, failure: Failure) -> AsyncIterator[Fetched]:
        lease: Lease = failure.request.meta[LEASE]  # type: ignore[attr-defined]
        if isinstance(failure.value, TurnSpent):
            await self._frontier().release(lease, wait=failure.value.wait)
            return
        await self._unread(lease, f"{type(failure.value).__name__}: {failure.value}", passing=True)
        return
        yield

    def _open(self, unit: Unit, response: Response, lease: Lease) -> BinaryIO:
        if unit.on_web:
            return WebPieces(self.crawler, unit, lease).stream(response)
        return open_local(unit.source, unit.offset)

    async def _read(self, stream: BinaryIO, unit: Unit, lease: Lease) -> AsyncIterator[Fetched]:
        """The unit's visits; once they are stored, what follows it is admitted and the unit is done."""
        targets = tuple({target.spec: target for target in (*self.plan.targets, *self.also_watched)}.values())
        beside = None if unit.on_web else open_beside(unit.source)
        reader = ArchiveReader(stream, Prefilter(targets), until=unit.offset + self._stretch, beside=beside)
        waiting = self._unstored[lease.token]
        records = iter(reader)
        while not private_hooks.closing(self.crawler):
            batch = await asyncio.to_thread(self._next_visits, records, reader, unit, targets)
            if batch is None:
                break
            for visit in batch:
                item = Fetched(lease=lease, visit=visit, settles=False)
                waiting.add(id(item.visit))
                yield item
        while waiting:
            self._progress.clear()
            await self._progress.wait()
        self._tell(reader, unit)
        if lease.token in self._lost:
            self._lost.discard(lease.token)
            return
        if reader.offset == unit.offset:  # told to stop before it was begun
            await self._frontier().release(lease)
            return
        children = [unit.after(reader.offset).candidate()] if reader.offset is not None else []
        await self._frontier().ack(lease, children)

    def _next_visits(
        self, records: Iterator[Any], reader: ArchiveReader, unit: Unit, targets: tuple[Target, ...]
    ) -> list[Visit] | None:
        """Those of the next records; None at the unit's end."""
        visits = []
        for record in records:
            found = visit_of(record, unit.source, targets, self._vocabulary)
            if isinstance(found, str):
                reader.counts[f"refused/{found}"] += 1
            else:
                visits.append(found)
            if len(visits) == VISITS_AT_ONCE or private_hooks.closing(self.crawler):
                return visits
        return visits or None

    async def _admit_list(self, response: Response, lease: Lease) -> None:
        try:
            units = read_list(response.body)
        except (ValueError, OSError, EOFError) as error:
            await self._unread(lease, f"no list of files: {error}", passing=False)
            return
        admitted = await self._frontier().ack(lease, [unit.candidate() for unit in units])
        logger.info("%s lists %d files, %d of them new", unit_of(lease.candidate).source, len(units), admitted.kept)

    async def _unread(self, lease: Lease, problem: str, *, passing: bool) -> None:
        """Try again later, or give the unit up."""
        if passing and await self._try_again(lease, "archive file", 0.0):
            return
        self.crawler.stats.inc_value("linkcrawler/archives/unread")
        logger.error("%s cannot be read: %s", unit_of(lease.candidate).source, problem)
        await self._frontier().ack(lease, ended=Ended.SKIPPED)

    def _tell(self, reader: ArchiveReader, unit: Unit) -> None:
        for name, number in reader.counts.items():
            self.crawler.stats.inc_value(f"linkcrawler/archives/{name}", number)
        if reader.problem:
            self.crawler.stats.inc_value("linkcrawler/archives/broken")
            logger.error("%s is read no further: %s", unit.source, reader.problem)

    def _stored(self, item: Fetched) -> None:
        self._unstored.get(item.lease.token, set()).discard(id(item.visit))
        self._progress.set()

    def _not_stored(self, item: Fetched) -> None:
        """The scheduler has given the unit back to the frontier."""
        self._lost.add(item.lease.token)
        self._stored(item)
