"""Registered domains: who may give out the names below a host, by the public suffix list."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from linkcrawler.urls import host_of

if TYPE_CHECKING:
    from tldextract import TLDExtract

_MOST_LABELS = 7
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
    return _below_suffix(host, hosting=False)


@lru_cache(maxsize=1 << 16)
def site_of(host: str) -> str:
    """Like :func:`registered_domain`, but tells users of one hosting platform apart (``me.github.io``)."""
    return _below_suffix(host, hosting=True)


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


def _below_suffix(host: str, *, hosting: bool) -> str:
    """The public suffix of the list and one label before it; the host itself where there is none."""
    labels = host.split(".")
    suffixes, wild = _suffixes_by_tld(hosting).get(labels[-1], (_NONE, _NONE))
    ends = [".".join(labels[at:]) for at in range(max(len(labels) - _MOST_LABELS, 0), len(labels))]
    if "" in labels or "xn--" in host or not host.isascii() or not wild.isdisjoint(ends):
        found = _suffixes(hosting)(host)
        return found.top_domain_under_public_suffix or (host if found.suffix else _by_default_rule(labels))
    for end in ends:
        if end in suffixes:
            kept = end.count(".") + 2
            return ".".join(labels[-kept:])
    return _by_default_rule(labels)


@cache
def _suffixes(hosting: bool) -> "TLDExtract":
    """The list that ships with tldextract: no download, the same answer on every machine of a cluster."""
    from tldextract import TLDExtract  # with what it needs for downloads a tenth of a second: not for who asks nothing

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=hosting)


@cache
def _suffixes_by_tld(hosting: bool) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By top-level domain the public suffixes, and what rules with wildcards hang on.

    Searched in 2 us; tldextract, which takes 25, is left the hosts below a wildcard.
    """
    by_tld: dict[str, tuple[set[str], set[str]]] = {}
    for suffix in _suffixes(hosting).tlds:
        plain, wild = by_tld.setdefault(suffix.rpartition(".")[2], (set(), set()))
        if suffix[0] in "*!":
            wild.add(suffix.partition(".")[2])
        else:
            plain.add(suffix)
    return {tld: (frozenset(plain), frozenset(wild)) for tld, (plain, wild) in by_tld.items()}
