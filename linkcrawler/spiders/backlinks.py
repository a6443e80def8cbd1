"""``scrapy crawl backlinks``: fetch pages, keep what points at the target, follow the rest within scope."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import repeat
from typing import Any

from scrapy.http import Response

from linkcrawler.capture import Capture, capture_page
from linkcrawler.capture.places import places
from linkcrawler.capture.sightings import sightings
from linkcrawler.capture.vocabulary import load_vocabulary
from linkcrawler.crawl import Follow, plan_crawl
from linkcrawler.errors import UsageError
from linkcrawler.focus.links import LinkFocus
from linkcrawler.frontier.protocol import Candidate, Lease
from linkcrawler.frontier.settle import Fetched
from linkcrawler.http_times import header_time
from linkcrawler.network import HTML_TYPES, TRUNCATED
from linkcrawler.outline import outline
from linkcrawler.records import LONGEST_ETAG, Placement, Visit
from linkcrawler.seeding.seeds import SeedSource, read_seeds
from linkcrawler.spiders.fetching import FetchSpider, now
from linkcrawler.spiders.keeping import Keeping
from linkcrawler.spiders.seed_sources import admit_sources
from linkcrawler.spiders.shorteners import Shorteners, led
from linkcrawler.targets import Target, index
from linkcrawler.traps import Novelty, endless, without_session
from linkcrawler.urls import canonicalize, spelling
from linkcrawler.vocabulary import Outcome, Refusal

_ARGUMENTS = ("target", "seeds", "follow", "max_pages", "max_depth", "restart", "resolve_shorteners", "warc")


QUICK_BYTES = 500_000
"""A larger page may hold up heartbeats and other answers: it is read in a thread. Of 132 pages of 300 KB and more half
took 4 ms, 30 ms with a link to describe, and none 0.2 s. A thread costs all that goes on beside it: with pages from
200 KB on in threads, one in five, a page took a tenth more."""
QUICK_LINKS = 2000
"""To look at 20,000 links takes a quarter of a second."""
MOST_UNNAMED_BYTES = 1024 * 1024
"""Of a body that names no target: 8 MiB made of tags take a second and 200 MiB to read."""


class BacklinksSpider(FetchSpider):
    """Finds pages that link to a target.

    Arguments (``-a name=value``): target (several: a.org,b.org), seeds (file, addresses, sources such as
    sitemap:https://example.org/, store:new, or - for standard input),
    follow (none, host, domain, web; default domain), max_pages, max_depth (default 0: no limit),
    restart=1 (begin anew), resolve_shorteners=1 (ask bit.ly and the like where the links of a page lead), warc (a
    folder for WARC files of the pages that link).
    """

    name = "backlinks"
    resolves_shorteners = False
    keeps_history = False
    """Whether visits to pages without links keep what tells one visit from the next."""
    also_watched: tuple[Target, ...] = ()
    """Targets that the store holds links to: a visit that did not look for them would call these links lost."""
    stored_placements: Callable[[str], Awaitable[Iterable[Placement]]] | None = None
    """Asks the store for a page's placements: a visit that did not know where they led through shorteners would call
    these links lost."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        unknown = arguments.keys() - set(_ARGUMENTS)
        if unknown:
            raise UsageError(f"-a {min(unknown)}= is not known: expected one of {', '.join(_ARGUMENTS)}")
        super().__init__(name)
        self.plan = plan_crawl(
            self.name,
            target=arguments.get("target"),
            seeds=arguments.get("seeds"),
            follow=arguments.get("follow", "domain"),
            max_pages=arguments.get("max_pages", "0"),
            max_depth=arguments.get("max_depth", "0"),
        )
        self.seeds = read_seeds(self.plan.seeds)
        self.restart = _switch("restart", arguments.get("restart", "0"))
        self.resolves_shorteners = _switch("resolve_shorteners", arguments.get("resolve_shorteners", "0"))
        self._make_ready(arguments.get("warc", ""))

    def _make_ready(self, warc: str) -> None:
        """What reading pages needs."""
        self._keeping = Keeping(warc) if warc else None
        self._vocabulary = load_vocabulary()
        self._novelty = Novelty()
        self._focus = LinkFocus()
        self._one_at_a_time = asyncio.Lock()
        """Large pages share one core with all others, and a tree takes a hundred times the memory of its page."""

    async def start(self) -> AsyncIterator[Any]:
        async for item in super().start():
            yield item
        if sources := [seed for seed in self.seeds if isinstance(seed, SeedSource)]:
            await admit_sources(self, sources)

    @property
    def watched(self) -> tuple[Target, ...]:
        """What pages are read for, each target once."""
        return tuple({target.spec: target for target in (*self.plan.targets, *self.also_watched)}.values())

    @cached_property
    def _shorteners(self) -> Shorteners:
        return Shorteners(self.crawler, self._frontier(), self._vocabulary.redirectors)

    def passes_over(self, lease: Lease) -> Refusal | None:
        """Pages that were asked for by the user are always asked for."""
        found = lease.candidate.depth > 0 and self._novelty.exhausted(lease.candidate.url)
        return Refusal.REPETITION if found else None

    async def read_page(self, response: Response, lease: Lease) -> Fetched:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
        unread = "" if content_type.partition(";")[0].strip() in HTML_TYPES else content_type
        if not unread and (packing := response.headers.get("Content-Encoding")):
            unread = f"Content-Encoding: {packing.decode('latin-1')}"
        if unread:
            visit = self.visit(lease, Outcome.NOT_HTML, status=response.status, detail=unread[:100])
            return Fetched(lease=lease, visit=visit)
        at = now()
        url = canonicalize(response.url) or lease.candidate.url
        body = self._worth_reading(response.body)
        read = partial(
            capture_page,
            body,
            url,
            status=response.status,
            content_type=content_type,
            last_modified=header_time(response, "Last-Modified"),
            robots_tags=[line.decode("latin-1") for line in response.headers.getlist("X-Robots-Tag")],
            fetched=at,
            targets=self.watched,
            vocabulary=self._vocabulary,
        )
        if len(body) > QUICK_BYTES:
            async with self._one_at_a_time:
                captured = await asyncio.to_thread(read)
        else:
            captured = read()
        shortens = self._vocabulary.redirectors.any_shorten(captured.hosts)
        if shortens and (known := await self._destinations(url, captured.outlinks)):
            redirectors = self._vocabulary.redirectors.knowing(known)
            captured = await asyncio.to_thread(read, vocabulary=replace(self._vocabulary, redirectors=redirectors))
        cut = TRUNCATED in response.flags or len(body) < len(response.body)
        page = replace(captured.page, truncated=True) if cut else captured.page
        visit = Visit(
            url=url,
            at=at,
            outcome=Outcome.TRUNCATED if page.truncated else Outcome.OK,
            status=response.status,
            page=page,
            sightings=sightings(captured.placements, source_url=url, seen_at=at),
        )
        if visit.sightings or self.keeps_history:
            etag = (response.headers.get("ETag") or b"").decode("latin-1")[:LONGEST_ETAG]
            visit = replace(visit, outline=outline(captured.outlinks), etag=etag)
        if self._keeping and visit.sightings:
            visit = await self._keeping.keep(response, visit, self.settings)
        if self.plan.follow is not Follow.NONE:
            self._novelty.note(url, response.body, hit=bool(visit.sightings))
        follow = partial(self._follow, captured, url, lease, hit=bool(visit.sightings))
        many = len(captured.outlinks) > QUICK_LINKS
        candidates, refused = await asyncio.to_thread(follow) if many else follow()
        self._focus.note(lease, hit=bool(visit.sightings))
        return Fetched(lease=lease, visit=visit, candidates=candidates, refused=refused)

    async def _destinations(self, url: str, links: Sequence[str]) -> dict[str, str]:
        """Where shortened links of the page lead: as the store knows, and as their hosts say if asked."""
        stored = await self.stored_placements(url) if self.stored_placements else ()
        asked = await self._shorteners.destinations(links) if self.resolves_shorteners else {}
        return led(stored, self._vocabulary.redirectors) | asked

    def _worth_reading(self, body: bytes) -> bytes:
        """All of it, except for a huge body that names no target: its beginning has links enough to follow."""
        if len(body) <= MOST_UNNAMED_BYTES or index(self.watched).spelled_in(body):
            return body
        return body[:MOST_UNNAMED_BYTES]

    def _follow(
        self, captured: Capture, url: str, lease: Lease, *, hit: bool
    ) -> tuple[tuple[Candidate, ...], dict[Refusal, int]]:
        depth = lease.candidate.depth + 1
        refused = Counter[Refusal](captured.refused)
        unknown = self._scheduler().recent.unknown(captured.outlinks)
        refused[Refusal.DUPLICATE] += len(captured.outlinks) - len(unknown)
        year = now().year
        urls, spellings = list[str](), list[str]()
        for link in unknown:
            refusal = self.plan.refusal(link, depth, url) or self._endless(link, year)
            if refusal:
                refused[refusal] += 1
                continue
            plain = without_session(link)
            urls.append(plain)
            written = captured.hrefs.get(link, link)
            spellings.append(spelling(captured.base_url, written, link) if plain == link else "")
        order: Iterable[tuple[int, int]] = repeat((0, 0))
        if self.settings.getbool("LINKCRAWLER_FOCUS"):
            found = places(captured.first, captured.hrefs, urls, captured.utf8)
            order = self._focus.order(urls, found, lease, hit=hit)
        candidates = tuple(
            Candidate(plain, depth, priority, spelled=spelled, hint=hint)
            for plain, spelled, (priority, hint) in zip(urls, spellings, order, strict=False)
        )
        return candidates, {reason: number for reason, number in refused.items() if number}

    def _endless(self, link: str, year: int) -> Refusal | None:
        if endless(link, year):
            return Refusal.TRAP
        return Refusal.REPETITION if self._novelty.exhausted(link) else None


def _switch(name: str, text: str) -> bool:
    if text in ("0", "1"):
        return text == "1"
    raise UsageError(f"{name}={text!r} is not understood: expected 0 or 1; write -a {name}=1")
