"""Evidence from beyond the page, looked up in the store for a batch of links at a time."""

from collections.abc import Sequence

from linkcrawler.records import Evidence, Link
from pipelines.outreach.consulting import OutreachLogs
from pipelines.patterns.consulting import FoundPatterns
from pipelines.stores.protocol import Store


class Beyond:
    """What one store holds beyond its pages."""

    def __init__(self, logs: OutreachLogs, patterns: FoundPatterns) -> None:
        self._logs = logs
        self._patterns = patterns

    @classmethod
    async def of(cls, store: Store) -> "Beyond":
        return cls(await OutreachLogs.of(store), await FoundPatterns.of(store))

    async def evidence(self, links: Sequence[Link]) -> dict[str, tuple[Evidence, ...]]:
        """By link id; links of which nothing more is known are left out."""
        told, found = await self._logs.evidence(links), await self._patterns.evidence(links)
        return {link_id: (*told.get(link_id, ()), *found.get(link_id, ())) for link_id in told.keys() | found.keys()}
