"""The cheap pass that every page gets: all outgoing links, canonical, deduplicated and counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.etree import _Element

from linkcrawler.domains import domain_of, registered_domain
from linkcrawler.urls import Base, host_of
from linkcrawler.vocabulary import Refusal

MAX_OUTLINKS = 20_000
"""Different link addresses of a page that are looked at; the rest is refused as over budget."""


@dataclass(frozen=True, slots=True)
class Outlinks:
    """Where a page leads. ``len(urls) + sum(refused.values())`` is the number of ``<a href>`` and ``<area href>``."""

    urls: tuple[str, ...] = ()
    """Canonical, in document order, without the page itself."""
    spelled: dict[str, str] = field(default_factory=dict)
    """The first href that names each of them, where it is not the canonical address itself."""
    refused: Counter[Refusal] = field(default_factory=Counter)
    internal: int = 0
    """Links to pages of the same registered domain, repetitions counted, links to the page itself not."""
    external: int = 0
    hosts: frozenset[str] = frozenset()
    """Hosts of the ``urls``."""
    domains: frozenset[str] = frozenset()
    """Registered domains of the external links."""
    first: Mapping[str, _Element | int] = field(default_factory=dict)
    """The first element with each href, or where its tag begins."""


def outlinks(links: Sequence[tuple[str, _Element | int]], base: Base, url: str) -> Outlinks:
    """The ``links`` of the page at canonical ``url``, as its Document or Scan has them; hrefs are resolved against
    ``base``."""
    tally = _Tally()
    tally.count(Counter([href for href, _ in links]), base)
    found, refused = tally.found, tally.refused
    if to_itself := found.pop(url, 0):
        refused[Refusal.DUPLICATE] += to_itself
    hosts = _by_host(found)
    domains = _by_domain(hosts)
    leading = sum(domains.values())
    if leading > len(found):
        refused[Refusal.DUPLICATE] += leading - len(found)
    internal = domains.pop(domain_of(url), 0)
    return Outlinks(
        urls=tuple(found),
        spelled=tally.spelled,
        refused=refused,
        internal=internal,
        external=leading - internal,
        hosts=frozenset(hosts),
        domains=frozenset(domains),
        first=dict(reversed(links)),
    )


class _Tally:
    """How many links lead to each address, and why others lead to none."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}
        self.spelled: dict[str, str] = {}
        self.refused: Counter[Refusal] = Counter()

    def count(self, hrefs: Counter[str], base: Base) -> None:
        found = self.found
        targets = base.resolve_all(islice(hrefs, MAX_OUTLINKS))
        for (href, times), target in zip(hrefs.items(), targets, strict=False):
            if type(target) is Refusal:
                self.refused[target] += times
            elif target in found:
                found[target] += times
            else:
                found[target] = times
                if href is not target:
                    self.spelled[target] = href
        if len(hrefs) > MAX_OUTLINKS:
            self.refused[Refusal.BUDGET] += sum(islice(hrefs.values(), MAX_OUTLINKS, None))


def _by_host(found: dict[str, int]) -> dict[str, int]:
    origins: dict[str, int] = {}
    for url, times in found.items():
        origin = url[: url.index("/", 8)]
        origins[origin] = origins.get(origin, 0) + times
    hosts: dict[str, int] = {}
    for origin, times in origins.items():
        host = _host(origin)
        hosts[host] = hosts.get(host, 0) + times
    return hosts


def _by_domain(hosts: dict[str, int]) -> dict[str, int]:
    domains: dict[str, int] = {}
    for host, times in hosts.items():
        domain = registered_domain(host)
        domains[domain] = domains.get(domain, 0) + times
    return domains


def _host(origin: str) -> str:
    """Host of a canonical origin, whose only colon after the scheme is that of the port or of an IPv6 address."""
    host = origin[origin.index("/") + 2 :]
    return host_of(origin) if host[0] == "[" else host.partition(":")[0]
