"""Canonical URLs, registered domains, identities. Every part that compares two addresses does it through here."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import tldextract
from w3lib.url import canonicalize_url

# The list that ships with tldextract: no download, the same answer on every machine of a cluster.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_hosting_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

MAX_URL_CHARS = 2083
"""Longest address that is followed or stored (the limit of old browsers, and Scrapy's URLLENGTH_LIMIT)."""

_STRIPPED = re.compile(r"[\t\n\r]")
_C0_AND_SPACE = "".join(map(chr, range(0x21)))


def join(base: str, href: str) -> str | None:
    """The absolute http(s) address that a browser would make of ``href``; None if it makes none."""
    try:
        url = urljoin(base, _STRIPPED.sub("", href).strip(_C0_AND_SPACE))
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


@lru_cache(maxsize=1 << 16)
def canonicalize(url: str) -> str | None:
    """The one form under which an address is known: w3lib's rules, no fragment; None if it is malformed.

    >>> canonicalize("HTTP://Example.org:80/a b?z=1&a=2#top")
    'http://example.org/a%20b?a=2&z=1'
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    keep_port = port is not None and port != {"http": 80, "https": 443}[parts.scheme]
    if ":" in host:
        host = f"[{host}]"
    netloc = f"{host}:{port}" if keep_port else host
    try:
        return str(canonicalize_url(parts._replace(netloc=netloc, fragment="").geturl()))
    except (ValueError, UnicodeError):
        return None


def host_of(url: str) -> str:
    """Host of an address, lower case, without port; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=1 << 16)
def registered_domain(host: str) -> str:
    """The domain that someone registered (public suffix plus one label); the host itself where there is none.

    >>> registered_domain("www.news.example.co.uk")
    'example.co.uk'
    """
    return _suffixes(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=1 << 16)
def site_of(host: str) -> str:
    """Like :func:`registered_domain`, but tells users of one hosting platform apart (``me.github.io``)."""
    return _hosting_suffixes(host).top_domain_under_public_suffix or host


def domain_of(url: str) -> str:
    """Registered domain of an address."""
    return registered_domain(host_of(url))


def digest(*parts: str) -> str:
    """16 hex digits that name the parts, the same on every machine and in every run."""
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def link_id(source_url: str, target_url: str) -> str:
    """Identity of a link. Both addresses are canonical."""
    return digest(source_url, target_url)
