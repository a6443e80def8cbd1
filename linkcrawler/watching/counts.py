"""The counters of a crawl (``STATS_CLASS``)."""

from scrapy.statscollectors import MemoryStatsCollector


class Counts(MemoryStatsCollector):
    """Scrapy's, without its look, each time that one is named, for callers that still hand over the spider: 1 % of a
    crawl."""

    __getattribute__ = object.__getattribute__
