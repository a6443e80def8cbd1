"""Real receivers that fail at times: an HTTP server and an SMTP server, each in a thread of its own."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class Hook:
    """What a webhook received. ``answers`` are given in order, the last one for ever; 0 hangs up."""

    answers: list[int]
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    """Ids of the events in requests that were answered with 2xx."""


@contextmanager
def webhook(*answers: int, **headers: str) -> Iterator[Hook]:
    hook = Hook([*answers], headers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.requests.append((dict(self.headers), body))
            status = hook.answers.pop(0) if len(hook.answers) > 1 else hook.answers[0]
            if not status:
                self.close_connection = True
                return
            if status < 300:
                hook.confirmed += [event["id"] for event in json.loads(body)["events"]]
            self.send_response(status)
            for name, value in hook.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hook.url = f"http://127.0.0.1:{server.server_port}/hooks/links"
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@dataclass
class Mailbox:
    """What a mail server took. ``answers`` are given to messages in order, the last one for ever."""

    answers: list[str]
    url: str = ""
    mails: list[Message] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        return answer


@contextmanager
def mailbox(*answers: str) -> Iterator[Mailbox]:
    box = Mailbox([*answers] or ["250 taken"])
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0))
    box.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        server.close()
        loop.close()
