"""The demo web: one HTTP proxy on loopback that answers for every host under pages/.

A client that is told to use the proxy asks it for ``http://host/path``; no name is ever looked up. An address is the
file of the same name: ``@`` stands for ``?`` in file names, ``.html`` and ``index.html`` may be left out of addresses,
and a query that no file is named after is ignored, as most sites do.
"""

import threading
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

HERE = Path(__file__).parent
ANSWER_SECONDS = 0.02
"""Long enough for a second request to the same host to be seen while the first is open."""

_TYPES = {".html": "text/html", ".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    location: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that was answered."""

    url: str
    status: int
    open_on_host: int
    """Requests of this host that were open when this one came, itself included."""


class DemoWeb:
    """The hosts, and a log of who asked for what."""

    def __init__(self, pages: Path = HERE / "pages", redirects: Path = HERE / "redirects.toml") -> None:
        self._pages = pages
        self._moved: dict[str, str] = tomllib.loads(redirects.read_text(encoding="utf-8"))
        self._lock = threading.Lock()
        self._open = Counter[str]()
        self.hits: list[Hit] = []

    @property
    def hosts(self) -> list[str]:
        return sorted(folder.name for folder in self._pages.iterdir())

    def visit(self, url: str) -> Answer:
        """Answer one request and log it."""
        host = urlsplit(url).hostname or ""
        with self._lock:
            self._open[host] += 1
            open_on_host = self._open[host]
        time.sleep(ANSWER_SECONDS)
        answer = self.answer(url)
        with self._lock:
            self._open[host] -= 1
            self.hits.append(Hit(url, answer.status, open_on_host))
        return answer

    def answer(self, url: str) -> Answer:
        if url in self._moved:
            return Answer(301, b"moved\n", location=self._moved[url])
        parts = urlsplit(url)
        folder = self._pages / (parts.hostname or "-")
        if not folder.is_dir():
            return Answer(502, f"{parts.hostname} is not part of the demo web\n".encode())
        file = self._file(folder, parts)
        if file is None:
            return Answer(404, b"no such page\n")
        return Answer(200, file.read_bytes(), _TYPES[file.suffix])

    def _file(self, folder: Path, parts: SplitResult) -> Path | None:
        path = unquote(parts.path).lstrip("/")
        names = (f"{path}@{unquote(parts.query)}.html", path, f"{path}.html", f"{path}index.html")
        for name in names:
            file = folder / name
            # resolve: an address with ../ must not leave the host's folder
            if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
                return file
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: DemoWeb

    def do_GET(self) -> None:
        url = self.path if self.path.startswith("http://") else f"http://{self.headers.get('Host', '')}{self.path}"
        answer = self.web.visit(url)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the base class's)
        """The log is DemoWeb.hits."""


@contextmanager
def serving(web: DemoWeb) -> Iterator[str]:
    """Serve ``web`` on a free port of loopback; yields the proxy's address."""
    handler = type("Handler", (_Handler,), {"web": web})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="demo web", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
