"""A small web for tests: any host name, through a proxy address on loopback, with a log of who asked what and when."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    wait: float = 0.0
    """Seconds before the answer."""
    pieces: int = 0
    """The body comes so many times (0: once, with its length), one piece every ``pause`` seconds."""
    pause: float = 0.0
    hang_up: bool = False
    """Close the connection without an answer."""


@dataclass
class Hit:
    host: str
    path: str
    began: float
    """Seconds on the test's monotonic clock."""
    ended: float = 0.0
    """0 while the request is open."""
    headers: dict[str, str] = field(default_factory=dict)
    """By lower-case name."""


class Web:
    """Serves ``answer(host, path)`` in a thread of its own. ``hits`` is in the order of arrival."""

    def __init__(self, answer: Callable[[str, str], Reply], address: str = "127.0.0.1") -> None:
        self._answer, self._address = answer, address
        self.connections = 0
        self.hits: list[Hit] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = 0

    @property
    def proxy(self) -> str:
        return f"http://{self._address}:{self.port}"

    def pages(self) -> list[Hit]:
        return [hit for hit in list(self.hits) if hit.path != "/robots.txt"]

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _hang_up(self) -> None:
        talks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, self._address, 0, backlog=1024))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                target = head.split(" ", 2)[1]
                parts = urlsplit(target)
                fields = [line.partition(":") for line in head.split("\r\n")]
                host = parts.netloc or next(value.strip() for name, _, value in fields if name.lower() == "host")
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                headers = {name.strip().lower(): value.strip() for name, _, value in fields[1:]}
                if not await self._reply(host, path, headers, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError, TimeoutError):
            return
        finally:
            writer.close()

    async def _reply(self, host: str, path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> bool:
        """Whether the connection stays open."""
        hit = Hit(host, path, time.monotonic(), headers=headers)
        self.hits.append(hit)
        try:
            reply = self._answer(host, path)
            if reply.wait:
                await asyncio.sleep(reply.wait)
            if reply.hang_up:
                return False
            head = [f"HTTP/1.1 {reply.status} -", *(f"{name}: {value}" for name, value in reply.headers.items())]
            if not reply.pieces:
                head.append(f"Content-Length: {len(reply.body)}")
            writer.write("\r\n".join([*head, "", ""]).encode("latin-1"))
            for piece in range(max(1, reply.pieces)):
                if piece and reply.pause:
                    await asyncio.sleep(reply.pause)
                writer.write(reply.body)
                await writer.drain()
            return not reply.pieces
        finally:
            hit.ended = time.monotonic()
