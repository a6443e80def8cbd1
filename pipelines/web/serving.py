"""What the web interface is told when it starts."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_bytes

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))

Fact = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlLook:
    """One crawl of the frontier as it stands."""

    name: str = ""
    """Empty where the frontier does not tell its crawls apart."""
    about: str = ""
    """What it was started with."""
    facts: Mapping[str, Fact]
    """What to how many."""


FrontierLook = Callable[[], Awaitable[Sequence[CrawlLook]]]
"""Asks the frontier how its crawls stand; raises LinkcrawlerError where it does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    hosts: frozenset[str]
    """Names under which browsers ask, lower-case, without port: any other is refused (DNS rebinding)."""
    store_name: str
    """Address of the store without a password, as it is shown."""
    token: str = ""
    """What a visitor must know; empty: nothing, for loopback only."""
    by: str = ""
    """Who overrules unless the form says otherwise."""
    rate: float = 30.0
    """Requests a second and client, in the long run."""
    burst: int = 150
    """Requests of a client at once."""
    secret: bytes = field(default_factory=lambda: token_bytes(32), repr=False)
    """Signs cookies and forms; new with every start."""
    frontier: FrontierLook | None = None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address to bind to."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
