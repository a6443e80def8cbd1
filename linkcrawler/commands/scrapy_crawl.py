"""``scrapy crawl`` from any folder, and with one plain message where a crawl cannot start.

Inside a Scrapy project it runs that project's spiders, as Scrapy's own command does. Outside any project, where Scrapy
refuses to crawl, it runs linkcrawler's.
"""

import argparse
import asyncio
import gc
import logging
import sys
from typing import Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.project import inside_project
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from linkcrawler.errors import LinkcrawlerError, UsageError
from linkcrawler.freed_memory import give_back_freed_memory

SETTINGS_MODULE = "linkcrawler.settings"


class _WithoutEcho(logging.Filter):
    """Drops what Scrapy logs when it closes parts of a crawl that were never opened: failures that follow from another
    one, which is told."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, AssertionError) and "CoreStats.spider_closed" in record.getMessage():
            return False
        return not (record.msg in _CLOSING and _follows_from_ours(error))


class _WithoutInventory(logging.Filter):
    """Drops the sixty lines in which Scrapy lists versions, settings and components before a crawl."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.INFO or not record.msg.startswith(("Versions:", "Overridden", "Enabled"))


_CLOSING = ("Scraper close failure", "Scheduler close failure")


def _follows_from_ours(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, LinkcrawlerError):
            return True
        error = error.__cause__ or error.__context__
    return False


class Command(ScrapyCrawl):
    """Scrapy's command, with linkcrawler's settings outside projects and readable errors everywhere."""

    requires_project = False

    def short_desc(self) -> str:
        return "Run a spider, by name (outside a project: linkcrawler's backlinks)"

    def long_desc(self) -> str:
        return (
            "Run a spider, by name. Example: scrapy crawl backlinks -a target=example.org -a seeds=seeds.txt "
            "(seeds: a file with one address a line, addresses parted by commas, or - for standard input)"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        # The first call that a command gets with its settings, before Scrapy makes the crawler process of them.
        if not inside_project():
            assert self.settings is not None
            # The priority of a project's settings: below -s on the command line, above Scrapy's defaults.
            self.settings.setmodule(SETTINGS_MODULE, priority="project")
        super().add_options(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        # Who sets a log level on the command line wants to see everything of that level.
        if (self.settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
            for name in ("scrapy.utils.log", "scrapy.crawler", "scrapy.middleware", "scrapy.addons"):
                logging.getLogger(name).addFilter(_WithoutInventory())

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise ScrapyUsageError(f"expected the name of one spider, got {len(args)}; {self._known()}")
        assert self.crawler_process is not None
        try:
            crawler = self._create_crawler(args[0])
        except KeyError as error:
            raise ScrapyUsageError(f"no spider is called {args[0]!r}; {self._known()}", print_help=False) from error
        for name in ("scrapy.utils.signal", "scrapy.core.engine"):
            logging.getLogger(name).addFilter(_WithoutEcho())
        # To look for cycles, among all that a worker has loaded too, took 0.5 ms of every page; so it takes 0.02.
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)
        give_back_freed_memory()
        crawling = self.crawler_process.crawl(crawler, **opts.spargs)
        self._explain_failure(crawling)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed:
            self.exitcode = self.exitcode or 1

    def _known(self) -> str:
        assert self.crawler_process is not None
        names = sorted(self.crawler_process.spider_loader.list())
        return f"spiders here: {', '.join(names)}" if names else "there are no spiders here"

    def _explain_failure(self, crawling: Any) -> None:
        """Say a LinkcrawlerError in its own words; leave every other failure to Scrapy, which prints its traceback."""
        if isinstance(crawling, Deferred):
            crawling.addErrback(self._explain_deferred)
        elif isinstance(crawling, asyncio.Task):
            crawling.add_done_callback(self._explain_task)

    def _explain_deferred(self, failure: Failure) -> Failure | None:
        return None if self._explain(failure.value) else failure

    def _explain_task(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error and not self._explain(error):
            # Asking for the exception marked it as handled: hand it back to the loop, which logs it.
            task.get_loop().call_exception_handler(
                {"message": "Task exception was never retrieved", "exception": error, "task": task}
            )

    def _explain(self, error: BaseException | None) -> bool:
        if not isinstance(error, LinkcrawlerError):
            return False
        print(f"scrapy crawl: {error}", file=sys.stderr)
        if self.settings and self.settings["LOG_FILE"]:
            logging.getLogger(__name__).error("%s", error)  # whoever reads the file does not see standard error
        self.exitcode = 2 if isinstance(error, UsageError) else 1
        return True
