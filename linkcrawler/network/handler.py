"""The download handler for http and https: on aiohttp, with checked addresses and bounded bodies.

With a proxy that the operator configured (``http_proxy``), the check falls on the requested host; the proxy's own
address is the operator's business.
"""

import asyncio
import base64
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, HtmlResponse, Response
from scrapy.responsetypes import responsetypes
from yarl import URL

from linkcrawler import private_hooks
from linkcrawler.network import HTML_ONLY, HTML_TYPES, TRUNCATED, AddressRefused
from linkcrawler.network.addresses import Gate
from linkcrawler.network.body import Body
from linkcrawler.urls import host_of

CONNECT_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 4.0
"""Apache closes idle connections after 5 s; one that is closed while it is used costs an attempt."""
LONGEST_HEADER = 32 * 1024
"""Real sites send policies of 20 KiB in one header; aiohttp's own limit is 8."""
NAME_THREADS = 32
NAME_TTL_SECONDS = 300


class DownloadHandler(BaseDownloadHandler):
    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._most_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._gate = Gate.parse(settings.getlist("LINKCRAWLER_ALLOW_HOSTS"))
        self._tls = _tls(verify=settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"))
        standing = {"User-Agent": settings["USER_AGENT"], **settings.getdict("DEFAULT_REQUEST_HEADERS")}
        self._headers = {name.title(): value for name, value in standing.items() if value is not None}
        self._direct: aiohttp.ClientSession | None = None
        self._proxied: aiohttp.ClientSession | None = None
        self._names = ThreadPoolExecutor(NAME_THREADS, thread_name_prefix="names")

    async def download_request(self, request: Request) -> Response:
        proxy = request.meta.get("proxy")
        host = host_of(request.url)
        self._gate.check_host(host)
        self._gate.enter(host)
        deadline = asyncio.get_running_loop().time() + float(request.meta.get("download_timeout", self._timeout))
        try:
            async with asyncio.timeout_at(deadline):
                answer = await self._session(proxied=bool(proxy)).request(
                    request.method,
                    URL(request.url, encoded=True),
                    headers=self._headers | _headers(request),
                    data=request.body or None,
                    allow_redirects=False,
                    proxy=_proxy(request) if proxy else None,
                )
            return await self._read(answer, request, deadline)
        except AddressRefused:
            raise
        except TimeoutError as error:
            raise DownloadTimeoutError(f"{request.url}: no answer within the time allowed") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise CannotResolveHostError(str(error)) from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise UnsupportedURLSchemeError(str(error)) from error
        except aiohttp.ClientConnectorError as error:
            if refused := _refused(error):
                raise refused from error
            raise DownloadConnectionRefusedError(str(error)) from error
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise DownloadFailedError(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        for session in (self._direct, self._proxied):
            if session:
                await session.close()
        self._names.shutdown(wait=False, cancel_futures=True)

    async def _read(self, answer: aiohttp.ClientResponse, request: Request, deadline: float) -> Response:
        """The response with as much of its body as size and time allow; without one that nobody can use."""
        most = int(request.meta.get("download_maxsize", self._most_bytes))
        body = Body(", ".join(answer.headers.getall("Content-Encoding", ())), most)
        ended = body.readable and _wanted(answer, request) and await _fill(body, answer, deadline)
        if ended:
            answer.release()
        else:
            # The rest is not wanted: the connection cannot be used again.
            answer.close()
        headers = Headers(answer.raw_headers)
        if body.readable:
            headers.pop("Content-Encoding", None)
        content = bytes(body.content)
        # Nearly all that is read is HTML and says so; guessing from type, address and content takes 40 us.
        kind: type[Response] = HtmlResponse
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            kind = responsetypes.from_args(headers=headers, url=request.url, body=content)
        return kind(
            url=request.url,
            status=answer.status,
            headers=headers,
            body=content,
            flags=[] if body.whole(ended=ended) else [TRUNCATED],
            protocol="HTTP/1.1",
        )

    def _session(self, *, proxied: bool) -> aiohttp.ClientSession:
        """Two pools: connections to a proxy are not checked and never serve direct requests."""
        if proxied:
            self._proxied = self._proxied or self._open(checked=False)
            return self._proxied
        self._direct = self._direct or self._open(checked=True)
        return self._direct

    def _open(self, *, checked: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            limit=0,  # the engine and the frontier bound what is open
            ssl=self._tls,
            resolver=_Names(self._names),
            ttl_dns_cache=NAME_TTL_SECONDS,
            socket_factory=self._gate.open_socket if checked else None,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
            request_class=_Request,
        )
        private_hooks.ask_once(session)
        return session


class _Request(aiohttp.ClientRequest):
    """A connection to a proxy serves every host that is asked for in plain HTTP, not only the one that came first."""

    @property
    def connection_key(self) -> Any:
        key = super().connection_key
        if self.proxy is None or key.is_ssl:
            return key
        return key._replace(host=self.proxy.raw_host or "", port=self.proxy.port)


class _Names(ThreadedResolver):
    """The system's resolver, in threads of its own: a flood of dead names must not hold up everything else."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        super().__init__()
        self._threads = threads

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=proto, flags=0)
            for kind, proto, address in found
        ]


def _look_up(host: str, port: int, family: int) -> list[tuple[int, int, str]]:
    infos = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    return [(kind, proto, str(address[0])) for kind, _, proto, _, address in infos]


def _wanted(answer: aiohttp.ClientResponse, request: Request) -> bool:
    """False for the content of a page that turns out to be a film or an archive."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return answer.status != 200 or not request.meta.get(HTML_ONLY) or kind in HTML_TYPES


async def _fill(body: Body, answer: aiohttp.ClientResponse, deadline: float) -> bool:
    """Whether all that the server announced was read."""
    try:
        async with asyncio.timeout_at(deadline):
            async for piece in answer.content.iter_any():
                if not body.feed(piece):
                    return False
        return True
    except (TimeoutError, aiohttp.ClientError):
        return False


def _headers(request: Request) -> dict[str, str]:
    """Those that the request itself asks for."""
    return {name: value for name, value in request.headers.to_tuple_list() if name != "Proxy-Authorization"}


def _proxy(request: Request) -> str:
    """The proxy's address with the credentials that Scrapy's HttpProxyMiddleware keeps in a header."""
    proxy = str(request.meta["proxy"])
    header = (request.headers.get("Proxy-Authorization") or b"").decode("latin-1")
    if not header.startswith("Basic "):
        return proxy
    user, _, password = base64.b64decode(header[6:]).decode("latin-1").partition(":")
    parts = urlsplit(proxy)
    return parts._replace(netloc=f"{quote(unquote(user))}:{quote(unquote(password))}@{parts.netloc}").geturl()


def _refused(error: BaseException | None) -> AddressRefused | None:
    """The refusal among what made a connection fail."""
    while error is not None:
        if isinstance(error, AddressRefused):
            return error
        inner = getattr(error, "os_error", None)
        if isinstance(inner, BaseException) and inner is not error and (found := _refused(inner)):
            return found
        if isinstance(error, BaseExceptionGroup):
            return next(filter(None, map(_refused, error.exceptions)), None)
        error = error.__cause__ or error.__context__
    return None


def _tls(*, verify: bool) -> ssl.SSLContext:
    """Old servers are crawled too; a page is public, and its certificate says nothing about how a link came to be."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
