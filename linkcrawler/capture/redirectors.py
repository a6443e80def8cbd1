"""Addresses that pass the reader on to another one that stands in them."""

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from linkcrawler.config import load
from linkcrawler.domains import registered_domain
from linkcrawler.urls import canonicalize, host_of, join

MAX_HOPS = 5

_EXAMPLE = '[[redirector]] name = "tumblr"  hosts = ["t.umblr.com"]  path = "/redirect"  params = ["z"]  why = "..."'
_ABSOLUTE = re.compile(r"(?:https?:)?//[^/?#\s]+\.", re.IGNORECASE)
_ESCAPED = re.compile(r"https?%3a|%2f%2f", re.IGNORECASE)
_ENCODED_HTTP = "aHR0c"
"""How an http address begins in base64, in either alphabet."""
_ENCODED = re.compile(rf"(?:a1)?({_ENCODED_HTTP}[\w +/-]+)=*", re.ASCII)
"""Bing writes "a1" before it. A plus sign may have been read as a space."""
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#]|\Z)", re.IGNORECASE)


class RedirectorRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of config/redirectors.toml."""

    name: str
    hosts: tuple[str, ...]
    path: str
    why: str
    params: tuple[str, ...] = ()
    source: Literal["params", "query", "path"] = msgspec.field(name="from", default="params")


class RedirectorFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of config/redirectors.toml."""

    redirector: tuple[RedirectorRule, ...]
    shorteners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    path: re.Pattern[str]
    params: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Redirectors:
    """All known redirectors, by host."""

    by_host: dict[str, list[_Way]] = field(default_factory=dict)
    anywhere: list[_Way] = field(default_factory=list)
    shorteners: frozenset[str] = frozenset()
    """Hosts whose addresses lead elsewhere without saying where."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Where canonical addresses lead that say nothing of it, as their hosts were asked."""

    def knowing(self, known: Mapping[str, str]) -> "Redirectors":
        """The same, with what was asked."""
        return replace(self, known=known)

    def is_shortener(self, url: str) -> bool:
        """Whether canonical ``url`` is an address of a shortener."""
        return self.any_shorten((host_of(url),))

    def any_shorten(self, hosts: Iterable[str]) -> bool:
        """Whether one of the ``hosts`` is a shortener's."""
        return not self.shorteners.isdisjoint([host.removeprefix("www.") for host in hosts])

    def hides(self, url: str) -> bool:
        """Whether ``url`` may lead to a host that it does not name in plain letters."""
        return _ENCODED_HTTP in url or url in self.known

    def hides_any(self, urls: Iterable[str]) -> bool:
        """Whether one of ``urls`` may."""
        return _ENCODED_HTTP in "\n".join(urls) or not self.known.keys().isdisjoint(urls)

    def destination(self, url: str) -> str | None:
        """Canonical address that canonical ``url`` passes on to; None if it is no known redirector."""
        if url in self.known:
            return self.known[url]
        parts = urlsplit(url)
        for way in self._ways(parts.hostname or ""):
            matched = way.path.fullmatch(parts.path)
            if not matched:
                continue
            for text in _candidates(way, matched, parts.query):
                if (found := _as_url(text, parts.scheme, bare=way.source != "params")) and found != url:
                    return found
        return None

    def follow(self, url: str) -> tuple[str, ...]:
        """The addresses that ``url`` leads through, itself first, its destination last."""
        chain = [url]
        while len(chain) <= MAX_HOPS and (step := self.destination(chain[-1])) and step not in chain:
            chain.append(step)
        return tuple(chain)

    def _ways(self, host: str) -> list[_Way]:
        domain = registered_domain(host)
        star = domain.partition(".")[0] + ".*"
        named = [*self.by_host.get(host, ()), *(self.by_host.get(domain, ()) if domain != host else ())]
        return [*named, *self.by_host.get(star, ()), *self.anywhere]


def load_redirectors() -> Redirectors:
    """Read config/redirectors.toml. Raises ConfigError if it does not have the declared shape."""
    file = load("redirectors.toml", RedirectorFile, _EXAMPLE)
    redirectors = Redirectors(shorteners=frozenset(file.shorteners))
    for rule in file.redirector:
        way = _Way(re.compile(rule.path), rule.params, rule.source)
        for host in rule.hosts:
            redirectors.by_host.setdefault(host, []).append(way)
        if not rule.hosts:
            redirectors.anywhere.append(way)
    return redirectors


def _candidates(way: _Way, matched: re.Match[str], query: str) -> list[str]:
    if way.source == "path":
        rest = (matched[1] if matched.re.groups else None) or ""
        return [f"{rest}?{query}" if query else rest]
    if way.source == "query":
        # The canonical form has escaped it as the name of an argument without value.
        return [unquote(query.removesuffix("="))]
    arguments = dict(reversed(parse_qsl(query)))
    return [arguments[name] for name in way.params if name in arguments]


def _as_url(text: str, scheme: str, *, bare: bool) -> str | None:
    text = _decoded(text.strip())
    # Bounded: an address may be escaped once for each redirector that it went through.
    for _ in range(3):
        if _ABSOLUTE.match(text) or not (_ESCAPED.search(text[:24]) or "%" in text[:12]):
            break
        text = unquote(text)
    if re.match(r"https?:/[^/]", text, re.IGNORECASE):
        text = text.replace(":/", "://", 1)
    if not _ABSOLUTE.match(text):
        if not (bare or text.lower().startswith("www.")) or not _BARE_HOST.match(text):
            return None
        text = f"{scheme}://{text}"
    url = join(f"{scheme}://invalid/", text)
    return canonicalize(url) if url else None


def _decoded(text: str) -> str:
    """The address behind base64, or ``text`` itself."""
    encoded = _ENCODED.fullmatch(text)
    if not encoded:
        return text
    letters = encoded[1].replace(" ", "-").replace("+", "-").replace("/", "_")
    try:
        return urlsafe_b64decode(letters + "=" * (-len(letters) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
