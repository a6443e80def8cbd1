"""What a crawl asks of the store about its seeds; settings name by dotted path who answers."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Protocol

from linkcrawler.targets import Target

NEW, ALL = "new", "all"


class StoredSeeds(Protocol):
    """Made by the callable that the setting SEED_STORE names, from the crawl's settings."""

    async def open(self) -> None:
        """Connect. Raises StoreError if the store cannot be used."""
        ...

    def named(self, what: str, targets: Collection[Target]) -> AsyncIterator[Sequence[str]]:
        """Batches of addresses that are kept for any of the targets.

        ``what``: ``new`` for those that were never visited, ``all``, or the name of an origin. Raises UsageError for a
        name that nothing came from.
        """
        ...

    async def note(self, origin: str, source: str, targets: Collection[Target], urls: Sequence[str]) -> None:
        """Keep that ``source`` names these addresses."""
        ...

    async def close(self) -> None: ...
