"""Where events are sent: a webhook, or people's mail. Each says at once whether a failure may pass."""

import asyncio
import smtplib
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiohttp

from linkcrawler.credentials import without_password
from linkcrawler.errors import UsageError
from linkcrawler.records import Event
from linkcrawler.urls import digest
from pipelines.events.message import body_of, digest_of, signature, subject

SECONDS = 30
"""How long a receiver may take to answer."""
_PASSING = frozenset({408, 425, 429})
_MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Undelivered(Exception):
    """A message that was not taken. ``passing``: another attempt may go better, after ``wait`` seconds at least."""

    def __init__(self, problem: str, *, passing: bool, wait: float = 0.0) -> None:
        super().__init__(problem)
        self.passing, self.wait = passing, wait


class Channel(Protocol):
    @property
    def key(self) -> str:
        """Names the receiver in the store, without credentials."""
        ...

    async def send(self, events: Sequence[Event]) -> None:
        """Returns when the receiver has confirmed. Raises Undelivered."""
        ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """Receives JSON by POST; any 2xx answer confirms."""

    url: str
    secret: str = ""
    """Signs each request; empty: none is signed."""

    @property
    def key(self) -> str:
        return f"webhook {digest(self.url)}"

    async def send(self, events: Sequence[Event]) -> None:
        body, now = body_of(events), int(time.time())
        headers = {"Content-Type": "application/json", "User-Agent": "linkcrawler"}
        if self.secret:
            headers["X-Linkcrawler-Signature"] = signature(self.secret, now, body)
        shown = without_password(self.url).partition("?")[0]
        try:
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
                session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                status, wait = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Undelivered(f"{shown}: {type(error).__name__}", passing=True) from error
        if not 200 <= status < 300:
            passing = status >= 500 or status in _PASSING
            seconds = float(wait) if wait.isdecimal() else 0.0
            raise Undelivered(f"{shown} answers {status}", passing=passing, wait=seconds)


@dataclass(frozen=True, slots=True)
class Mail:
    """A digest by SMTP; the server that takes the message confirms."""

    server: str
    """``smtp://host:25``, ``smtp+starttls://user:password@host:587`` or ``smtps://...:465``."""
    sender: str
    to: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"mail {digest(*sorted(self.to))}"

    async def send(self, events: Sequence[Event]) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, ", ".join(self.to), subject(events)
        message["Date"] = formatdate()
        # The same events have the same id: a reader's mail program can tell a mail that was sent twice.
        message["Message-ID"] = make_msgid(digest(*(event.id for event in events)), "linkcrawler.invalid")
        message.set_content(digest_of(events))
        await asyncio.to_thread(self._deliver, message)

    def _deliver(self, message: EmailMessage) -> None:
        parts = urlsplit(self.server)
        shown = f"{parts.hostname}:{parts.port or _MAIL_PORTS[parts.scheme]}"
        try:
            with self._connected() as server:
                if parts.scheme == "smtp+starttls":
                    server.starttls(context=ssl.create_default_context())
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                refused = server.send_message(message)
        except smtplib.SMTPResponseException as error:
            said = f"{shown} answers {error.smtp_code}"
            raise Undelivered(said, passing=400 <= error.smtp_code < 500) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Undelivered(f"{shown} takes no recipient ({codes})", passing=min(codes) < 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"{shown}: {type(error).__name__}", passing=True) from error
        if refused:
            raise Undelivered(f"{shown} takes not all recipients: {sorted(refused)}", passing=False)

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.server)
        host, port = parts.hostname or "", parts.port or _MAIL_PORTS[parts.scheme]
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=SECONDS)


def webhook(url: str, secret: str) -> Webhook:
    """Raises UsageError for an address that is not http or https."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise UsageError(
            f"webhook {without_password(url)!r}: expected an http or https address; "
            "write for example --webhook https://example.org/hooks/links"
        )
    return Webhook(url, secret)


def mail(server: str, sender: str, to: Sequence[str]) -> Mail:
    """Raises UsageError for a server address of another form, and for addresses that are none."""
    if urlsplit(server).scheme not in _MAIL_PORTS or not urlsplit(server).hostname:
        raise UsageError(
            "the mail server's address has another form: expected smtp://, smtp+starttls:// or smtps:// with a host; "
            "write for example LINKCRAWLER_SMTP=smtp+starttls://user:password@mail.example.org:587"
        )
    for address in (sender, *to):
        if "@" not in address or any(sign in address for sign in "\r\n,"):
            raise UsageError(f"mail address {address!r}: expected one such as ann@example.org")
    return Mail(server, sender, tuple(to))
