"""What a recheck needs to know of the pages that are known: asked of the store, which settings name by dotted path."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from linkcrawler.crawl import CrawlPlan, Follow
from linkcrawler.errors import UsageError
from linkcrawler.records import DuePage, Sighting
from linkcrawler.targets import parse_targets

NOW = "now"


class KnownPages(Protocol):
    """Made by the callable that the setting RECHECK_PAGES names, from the crawl's settings."""

    async def open(self) -> None:
        """Connect and bring due dates up to date. Raises StoreError if there is no store."""
        ...

    def due(self, targets: Collection[str], *, by: datetime, most: int) -> AsyncIterator[Sequence[DuePage]]:
        """Batches of pages with links to any target that are due by then, the longest due first; ``most`` 0: all."""
        ...

    async def changed(self, hints: Mapping[str, datetime]) -> list[DuePage]:
        """Known pages that were last visited before they changed, as ``hints`` says."""
        ...

    async def standing(self, url: str) -> tuple[Sighting, ...]:
        """A page's links as the visit found them that its ``etag`` and ``last_modified`` came with."""
        ...

    async def close(self) -> None: ...


def plan_recheck(spider: str, *, target: str | None, max_pages: str) -> CrawlPlan:
    """Check the arguments that say what is looked for. A recheck that was cut short goes on with the same ones."""
    if not target:
        raise UsageError("no target given: write for example -a target=example.org")
    if not max_pages.isdecimal():
        raise UsageError(
            f"max_pages={max_pages!r} is not understood: expected a whole number, 0 for no limit; "
            "write -a max_pages=100"
        )
    return CrawlPlan(
        spider=spider,
        targets=parse_targets(target),
        seeds="known pages",
        follow=Follow.NONE,
        max_pages=int(max_pages),
    )


def due_by(text: str, now: datetime) -> datetime:
    """``now``, or a day or time in UTC: which pages are visited."""
    if text == NOW:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"due={text!r} is not understood: expected now, a day (2026-01-31) or a time; write -a due=now"
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or now.tzinfo)
