"""Where shortened addresses lead: their hosts are asked, on request (``-a resolve_shorteners=1``)."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from linkcrawler.capture.redirectors import MAX_HOPS, Redirectors
from linkcrawler.frontier.protocol import Frontier
from linkcrawler.network import HTML_ONLY
from linkcrawler.records import Placement
from linkcrawler.robots import TurnSpent
from linkcrawler.urls import canonicalize, host_of, join
from linkcrawler.vocabulary import Refusal

MOST_ASKED = 20
"""Shortened links of one page that are asked; the page waits for them, each at its host's pace."""
LONGEST_WAIT = 30.0
"""Seconds that a link waits for its host's turn."""
MOST_KNOWN = 50_000


def led(placements: Iterable[Placement], redirectors: Redirectors) -> dict[str, str]:
    """Where shortened addresses led when these placements were found, step by step."""
    chains = [(*placement.via, placement.target_url) for placement in placements]
    return {link: step for chain in chains for link, step in pairwise(chain) if redirectors.is_shortener(link)}


class Shorteners:
    """Asks each address once, in its host's turn and with leave of its robots.txt; the destination is not fetched."""

    def __init__(self, crawler: Crawler, frontier: Frontier, redirectors: Redirectors) -> None:
        self._crawler, self._frontier, self._redirectors = crawler, frontier, redirectors
        self._known: dict[str, str | None] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def destinations(self, links: Iterable[str]) -> dict[str, str]:
        """Where those of the canonical ``links`` lead that are shortened, step by step; what tells nothing is left out.

        Refusals are counted by reason under ``linkcrawler/shorteners/refused/``.
        """
        found: dict[str, str] = {}
        short = [link for link in links if self._redirectors.is_shortener(link)]
        if len(short) > MOST_ASKED:
            self._count(f"refused/{Refusal.BUDGET}", len(short) - MOST_ASKED)
        for link in short[:MOST_ASKED]:
            for _ in range(MAX_HOPS):
                step = await self._step(link)
                if step is None or link in found:
                    break
                found[link] = link = step
                if not self._redirectors.is_shortener(link):
                    break
        return found

    async def _step(self, link: str) -> str | None:
        async with self._asking.setdefault(host_of(link), asyncio.Lock()):
            if link not in self._known:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[link] = await self._ask(link)
        return self._known[link]

    async def _ask(self, link: str) -> str | None:
        try:
            response = await self._response(link)
        except Exception as error:  # whatever keeps the host from answering, the link stays what it is
            self._count(f"refused/{Refusal.ROBOTS if isinstance(error, IgnoreRequest) else Refusal.TOO_MANY_FAILURES}")
            return None
        raw = (response.headers.get("Location") or b"").decode("latin-1") if 300 <= response.status < 400 else ""
        joined = join(response.url, raw) if raw else None
        step = canonicalize(joined) if joined else None
        self._count("resolved" if step else f"refused/{Refusal.MALFORMED}")
        return step if step != link else None

    async def _response(self, link: str) -> Response:
        engine = self._crawler.engine
        assert engine is not None
        meta = {HTML_ONLY: True, "handle_httpstatus_all": True}
        end = time.monotonic() + LONGEST_WAIT
        while True:
            await self._turn(host_of(link), end)
            try:
                # The host's turn may be spent on its robots.txt: then the link waits for the next.
                with suppress(TurnSpent):
                    return await engine.download_async(Request(link, meta=meta, callback=NO_CALLBACK, dont_filter=True))
            finally:
                await self._frontier.give_back(host_of(link))

    async def _turn(self, host: str, end: float) -> None:
        while not await self._frontier.borrow(host):
            if time.monotonic() > end:
                raise TimeoutError(f"{host} was busy for {LONGEST_WAIT:.0f} s")
            await asyncio.sleep(0.1)

    def _count(self, what: str, number: int = 1) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"linkcrawler/shorteners/{what}", number)
