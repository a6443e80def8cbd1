"""Questions about addresses that several signals ask: is this host listed, what is it called, whose name is in it?"""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from linkcrawler import urls
from linkcrawler.domains import site_of

_NAMESPACES = frozenset(("blogspot", "wordpress", "tumblr", "livejournal", "over-blog", "typepad", "wixsite", "weebly"))
"""Platforms whose users own the name before theirs; the public suffix list knows only some of their domains."""
_JOINERS = re.compile(r"[\W_]+")
_KNOWN_HOSTS = 1 << 14
"""Answers that a set keeps: the same hosts come again and again."""
MIN_BRAND = 4
"""Letters that a name must have before finding it elsewhere says anything."""


class HostSet:
    """Hosts, each standing for itself and its sub-domains; an entry may narrow itself to a path (``host/path``)."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._hosts: set[str] = set()
        self._paths: dict[str, list[str]] = {}
        self._known: dict[str, str] = {}
        for entry in entries:
            host, _, path = entry.partition("/")
            if path:
                self._paths.setdefault(host, []).append(f"/{path}")
            else:
                self._hosts.add(host)

    def match(self, host: str, path: str = "") -> str:
        """The entry that holds ``host``; empty if none does."""
        if path and self._paths:
            return self._search(host, path)
        found = self._known.get(host)
        if found is None:
            if len(self._known) >= _KNOWN_HOSTS:
                self._known.clear()
            found = self._known[host] = self._search(host, "")
        return found

    def _search(self, host: str, path: str) -> str:
        while "." in host:
            if host in self._hosts:
                return host
            for start in self._paths.get(host, ()):
                if path.lower().startswith(start):
                    return host + start
            host = host.partition(".")[2]
        return ""


@lru_cache(maxsize=1 << 14)
def host_of(url: str) -> str:
    """As :func:`linkcrawler.urls.host_of`: several signals ask it of one address."""
    return urls.host_of(url)


@lru_cache(maxsize=1 << 14)
def label_of(host: str) -> str:
    """The word that somebody registered: ``example`` of ``www.example.co.uk``; users of one platform told apart."""
    label = site_of(host).partition(".")[0]
    if label in _NAMESPACES:
        user = host.removesuffix(site_of(host)).rstrip(".").rpartition(".")[2]
        return label if user in ("", "www") else user
    return label


@lru_cache(maxsize=1 << 14)
def squeeze(text: str) -> str:
    """Letters and digits only, case folded: how a name looks as a domain."""
    return _JOINERS.sub("", text.casefold())


@lru_cache(maxsize=1 << 14)
def arguments(url: str) -> tuple[tuple[str, str], ...]:
    """Query arguments, keys in lower case; a matrix-like tail (``;a=b``) is read too."""
    query = urlsplit(url).query.replace(";", "&")
    return tuple((key.lower(), value) for key, value in parse_qsl(query, keep_blank_values=True)[:40])


@lru_cache(maxsize=1 << 14)
def shared_stem(one: str, other: str) -> str:
    """Longest run of letters that two labels share."""
    best = ""
    for start in range(len(one)):
        end = start + len(best) + 1
        while end <= len(one) and one[start:end] in other:
            best = one[start:end]
            end += 1
    return best


@lru_cache(maxsize=1 << 14)
def path_of(url: str) -> str:
    return urlsplit(url).path

