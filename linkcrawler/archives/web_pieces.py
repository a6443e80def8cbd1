"""Archive files on web servers: asked for piece by piece, within the host's turn and no faster than its delay."""

import asyncio
import io
from concurrent.futures import CancelledError
from typing import Any, BinaryIO, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from linkcrawler.archives.streams import PAST_THE_END, PIECE, PieceMissing, Pieces
from linkcrawler.archives.units import Unit, unit_of
from linkcrawler.frontier.protocol import Lease
from linkcrawler.frontier.scheduler import LEASE, FrontierScheduler
from linkcrawler.network import HTML_ONLY, TRUNCATED

MOST_LIST_BYTES = 64 * 1024 * 1024
"""The list of all WAT files of one crawl has 1 MB."""
_PARTIAL = 206


class ArchiveRequests:
    """Downloader middleware: a unit on this machine is answered at once; of one on the web its first piece is asked."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if crawler.spider is None or crawler.spider.name != "archive":
            raise NotConfigured
        return cls()

    def process_request(self, request: Request) -> Response | None:
        lease = request.meta.get(LEASE)
        if not isinstance(lease, Lease):
            return None
        unit = unit_of(lease.candidate)
        if not unit.on_web:
            return Response(request.url, request=request)
        request.meta[HTML_ONLY] = False
        if unit.is_list:
            request.meta["download_maxsize"] = MOST_LIST_BYTES
        else:
            _ask_piece(request, unit.offset)
        return None


def is_piece(response: Response) -> bool:
    """Whether a response brings what was asked for: a list, or the bytes from an offset on."""
    unit = unit_of(response.meta[LEASE].candidate)
    if response.status == 200:
        # A server that knows no ranges sends the file from its beginning.
        return TRUNCATED not in response.flags and (unit.is_list or unit.offset == 0)
    return response.status in (_PARTIAL, PAST_THE_END)


class WebPieces:
    """Fetches the pieces of one unit after the first, on behalf of a thread that reads them."""

    def __init__(self, crawler: Crawler, unit: Unit, lease: Lease) -> None:
        self._crawler, self._unit, self._lease = crawler, unit, lease
        self._loop = asyncio.get_running_loop()
        self._whole = False
        """Whether the last piece that was brought ends the file."""

    def stream(self, response: Response) -> BinaryIO:
        """The file from the unit's offset on; ``response`` is its first piece."""
        self._whole = _ends(response)
        first = b"" if response.status == PAST_THE_END else response.body
        return io.BufferedReader(Pieces(self._fetch, self._unit.offset, first), PIECE // 8)

    def _fetch(self, offset: int) -> bytes:
        if self._whole:
            return b""
        try:
            return asyncio.run_coroutine_threadsafe(self._ask(offset), self._loop).result()
        except CancelledError as error:
            raise PieceMissing("the crawl ends") from error

    async def _ask(self, offset: int) -> bytes:
        engine = self._crawler.engine
        assert engine is not None
        assert isinstance(engine.scheduler, FrontierScheduler)
        await asyncio.sleep(self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        request = Request(self._unit.source, callback=NO_CALLBACK, dont_filter=True, meta=_WHATEVER_STATUS.copy())
        _ask_piece(request, offset)
        try:
            response = await engine.download_async(request)
        except (IgnoreRequest, RuntimeError, ValueError) as error:
            raise PieceMissing(f"{type(error).__name__}: {error}") from error
        engine.scheduler.frontier.ended(self._lease)
        self._whole = _ends(response)
        if response.status == PAST_THE_END:
            return b""
        if response.status != _PARTIAL or TRUNCATED in response.flags:
            raise PieceMissing(f"status {response.status} for the bytes from {offset} on")
        return bytes(response.body)


def _ends(response: Response) -> bool:
    """Whether nothing of the file comes after what a response brings, as far as it says."""
    last, _, total = (response.headers.get("Content-Range") or b"").rpartition(b"-")[2].partition(b"/")
    return response.status != _PARTIAL or (total.isdigit() and int(last) + 1 >= int(total))


_WHATEVER_STATUS: dict[str, Any] = {"handle_httpstatus_all": True}


def _ask_piece(request: Request, offset: int) -> None:
    request.headers["Range"] = f"bytes={offset}-{offset + PIECE - 1}"
    request.headers["Accept-Encoding"] = "identity"
    request.meta["download_maxsize"] = PIECE
