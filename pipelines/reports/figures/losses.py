"""When links were lost for the first time, as their events tell: whether they came back or not."""

import json
from collections.abc import Iterable
from datetime import datetime

from linkcrawler.vocabulary import EventKind
from pipelines.queries.scratch import scratch
from pipelines.stores.fold import timestamp
from pipelines.stores.history import EventFilter
from pipelines.stores.protocol import Store


class Losses:
    """By link the newest visit that found it before its first loss; on disk, as stores hold very many."""

    def __init__(self) -> None:
        self._rows = scratch("CREATE TABLE lost (link TEXT PRIMARY KEY, stood TEXT NOT NULL) WITHOUT ROWID")
        self._any = False

    async def read(self, store: Store, target: str) -> None:
        """Take up the events of the store, of one target if one is given."""
        async for batch in store.history.events(EventFilter(target=target, kinds=(EventKind.LOST,))):
            self._any = True
            self._rows.executemany(  # oldest first: of several losses the first is kept
                "INSERT OR IGNORE INTO lost VALUES (?, ?)",
                [(event.link, timestamp(event.after or event.at)) for event in batch],
            )

    def of(self, links: Iterable[str]) -> dict[str, datetime]:
        """Of these links those that were ever lost."""
        if not self._any:
            return {}
        found = self._rows.execute(
            "SELECT link, stood FROM json_each(?) AS wanted CROSS JOIN lost ON link = wanted.value",
            (json.dumps([*links]),),
        )
        return {link: datetime.fromisoformat(stood) for link, stood in found}

    def close(self) -> None:
        self._rows.close()
