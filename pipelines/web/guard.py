"""Stands before every request: who may ask, under which name, how often, how much; what browsers may do with answers.

Refusals, in this order: 421 a name that is not ours, 414 an address that is too long, 413 a body that is too large,
429 too many requests, 401 (303 to the login page for people) no token.
"""

import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.web.rates import Rates
from pipelines.web.serving import Serving
from pipelines.web.signing import is_valid, same

SESSION = "linkcrawler_session"
MOST_BODY = 64 * 1024
MOST_ADDRESS = 8 * 1024
OPEN_PATHS = ("/login", "/static/")
"""What may be asked for without the token."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""On every answer."""


_BODY_BOUND = f"a body has at most {MOST_BODY} bytes"


class _TooLarge(Exception):
    """Bodies are read before anything is answered, so that it still can be."""


class Guard:
    """ASGI middleware."""

    def __init__(
        self,
        app: ASGIApp,
        serving: Serving,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._serving, self._now = app, serving, now
        self._rates = Rates(serving.rate, serving.burst, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = self._refusal(scope)
        try:
            await (answer or self._app)(scope, _bounded(receive), _guarded(send))
        except _TooLarge:
            await _told(413, _BODY_BOUND)(scope, receive, _guarded(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self._serving.hosts:
            return _told(421, "this server is not known under that name; --host-name adds one")
        if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_ADDRESS:
            return _told(414, f"addresses have at most {MOST_ADDRESS} characters")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY:
            return _told(413, _BODY_BOUND)
        wait = self._rates.wait(scope["client"][0] if scope.get("client") else "")
        if wait:
            return _told(429, "too many requests", {"retry-after": str(int(wait) + 1)})
        return self._stranger(scope, headers)

    def _stranger(self, scope: Scope, headers: Headers) -> Response | None:
        path = scope["path"]
        if not self._serving.token or path.startswith(OPEN_PATHS):
            return None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and same(given.strip(), self._serving.token):
            return None
        if is_valid(self._serving.secret, "session", cookie_of(headers, SESSION), self._now()):
            return None
        if path.startswith("/api/"):
            return _told(401, "send the token as: Authorization: Bearer TOKEN", {"www-authenticate": "Bearer"})
        return RedirectResponse("/login", 303)


def host_name(host: str) -> str:
    """The name in a Host header, without its port.

    >>> host_name("[::1]:8000"), host_name("Localhost:8000")
    ('::1', 'localhost')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def cookie_of(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _bounded(receive: Receive) -> Receive:
    """Raises _TooLarge where a body without a length has grown too large."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY:
            raise _TooLarge
        return message

    return bounded


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return guarded


def _told(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers)
