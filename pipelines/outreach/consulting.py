"""Looks up in the store what outreach logs tell of a batch of links."""

from collections.abc import Sequence

from linkcrawler.records import Evidence, Link
from linkcrawler.sharing import site_key
from pipelines.outreach.contact import Contact, OutreachLog
from pipelines.outreach.joining import outreach_evidence
from pipelines.outreach.vocabulary import Vocabulary, load_vocabulary
from pipelines.stores.protocol import Store


class OutreachLogs:
    """The logs of one store, as they were when it was opened."""

    def __init__(self, store: Store, logs: Sequence[OutreachLog], vocabulary: Vocabulary) -> None:
        self._store = store
        self._logs = logs
        self._vocabulary = vocabulary

    @classmethod
    async def of(cls, store: Store) -> "OutreachLogs":
        return cls(store, await store.outreach_logs(), load_vocabulary())

    async def evidence(self, links: Sequence[Link]) -> dict[str, tuple[Evidence, ...]]:
        """By link id; links of which the logs tell nothing are left out."""
        if not self._logs:
            return {}
        site_of_link = {link.id: site_key(link.source_url) for link in links}
        by_site: dict[str, list[Contact]] = {}
        for contact in await self._store.contacts(set(site_of_link.values())):
            by_site.setdefault(contact.site, []).append(contact)
        told = {
            link.id: outreach_evidence(link, by_site.get(site_of_link[link.id], ()), self._logs, self._vocabulary)
            for link in links
        }
        return {link_id: evidence for link_id, evidence in told.items() if evidence}
