"""What every spider of ours does with a lease: admit the seeds, then turn each answer or failure into one visit."""

import logging
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from linkcrawler import __version__
from linkcrawler.crawl import CrawlPlan
from linkcrawler.frontier.protocol import Candidate, Lease
from linkcrawler.frontier.scheduler import LEASE, FrontierScheduler
from linkcrawler.frontier.settle import Fetched
from linkcrawler.http_times import retry_after
from linkcrawler.network import AddressRefused
from linkcrawler.records import Visit, in_milliseconds
from linkcrawler.robots import RobotsUnreachable, TurnSpent
from linkcrawler.seeding.seeds import BadLine, Seed, SeedSource
from linkcrawler.settings_check import check_settings
from linkcrawler.traps import endless, without_session
from linkcrawler.urls import canonicalize, join, spelling
from linkcrawler.vocabulary import Outcome, Refusal

logger = logging.getLogger(__name__)

SEED_PRIORITY = 10
"""Seeds go before what is found on the way; so do the redirects that they lead to."""
SEED_BATCH = 1000
MAX_REDIRECTS = 5
LONGEST_WAIT_FOR_ROBOTS = 60.0
"""Seconds that a host may fail to say what its robots.txt is before its pages are given up for this crawl."""

_PASSING = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
"""Statuses that another attempt may mend."""


