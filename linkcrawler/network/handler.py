"""The download handler for http and https: on libcurl, with checked addresses and bounded bodies.

With a proxy that the operator configured (``http_proxy``), the check falls on the requested host; the proxy's own
address is the operator's business.
"""

import asyncio
import base64
from collections.abc import Callable, Collection
from functools import lru_cache
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import HtmlResponse, Response
from scrapy.responsetypes import responsetypes

from linkcrawler.network import HTML_ONLY, TRUNCATED
from linkcrawler.network.addresses import Gate, as_address
from linkcrawler.network.curl_loop import CurlLoop
from linkcrawler.network.failures import failure_of
from linkcrawler.network.names import Names
from linkcrawler.network.transfer import Transfer
from linkcrawler.urls import host_of

MOST_IDLE = 256
"""Connections that are kept for their hosts' next turns; a process may often open no more than 1024 files."""


class DownloadHandler(BaseDownloadHandler):
    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._most_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._verify = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._gate = Gate.parse(settings.getlist("LINKCRAWLER_ALLOW_HOSTS"))
        self._check = lru_cache(maxsize=1 << 12)(self._gate.check_address)
        standing = {"User-Agent": settings["USER_AGENT"], **settings.getdict("DEFAULT_REQUEST_HEADERS")}
        self._headers = {name.title(): str(value) for name, value in standing.items() if value is not None}
        self._names = Names()
        self._curl: CurlLoop | None = None
        self._free: list[Transfer] = []

    async def download_request(self, request: Request) -> Response:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + float(request.meta.get("download_timeout", self._timeout))
        host = host_of(request.url)
        self._gate.check_host(host)
        proxy = request.meta.get("proxy")
        addresses = () if proxy or as_address(host) else await self._addresses(host, deadline)
        transfer = self._transfer(request)
        if proxy:
            transfer.go_through(str(proxy), _credentials(request))
        else:
            transfer.go_straight(_resolved(request.url, host, addresses), self._check_for(host, addresses))
        most = int(request.meta.get("download_maxsize", self._most_bytes))
        transfer.begin(request.url, deadline - loop.time(), most, html_only=bool(request.meta.get(HTML_ONLY)))
        self._curl = self._curl or CurlLoop(MOST_IDLE)
        code = await self._curl.perform(transfer.curl)
        if transfer.plain:
            self._free.append(transfer)
        return _response(transfer, code, request)

    async def close(self) -> None:
        if self._curl:
            self._curl.close()
        self._names.close()

    async def _addresses(self, host: str, deadline: float) -> Collection[str]:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._names.addresses(host)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"{host}: no address within the time allowed") from error
        except (OSError, UnicodeError) as error:
            raise CannotResolveHostError(f"{host}: {error}") from error

    def _check_for(self, host: str, addresses: Collection[str]) -> Callable[[str], None]:
        """What tells whether an address may be connected to: for a host that is allowed by name, those it has."""
        if not self._gate.admits_name(host):
            return self._check

        def check(address: str) -> None:
            if address not in addresses:
                self._check(address)

        return check

    def _transfer(self, request: Request) -> Transfer:
        """One that is free, unless the request wants more than most."""
        own = {name: value for name, value in request.headers.to_tuple_list() if name != "Proxy-Authorization"}
        if self._free and not own and request.method == "GET" and not request.body:
            return self._free.pop()
        try:
            transfer = Transfer(self._headers | own, verify=self._verify)
        except ValueError as error:
            raise DownloadFailedError(f"{request.url}: {error}") from error
        transfer.ask(request.method, request.body, plain=not own)
        return transfer


def _resolved(url: str, host: str, addresses: Collection[str]) -> list[str]:
    """As CURLOPT_RESOLVE takes it: libcurl connects to what was found for the name, and asks nobody itself."""
    if not addresses:
        return []
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return [f"+{host}:{port}:" + ",".join(f"[{one}]" if ":" in one else one for one in addresses)]


def _credentials(request: Request) -> str:
    """``user:password`` for the proxy, which Scrapy's HttpProxyMiddleware keeps in a header."""
    header = (request.headers.get("Proxy-Authorization") or b"").decode("latin-1")
    return base64.b64decode(header[6:]).decode("latin-1") if header.startswith("Basic ") else ""


def _response(transfer: Transfer, code: int, request: Request) -> Response:
    """What came, however little of its body; raise what Scrapy knows for no answer at all."""
    head = transfer.head()
    if head is None:
        raise transfer.refused or failure_of(code, request.url, transfer.curl.errstr())
    content, whole = transfer.content(code)
    if transfer.unpacked:
        head.headers.pop("Content-Encoding", None)
    # Nearly all that is read is HTML and says so; guessing from type, address and content takes 40 us.
    kind: type[Response] = HtmlResponse
    if not head.first(b"Content-Type").startswith("text/html"):
        kind = responsetypes.from_args(headers=head.headers, url=request.url, body=content)
    flags = [] if whole else [TRUNCATED]
    response = kind(request.url, status=head.status, body=content, flags=flags, protocol="HTTP/1.1")
    response.headers = head.headers  # as an argument it would be copied line by line
    return response
