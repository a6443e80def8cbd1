"""What both stores do to come forward from an older release."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from linkcrawler.errors import StoreError
from linkcrawler.records import Placement, Sighting, Visit
from linkcrawler.vocabulary import Outcome
from pipelines.stores.fold import LinkChange, fold
from pipelines.stores.versions import SCHEMA_VERSION, other_version

OLDEST = 1
BATCH = 500
"""Documents per transaction."""
Progress = Callable[[str, int], None]
"""Called with the collection and how many of its documents are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What a migration has to do, or has done."""

    found: int
    """Schema version before."""
    documents: Mapping[str, int]
    """How many documents are brought forward, by collection; empty if the store is up to date."""


def needs_migration(version: int | None, url: str) -> bool:
    """Whether there is anything to do; StoreError if this release cannot do it."""
    if version is None:
        raise StoreError(f"no store at {url}: there is nothing to migrate; a crawl makes a store that is up to date")
    if not OLDEST <= version <= SCHEMA_VERSION:
        raise StoreError(f"{url}: {other_version(version, url)}")
    return version < SCHEMA_VERSION


def derived(
    source_url: str, target_url: str, target: str, last_seen: datetime, placements: tuple[Placement, ...]
) -> LinkChange:
    """What this release stores for a link of these placements."""
    sighting = Sighting(
        source_url=source_url, target_url=target_url, target=target, seen_at=last_seen, placements=placements
    )
    visit = Visit(url=source_url, at=last_seen, outcome=Outcome.OK, sightings=(sighting,))
    return fold([visit]).links[0]
