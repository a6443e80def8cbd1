"""The first pipeline stage: refuse records that no store should hold, and count why."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from linkcrawler.frontier.settle import Fetched
from linkcrawler.records import Visit
from linkcrawler.urls import MAX_URL_CHARS, canonicalize


def problem(visit: Visit) -> str | None:
    """What makes a visit unfit to be stored; None if nothing does."""
    if visit.at.utcoffset() is None:
        return "time without zone"
    if canonicalize(visit.url) != visit.url:
        return "page address not canonical"
    for sighting in visit.sightings:
        if sighting.source_url != visit.url or sighting.seen_at != visit.at:
            return "sighting of another visit"
        if not sighting.placements:
            return "sighting without placement"
        if len(sighting.target_url) > MAX_URL_CHARS:
            return "target address too long"
    return None


class ValidationPipeline:
    """Drops a visit that :func:`problem` names; its page counts as done."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Fetched) -> Fetched:
        refusal = problem(item.visit)
        if refusal is None:
            return item
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"linkcrawler/records/refused/{refusal}")
        raise DropItem(f"{item.visit.url}: {refusal}")
