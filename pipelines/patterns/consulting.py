"""Looks up in the store what the patterns found for a batch of links, and weighs it."""

from collections.abc import Sequence

from linkcrawler.domains import domain_of, site_of
from linkcrawler.records import Evidence, Link
from linkcrawler.urls import host_of
from pipelines.patterns.owners import Owned, listed
from pipelines.patterns.records import Finding
from pipelines.patterns.settings import Settings, load_settings
from pipelines.stores.protocol import Store


class FoundPatterns:
    """What is stored of patterns, weighed by config/patterns.toml."""

    def __init__(self, store: Store, settings: Settings, owned: Owned) -> None:
        self._store = store
        self._settings = settings
        self._owned = owned

    @classmethod
    async def of(cls, store: Store) -> "FoundPatterns":
        return cls(store, load_settings(), await store.owned())

    async def evidence(self, links: Sequence[Link]) -> dict[str, tuple[Evidence, ...]]:
        """By link id; links for which nothing was found are left out."""
        found = await self._store.findings([link.id for link in links])
        if not found and not self._owned:
            return {}
        told = {link.id: weigh(self._all(link, found.get(link.id, ())), self._settings) for link in links}
        return {link_id: evidence for link_id, evidence in told.items() if evidence}

    def _all(self, link: Link, found: Sequence[Finding]) -> list[Finding]:
        site = site_of(host_of(link.source_url))
        own = listed(site, link.target_url, self._owned) or listed(domain_of(site), link.target_url, self._owned)
        return [own, *found] if own else [*found]


def weigh(findings: Sequence[Finding], settings: Settings) -> tuple[Evidence, ...]:
    """One entry for each channel that a finding speaks for."""
    return tuple(
        Evidence(signal=finding.signal, channel=channel, weight=weight, detail=finding.detail)
        for finding in findings
        for channel, weight in settings.signal[finding.signal].speaks.items()
    )
