"""Registered domains: who may give out the names below a host, by the public suffix list."""

from functools import cache, lru_cache

import tldextract

from linkcrawler.urls import host_of

# The list that ships with tldextract: no download, the same answer on every machine of a cluster.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_hosting_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

_MOST_LABELS = 5
"""Labels of the longest public suffix."""

_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 16)
def registered_domain(host: str) -> str:
    """The domain that someone registered (public suffix plus one label); the host itself where there is none.

    Under a top-level domain that is not on the list its default rule holds: the last label is the suffix.

    >>> registered_domain("www.news.example.co.uk")
    'example.co.uk'
    >>> registered_domain("www.tidepool.example")
    'tidepool.example'
    """
    labels = host.split(".")
    suffixes = _suffixes_by_tld().get(labels[-1], _NONE)
    if suffixes is None or "" in labels or "xn--" in host or not host.isascii():
        found = _suffixes(host)
        return found.top_domain_under_public_suffix or (host if found.suffix else _by_default_rule(labels))
    for at in range(max(len(labels) - _MOST_LABELS, 0), len(labels)):
        if ".".join(labels[at:]) in suffixes:
            return ".".join(labels[at - 1 :]) if at else host
    return _by_default_rule(labels)


@lru_cache(maxsize=1 << 16)
def site_of(host: str) -> str:
    """Like :func:`registered_domain`, but tells users of one hosting platform apart (``me.github.io``)."""
    found = _hosting_suffixes(host)
    return found.top_domain_under_public_suffix or (host if found.suffix else _by_default_rule(host.split(".")))


def domain_of(url: str) -> str:
    """Registered domain of an address."""
    return _domain_of_origin(url[: url.find("/", 8)] if url.startswith("http") and url.find("/", 8) > 0 else url)


@lru_cache(maxsize=1 << 15)
def _domain_of_origin(url: str) -> str:
    return registered_domain(host_of(url))


def _by_default_rule(labels: list[str]) -> str:
    """The last two labels; everything of an IP address and of what is no host name."""
    is_name = len(labels) > 1 and "" not in labels and not labels[-1].isdigit()
    return ".".join(labels[-2:] if is_name else labels)


@cache
def _suffixes_by_tld() -> dict[str, frozenset[str] | None]:
    """The public suffixes by top-level domain, None for those with wildcards: searched in 1 us, tldextract takes 25."""
    by_tld: dict[str, set[str]] = {}
    for suffix in _suffixes.tlds:
        by_tld.setdefault(suffix.rpartition(".")[2], set()).add(suffix)
    return {
        tld: None if tld not in names or any(name[0] in "*!" for name in names) else frozenset(names)
        for tld, names in by_tld.items()
    }
