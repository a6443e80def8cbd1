"""What the user watches: a registered domain, a host, or a URL prefix."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

import idna

from linkcrawler.domains import registered_domain, site_of
from linkcrawler.errors import UsageError
from linkcrawler.name_search import NameSearch
from linkcrawler.sharing import site_key
from linkcrawler.urls import canonicalize, host_of

_HOST = re.compile(r"(?:[^\s/:?#@.]+\.)+[^\s/:?#@.]{2,}\Z")


@dataclass(frozen=True, slots=True)
class Target:
    """One watched target. ``spec`` is what the user wrote and what every record about it carries."""

    spec: str
    domain: str
    """Registered domain that holds the whole target: a page that never names it cannot link to the target."""
    host: str = ""
    """Set for a host or prefix target; empty if the whole domain is watched."""
    prefix: str = ""
    """Canonical URL without scheme, set for a prefix target."""

    def matches(self, url: str) -> bool:
        """Whether a canonical URL belongs to the target."""
        host = host_of(url)
        if not self.host:
            return registered_domain(host) == self.domain
        if host != self.host:
            return False
        return not self.prefix or _lies_under(url.partition("://")[2], self.prefix)

    def holds(self, url: str) -> bool:
        """Whether canonical ``url`` is on the target's own site. Users of one hosting platform have a site each."""
        if self.prefix:
            return site_key(url) == site_key(f"https://{self.prefix}")
        host = host_of(url)
        if not self.host:
            return registered_domain(host) == self.domain
        return site_of(host) == site_of(self.host)

    @property
    def spellings(self) -> tuple[str, ...]:
        """How a page may write the domain, lower case: ASCII, and for an internationalised name Unicode and escaped."""
        if "xn--" not in self.domain:
            return (self.domain,)
        try:
            name = idna.decode(self.domain)
        except UnicodeError:
            return (self.domain,)
        return self.domain, name, quote(name).lower()


def _lies_under(address: str, prefix: str) -> bool:
    """``github.com/me`` holds ``github.com/me/project`` and not ``github.com/melon``."""
    rest = address.removeprefix(prefix)
    return address.startswith(prefix) and (prefix[-1] == "/" or rest[:1] in ("", "/", "?"))


_FEW = 3
"""Domains for which a pattern is quicker than a copy of the page in lower case."""


class TargetIndex:
    """Answers for many targets at once: does this text name one, and which one does this address belong to?"""

    def __init__(self, targets: Iterable[Target]) -> None:
        self.targets = tuple(targets)
        self._by_domain: dict[str, list[Target]] = {}
        # The narrowest target comes first: a link into a watched folder is that folder's.
        for target in sorted(self.targets, key=lambda target: (-len(target.prefix), not target.host, target.spec)):
            self._by_domain.setdefault(target.domain, []).append(target)
        self.domains = frozenset(self._by_domain)
        needles = tuple({s.encode(): None for target in self.targets for s in target.spellings})
        self._search = NameSearch(needles)
        self._spelled = _in_any_case(needles) if 0 < len(needles) <= _FEW else None

    def named_in(self, text: bytes) -> bool:
        """Whether lower-case UTF-8 ``text`` holds a spelling of some target's domain."""
        return self._search(text)

    def spelled_in(self, text: bytes) -> bool:
        """The same of UTF-8 ``text`` in any case."""
        if self._spelled:
            return bool(self._spelled.search(text))
        return self._search(text.lower())

    def match(self, url: str, domain: str) -> Target | None:
        """The narrowest target that canonical ``url``, on registered ``domain``, belongs to."""
        for target in self._by_domain.get(domain, ()):
            if target.matches(url):
                return target
        return None

    def without(self, url: str) -> "TargetIndex":
        """The targets whose site the page at ``url`` is no part of: a site's links to itself are no backlinks."""
        if registered_domain(host_of(url)) not in self.domains:
            return self
        return index(tuple(target for target in self.targets if not target.holds(url)))


def _in_any_case(needles: Iterable[bytes]) -> re.Pattern[bytes]:
    """A pattern that leaps from dot to dot, half the work of a copy in lower case."""
    parted = [(needle, needle.rpartition(b".")[2]) for needle in needles]
    tails = b"|".join(b"(?i:%b)(?<=(?i:%b))" % (re.escape(tail), re.escape(needle)) for needle, tail in parted)
    return re.compile(rb"\.(?:%b)" % tails)


@lru_cache(maxsize=64)
def index(targets: tuple[Target, ...]) -> TargetIndex:
    """The index of a tuple of targets; the same tuple gives the same index."""
    return TargetIndex(targets)


def parse_target(spec: str) -> Target:
    """Read ``example.org``, ``blog.example.org`` or ``https://example.org/docs/``.

    Raises UsageError with the three accepted forms if ``spec`` is none of them.
    """
    text = spec.strip()
    if "/" in text or "://" in text:
        url = canonicalize(text if "://" in text else f"https://{text}")
        if url and urlsplit(url).path:
            host = host_of(url)
            if _HOST.match(host):
                path = urlsplit(url).path
                prefix = "" if path == "/" else url.partition("://")[2]
                return Target(text, registered_domain(host), host, prefix)
    elif "@" not in text:
        host = host_of(canonicalize(f"https://{text}") or "")
        if _HOST.match(host):
            domain = registered_domain(host)
            return Target(text, domain, "" if host == domain else host)
    raise UsageError(
        f"target {spec!r} is not understood: expected a registered domain (example.org), a host "
        "(blog.example.org) or a URL prefix (https://example.org/docs/); write for example -a target=example.org"
    )


def parse_targets(specs: str) -> tuple[Target, ...]:
    """Read a comma-separated list of targets; at least one."""
    targets = tuple(parse_target(spec) for spec in specs.split(",") if spec.strip())
    if not targets:
        raise UsageError("no target given: write for example -a target=example.org (several: a.org,b.org)")
    return targets
