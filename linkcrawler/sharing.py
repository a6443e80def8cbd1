"""Which site an address belongs to: the users of one platform are different people (config/sharing.toml)."""

from functools import cache, lru_cache
from urllib.parse import urlsplit

import msgspec

from linkcrawler.config import load
from linkcrawler.domains import site_of
from linkcrawler.urls import host_of

_EXAMPLE = 'folders = ["github.com"]'


class Sharing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    hosts: frozenset[str]
    """Registered domains on which each user has a host."""
    folders: frozenset[str]
    """Registered domains on which each user has a first folder."""


@cache
def load_sharing() -> Sharing:
    """Raises ConfigError if the file does not fit."""
    return load("sharing.toml", Sharing, _EXAMPLE)


@lru_cache(maxsize=1 << 15)
def site_key(url: str) -> str:
    """The site of a canonical address, by the public suffix list; on shared platforms the host (``me.medium.com``) or
    the domain and first folder (``github.com/me``)."""
    host = host_of(url).removeprefix("www.")
    site, sharing = site_of(host), load_sharing()
    if site in sharing.hosts and host != site:
        return host
    folder = urlsplit(url).path.lstrip("/").partition("/")[0]
    if folder and not sharing.folders.isdisjoint((site, host)):
        return f"{site}/{folder.lower()}"
    return site
