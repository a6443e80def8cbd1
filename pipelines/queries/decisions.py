"""Counts decisions: how often somebody chose to link, however many links that choice left on how many pages.

one page, one target: one decision, whatever the number of links
one page under several addresses: its canonical address counts, tracking parameters do not
a block repeated on pages of a domain (navigation, footer, sidebar ...; same target URL, region and anchor): one
    decision, together with the other repeated blocks of that region
written text repeated on pages of a domain (same target URL, anchor and words around it): one decision
copies of one text on several sites: one decision, as far as classification has found them
"""

from collections.abc import Sequence

from linkcrawler.urls import digest
from pipelines.queries.placements import WRITTEN
from pipelines.queries.scratch import scratch
from pipelines.stores.brief import Brief

_MIDDLE = 1 << 63
"""Digests are unsigned, the database's numbers are not."""


class Decisions:
    """Collects links on disk: memory does not grow with them."""

    def __init__(self, groups: Sequence[str]) -> None:
        """``groups`` name what a decision is counted under, such as the modes."""
        self._place = {group: place for place, group in enumerate(groups)}
        self._rows = scratch("CREATE TABLE seen (block INTEGER, page INTEGER, site INTEGER, place INTEGER)")
        self._waiting: list[tuple[int, int, int | None, int]] = []

    def add(self, link: Brief, *groups: str) -> None:
        page = _number(link.act or link.page, link.target)
        # A template belongs to the whole site; written text stays with a page, wherever it is repeated.
        site = None if link.region in WRITTEN else _number(link.source_domain, link.target, link.region)
        block = int(link.block, 16) - _MIDDLE
        self._waiting += [(block, page, site, self._place[group]) for group in groups]
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def counts(self) -> dict[str, int]:
        """Decisions by group, and in all under ``total``. One that shows in two groups counts in both."""
        self._write()
        shown = ", ".join(f"max(place = {place}) AS in_{place}" for place in self._place.values())
        carried = ", ".join(f"max(in_{place}) AS in_{place}" for place in self._place.values())
        summed = ", ".join(f"ifnull(sum(in_{place}), 0)" for place in self._place.values())
        # Of several pages the one with the least number stands for all: the same in any order.
        total, *found = self._rows.execute(
            f"""SELECT count(*), {summed} FROM (
                SELECT {carried} FROM (
                    SELECT iif(min(page) < max(page), ifnull(min(site), min(page)), min(page)) AS one, {shown}
                    FROM seen GROUP BY block
                ) GROUP BY one
            )"""  # noqa: S608 - numbers only
        ).fetchone()
        return {"total": total} | dict(zip(self._place, found, strict=True))

    def close(self) -> None:
        self._rows.close()

    def _write(self) -> None:
        self._rows.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", self._waiting)
        self._waiting.clear()


_AT_ONCE = 1_000


def _number(*parts: str) -> int:
    return int(digest(*parts), 16) - _MIDDLE
