"""From placements to sightings: what one visit says of each link."""

from collections.abc import Iterable
from datetime import datetime

from linkcrawler.records import Placement, Sighting


def sightings(placements: Iterable[Placement], *, source_url: str, seen_at: datetime) -> tuple[Sighting, ...]:
    """One sighting per destination, in document order."""
    by_link: dict[tuple[str, str], list[Placement]] = {}
    for placement in placements:
        by_link.setdefault((placement.target_url, placement.target), []).append(placement)
    return tuple(
        Sighting(source_url=source_url, target_url=url, target=target, seen_at=seen_at, placements=tuple(found))
        for (url, target), found in by_link.items()
    )
