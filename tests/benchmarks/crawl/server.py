"""Serves a built web: as a proxy that knows every host name, by Host header, and over TLS. Bodies are gzip-encoded.

python -m tests.benchmarks.crawl.server FOLDER SECONDS    prints {"port": ..., "tls_port": ...} when it listens

Each answer is given SECONDS after it was asked for.
"""

import asyncio
import json
import re
import ssl
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

_ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_LATER = re.compile(r"/later/.*-(\d+\.html?)\Z")
_ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"


class Pages:
    """``FOLDER/www/HOST/PATH`` with a ``.gz`` twin; ``/later/...-N.html`` has the body of ``_pool/N.html``.

    Only ``.html`` is served with a charset."""

    def __init__(self, folder: Path) -> None:
        self._www = folder / "www"
        self.answer = lru_cache(maxsize=20_000)(self._answer)

    def _answer(self, host: str, path: str, packed: bool) -> bytes:
        if path == "/robots.txt":
            return _reply("text/plain", _ROBOTS, "")
        later = _LATER.match(path)
        file = self._www / "_pool" / later[1] if later else self._www / host / path.lstrip("/")
        if file.is_dir():
            file = next((file / name for name in ("index.html", "index.htm") if (file / name).exists()), file)
        twin = file.with_name(file.name + ".gz")
        packed = packed and twin.exists()
        if not file.is_file():
            return _ABSENT
        kind = "text/html; charset=utf-8" if file.suffix == ".html" else "text/html"
        return _reply(kind, (twin if packed else file).read_bytes(), "Content-Encoding: gzip\r\n" if packed else "")


def _reply(kind: str, body: bytes, more: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


class Talk(asyncio.Protocol):
    """One connection."""

    def __init__(self, pages: Pages, latency: float) -> None:
        self._pages, self._latency, self._read = pages, latency, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=1 << 22)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head, self._read = self._read[:end].decode("latin-1"), self._read[end + 4 :]
            lowered = head.lower()
            address = head.split(" ", 2)[1]
            if address.startswith("http://"):
                host, _, path = address[7:].partition("/")
                path = "/" + path
            else:
                at = lowered.index("\r\nhost:") + 7
                host, path = lowered[at:].partition("\r\n")[0].strip(), address
            packed = "gzip" in lowered.partition("accept-encoding:")[2].partition("\r\n")[0]
            reply = self._pages.answer(host.partition(":")[0], path.partition("?")[0].partition("#")[0], packed)
            close = "connection: close" in lowered
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._send, reply, close)
            else:
                self._send(reply, close)

    def _send(self, reply: bytes, close: bool) -> None:
        self._transport.write(reply)
        if close:
            self._transport.close()


async def serve(folder: Path, latency: float) -> None:
    pages, loop = Pages(folder), asyncio.get_running_loop()
    plain = await loop.create_server(lambda: Talk(pages, latency), "127.0.0.1", 0, backlog=4096)
    certificate = _certificate(folder)
    secure = await loop.create_server(lambda: Talk(pages, latency), "127.0.0.1", 0, backlog=4096, ssl=certificate)
    ports = [server.sockets[0].getsockname()[1] for server in (plain, secure)]
    print(json.dumps(dict(zip(("port", "tls_port"), ports, strict=True))), flush=True)  # noqa: T201
    await asyncio.gather(plain.serve_forever(), secure.serve_forever())


def _certificate(folder: Path) -> ssl.SSLContext:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not certificate.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", certificate, "-days", "3650", "-subj", "/CN=bench", "-addext",
             "subjectAltName=DNS:*.test"],
            check=True, capture_output=True,
        )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
