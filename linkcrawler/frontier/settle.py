"""The last pipeline stage: when a visit is stored, admit the links found on its page, then acknowledge its lease."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from scrapy.crawler import Crawler
from scrapy.signals import item_dropped

from linkcrawler.frontier.protocol import Candidate, Ended, Lease
from linkcrawler.frontier.scheduler import FrontierScheduler
from linkcrawler.records import Visit
from linkcrawler.vocabulary import Outcome, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The item that the spiders yield: one visit, and what the frontier needs to know of it."""

    lease: Lease
    visit: Visit
    candidates: tuple[Candidate, ...] = ()
    """Links to follow, in document order."""
    asked: bool = True
    """False if the page was never asked for (robots.txt): it does not count against the budget."""
    refused: Mapping[Refusal, int] = field(default_factory=dict)
    """Links of the page that are not followed, by reason."""
    settles: bool = True
    """False for a visit that is one of many which its lease gives."""


class SettlePipeline:
    """Runs after the stores: children first, then the parent, so that a crash can repeat a page but not lose one."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        # The validation refused and counted the record: its page is done all the same, and its links are followed.
        crawler.signals.connect(pipeline.process_item, item_dropped)
        return pipeline

    async def process_item(self, item: Fetched) -> Fetched:
        if not item.settles:
            return item
        engine, stats = self._crawler.engine, self._crawler.stats
        assert engine is not None
        assert stats is not None
        scheduler = engine.scheduler
        assert isinstance(scheduler, FrontierScheduler)
        admitted = await scheduler.frontier.ack(item.lease, item.candidates, ended=_ended(item), hit=_hit(item))
        if Refusal.BUDGET not in admitted.refused:
            scheduler.recent.note([candidate.url for candidate in item.candidates])
        stats.inc_value("linkcrawler/urls/admitted", admitted.kept)
        for counts in (item.refused, admitted.refused):
            for reason, number in counts.items():
                stats.inc_value(f"linkcrawler/urls/refused/{reason}", number)
        return item


def _ended(item: Fetched) -> Ended:
    if not item.asked:
        return Ended.SKIPPED
    visit = item.visit
    failed = visit.outcome is Outcome.UNREACHABLE or visit.status == 429 or visit.status >= 500
    return Ended.FAILED if failed else Ended.FETCHED


def _hit(item: Fetched) -> bool | None:
    """Whether the page was worth its fetch, for the focus."""
    if not item.asked or item.visit.outcome is Outcome.REDIRECTED:
        return None
    return bool(item.visit.sightings)
