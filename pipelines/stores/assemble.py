"""Makes a Link of what a store holds, the same for every backend."""

from datetime import datetime
from typing import NamedTuple

from linkcrawler.dating.appearance import appearance_of
from linkcrawler.records import Appearance, Page, Placement


def status_of(last_seen: datetime, last_ok: datetime | None, last_visit: datetime) -> str:
    """``lost`` if a later successful visit did not find the link, ``unverified`` if the newest visit says nothing.

    A visit that found the link has raised ``last_seen`` to its own time, so a later time is one that did not find it.
    """
    if last_ok is not None and last_ok > last_seen:
        return "lost"
    return "unverified" if last_visit > last_seen else "live"


class Seen(NamedTuple):
    """What an appearance follows from, before there is a Link."""

    source_url: str
    first_seen: datetime
    placements: tuple[Placement, ...]
    page: Page | None

    def appearance(self, last_absent: datetime | None, stood_by: datetime) -> Appearance:
        """The interval in which the link must have appeared.

        ``last_absent`` is the time of the newest successful visit before ``first_seen``, ``stood_by`` the earliest of
        all sightings and of the Last-Modified headers that came with them.
        """
        return appearance_of(self, last_absent, stood_by if stood_by < self.first_seen else None)
