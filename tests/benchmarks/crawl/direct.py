"""The download handler of the TLS row: every name is this machine, every page comes over a new TLS connection."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from linkcrawler.network.handler import DownloadHandler
from linkcrawler.network.names import Names


class Loopback(Names):
    async def addresses(self, host: str) -> tuple[str, ...]:
        return ("127.0.0.1",)


class DirectHandler(DownloadHandler):
    """Addresses in pages stay as they are; they are asked for at the web's TLS port."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._names = Loopback()
        self._port = crawler.settings.getint("BENCH_TLS_PORT")

    async def download_request(self, request: Request) -> Response:
        host, _, path = request.url.partition("://")[2].partition("/")
        answer = await super().download_request(Request(f"https://{host}:{self._port}/{path}", meta=request.meta))
        answer._set_url(request.url)  # a copy by replace() would look for the charset
        return answer
