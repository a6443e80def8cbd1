"""A CDX server with its files, as Common Crawl runs them: a list of indexes, one per crawl, and WARC files by range."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class CdxServer:
    """``lines`` by crawl and address; what is asked for before ``troubles`` are used up gets the next of them."""

    folder: Path
    lines: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    page_size: int = 3
    troubles: list[Answer] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)
    """Time on the test's monotonic clock, and path."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._answer))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def files(self) -> list[str]:
        """Paths of the captures that were asked for."""
        return [path for _, path in self.asked if path.endswith(".warc.gz")]

    def _answer(self, path: str, span: str) -> Answer:
        self.asked.append((time.monotonic(), path))
        if self.troubles:
            return self.troubles.pop(0)
        parts = urlsplit(path)
        if parts.path == "/collinfo.json":
            return 200, {}, json.dumps([self._about(crawl) for crawl in self.lines]).encode()
        if parts.path.endswith("-index"):
            return self._index(parts.path[1:].removesuffix("-index"), parse_qs(parts.query))
        return self._file(parts.path[1:], span)

    def _about(self, crawl: str) -> dict[str, str]:
        """A crawl is called by its month."""
        api = f"{self.url}/{crawl}-index"
        return {"id": crawl, "cdx-api": api, "from": f"{crawl}-01T00:00:00", "to": f"{crawl}-28T00:00:00"}

    def _index(self, crawl: str, query: dict[str, list[str]]) -> Answer:
        found = self.lines[crawl].get(query["url"][0], [])
        if not found:
            return 404, {}, b'{"message": "No Captures found"}'
        pages = -(-len(found) // self.page_size)
        if "showNumPages" in query:
            return 200, {}, json.dumps({"pages": pages, "pageSize": 5, "blocks": pages}).encode()
        start = int(query["page"][0]) * self.page_size
        lines = found[start : start + self.page_size]
        return 200, {}, "".join(f"{json.dumps(line)}\n" for line in lines).encode()

    def _file(self, name: str, span: str) -> Answer:
        if not (self.folder / name).is_file():
            return 404, {}, b""
        raw = (self.folder / name).read_bytes()
        if not span:
            return 200, {}, raw
        first, _, last = span.removeprefix("bytes=").partition("-")
        if int(first) >= len(raw):
            return 416, {}, b""
        piece = raw[int(first) : int(last) + 1]
        told = f"bytes {first}-{int(first) + len(piece) - 1}/{len(raw)}"
        return 206, {"Content-Range": told}, piece


def _handler(answer: Callable[[str, str], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path, self.headers.get("Range", ""))
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    return Handler
