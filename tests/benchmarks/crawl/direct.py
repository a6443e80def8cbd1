"""The download handler of the TLS row: every name is this machine, every page comes over a new TLS connection."""

import asyncio
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from linkcrawler.network import handler


class Loopback(AbstractResolver):
    def __init__(self, *_: Any) -> None:
        pass

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        await asyncio.sleep(0)
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=2, proto=6, flags=0)]

    async def close(self) -> None:
        pass


class DirectHandler(handler.DownloadHandler):
    """Addresses in pages stay as they are; they are asked for at the web's TLS port."""

    def __init__(self, crawler: Crawler) -> None:
        handler._Names = Loopback  # type: ignore[assignment, misc]
        super().__init__(crawler)
        self._port = crawler.settings.getint("BENCH_TLS_PORT")

    async def download_request(self, request: Request) -> Response:
        host, _, path = request.url.partition("://")[2].partition("/")
        answer = await super().download_request(request.replace(url=f"https://{host}:{self._port}/{path}"))
        return answer.replace(url=request.url)