class FetchSpider(Spider):
    """A spider whose requests are leases of the frontier. A subclass says what a page with HTML gives."""

    plan: CrawlPlan
    seeds: Sequence[Seed | SeedSource | BadLine] = ()
    restart: bool = False

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Name the operator's contact in the user agent, unless -s USER_AGENT says it all."""
        super().update_settings(settings)
        contact = settings["LINKCRAWLER_CONTACT"]
        settings.set("USER_AGENT", f"linkcrawler/{__version__} (+{contact})", priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        check_settings({name: crawler.settings[name] for name in crawler.settings}, os.environ)
        # Scrapyd passes its own beside the spider's: _job, _version.
        own = {name: value for name, value in kwargs.items() if not name.startswith("_")}
        return super().from_crawler(crawler, *args, **own)

    def passes_over(self, lease: Lease) -> Refusal | None:
        """Why a queued URL is not asked for after all; None if it is."""
        return None

    async def read_page(self, response: Response, lease: Lease) -> Fetched:
        """Make the visit of a page that was answered with status 200."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        """Admit the seeds. An unfinished crawl gets them again: new lines of the file are taken up, old ones known."""
        frontier = self._frontier()
        begun = await frontier.begin(restart=self.restart)
        if begun.resumed:
            logger.info("going on with this crawl where it stopped: %d pages are queued", begun.pending)
        candidates = list(self._candidates())
        for start in range(0, len(candidates), SEED_BATCH):
            await frontier.admit(candidates[start : start + SEED_BATCH])
        return
        yield

    def _candidates(self) -> Iterator[Candidate]:
        for seed in self.seeds:
            if isinstance(seed, BadLine):
                self._count("urls", Refusal.MALFORMED)
                logger.warning(
                    "seeds %s, line %d: %s: %r; expected an address such as https://example.org/blog/ (passed over)",
                    self.plan.seeds, seed.number, seed.problem, seed.text,
                )  # fmt: skip
            elif isinstance(seed, SeedSource):
                continue
            elif any(target.matches(seed.url) for target in self.plan.targets):
                self._count("urls", Refusal.ON_TARGET)
                logger.warning("seed %s is on the target, which is not crawled for backlinks (passed over)", seed.url)
            else:
                yield Candidate(seed.url, priority=SEED_PRIORITY, spelled=seed.spelled)

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Fetched]:
        lease: Lease = response.meta[LEASE]
        status = response.status
        if status in _PASSING and await self._try_again(lease, f"status {status}", self._wait(response)):
            return
        if response.status in (301, 302, 303, 307, 308):
            yield self._redirect(response, lease)
        elif response.status == 200:
            yield await self.read_page(response, lease)
        else:
            outcome = Outcome.GONE if response.status in (404, 410) else Outcome.HTTP_ERROR
            yield Fetched(lease=lease, visit=self.visit(lease, outcome, status=response.status))

    async def failed(self, failure: Failure) -> AsyncIterator[Fetched]:
        """No answer came: refused by robots.txt, or the network failed."""
        request: Request = failure.request  # type: ignore[attr-defined]
        lease: Lease = request.meta[LEASE]
        error = failure.value
        if isinstance(error, TurnSpent):
            await self._frontier().release(lease, wait=error.wait)
            return
        if isinstance(error, RobotsUnreachable):
            async for fetched in self._unread_robots(error, lease):
                yield fetched
            return
        if isinstance(error, IgnoreRequest):
            self._count("pages", Refusal.ROBOTS)
            yield Fetched(lease=lease, visit=self.visit(lease, Outcome.ROBOTS, detail=str(error)[:300]), asked=False)
            return
        if isinstance(error, AddressRefused):
            self._count("pages", Refusal.PRIVATE_ADDRESS)
            logger.info("%s is not asked: %s", lease.candidate.url, error)
            visit = self.visit(lease, Outcome.UNREACHABLE, detail=str(error)[:300])
            yield Fetched(lease=lease, visit=visit, asked=False)
            return
        detail = f"{type(error).__name__}: {error}"[:300]
        if not await self._try_again(lease, type(error).__name__, 0.0):
            logger.info("%s could not be fetched: %s", lease.candidate.url, detail)
            yield Fetched(lease=lease, visit=self.visit(lease, Outcome.UNREACHABLE, detail=detail))

    async def _unread_robots(self, error: RobotsUnreachable, lease: Lease) -> AsyncIterator[Fetched]:
        """RFC 9309: without an answer nothing is allowed. A passing fault is waited for, a long one is not."""
        if error.silent < LONGEST_WAIT_FOR_ROBOTS and await self._try_again(lease, "robots.txt unread", error.wait):
            return
        outcome = Outcome.ROBOTS if error.answered else Outcome.UNREACHABLE
        self._count("pages", Refusal.ROBOTS)
        yield Fetched(lease=lease, visit=self.visit(lease, outcome, detail=str(error)[:300]), asked=False)

    def visit(self, lease: Lease, outcome: Outcome, *, status: int = 0, detail: str = "") -> Visit:
        return Visit(url=lease.candidate.url, at=now(), outcome=outcome, status=status, detail=detail)

    def _redirect(self, response: Response, lease: Lease) -> Fetched:
        """The destination goes through the frontier. Seeds may lead anywhere; other pages stay in scope."""
        url, depth, chain = lease.candidate.url, lease.candidate.depth, (*lease.candidate.chain, lease.candidate.url)
        raw = (response.headers.get("Location") or b"").decode("latin-1")
        joined = join(response.url, raw)
        destination = canonicalize(joined) if joined else None
        spelled = spelling(response.url, raw, destination) if destination else ""
        # Where the session number is all that a redirect adds, the page is not to be had without.
        if destination and (plain := without_session(destination)) != destination and plain not in chain:
            destination, spelled = plain, ""
        refusal: Refusal | None = None
        if destination is None:
            refusal = Refusal.MALFORMED
        elif len(chain) > MAX_REDIRECTS:
            refusal = Refusal.TOO_MANY_REDIRECTS
        else:
            refusal = self.plan.refusal(destination, depth, url)
            if refusal is Refusal.OFF_SCOPE and depth == 0:
                refusal = None
            if refusal is None and endless(destination, now().year):
                refusal = Refusal.TRAP
        visit = self.visit(lease, Outcome.REDIRECTED, status=response.status, detail=destination or raw[:300])
        if refusal or destination is None:
            return Fetched(lease=lease, visit=visit, refused={refusal or Refusal.MALFORMED: 1})
        candidate = Candidate(destination, depth, lease.candidate.priority, chain, spelled, lease.candidate.hint)
        return Fetched(lease=lease, visit=visit, candidates=(candidate,))

    async def _try_again(self, lease: Lease, reason: str, retry_after: float) -> bool:
        if lease.attempt >= self.settings.getint("LINKCRAWLER_MAX_ATTEMPTS"):
            return False
        await self._frontier().nack(lease, reason=reason, retry_after=retry_after)
        self.crawler.stats.inc_value(f"linkcrawler/retries/{reason}")
        return True

    def _wait(self, response: Response) -> float:
        return retry_after(response, self.settings.getfloat("LINKCRAWLER_LONGEST_BACK_OFF"))

    def _frontier(self) -> Any:
        return self._scheduler().frontier

    def _scheduler(self) -> FrontierScheduler:
        scheduler = self.crawler.engine.scheduler if self.crawler.engine else None
        assert isinstance(scheduler, FrontierScheduler)
        return scheduler

    def _count(self, what: str, refusal: Refusal) -> None:
        """``urls``: what is not admitted; ``pages``: what was admitted, and is not asked for after all."""
        self.crawler.stats.inc_value(f"linkcrawler/{what}/refused/{refusal}")


def now() -> datetime:
    """The present, cut to the milliseconds that every store keeps."""
    return in_milliseconds(datetime.now(UTC))
