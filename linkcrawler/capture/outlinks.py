"""The cheap pass that every page gets: all outgoing links, canonical, deduplicated and counted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import cast

from lxml.etree import XPath, _Element

from linkcrawler.urls import domain_of, host_of, registered_domain, resolve
from linkcrawler.vocabulary import Refusal

MAX_OUTLINKS = 20_000
"""Different link addresses of a page that are looked at; the rest is refused as over budget."""

_hrefs = XPath("//a/@href | //area/@href", smart_strings=False)


@dataclass(frozen=True, slots=True)
class Outlinks:
    """Where a page leads. ``len(urls) + sum(refused.values())`` is the number of ``<a href>`` and ``<area href>``."""

    urls: tuple[str, ...] = ()
    """Canonical, in document order, without the page itself."""
    refused: Counter[Refusal] = field(default_factory=Counter)
    internal: int = 0
    """Links to pages of the same registered domain, repetitions counted, links to the page itself not."""
    external: int = 0
    domains: frozenset[str] = frozenset()
    """Registered domains of the external links."""
    resolved: dict[str, str] = field(default_factory=dict)
    """Canonical address by href, of those that gave one."""


def outlinks(root: _Element | None, base_url: str, url: str) -> Outlinks:
    """All links of the page at canonical ``url``; hrefs are resolved against ``base_url``."""
    if root is None:
        return Outlinks()
    own_domain = domain_of(url)
    hrefs = Counter(cast("list[str]", _hrefs(root)))
    refused: Counter[Refusal] = Counter()
    seen: dict[str, int] = {}
    resolved: dict[str, str] = {}
    for at, (href, times) in enumerate(hrefs.items()):
        target = resolve(base_url, href) if at < MAX_OUTLINKS else Refusal.BUDGET
        if isinstance(target, Refusal):
            refused[target] += times
        else:
            resolved[href] = target
            seen[target] = seen.get(target, 0) + times
    if to_itself := seen.pop(url, 0):
        refused[Refusal.DUPLICATE] += to_itself
    internal = external = 0
    domains = set()
    hosts: dict[str, str] = {}
    for target, times in seen.items():
        host = target.split("/", 3)[2]
        domain = hosts.get(host)
        if domain is None:
            domain = hosts[host] = registered_domain(host_of(target))
        if domain == own_domain:
            internal += times
        else:
            external += times
            domains.add(domain)
    if repeated := internal + external - len(seen):
        refused[Refusal.DUPLICATE] += repeated
    return Outlinks(tuple(seen), refused, internal, external, frozenset(domains), resolved)
