"""Scrapy settings, each with its reason. Every one can be overridden with ``-s NAME=VALUE``.

The LINKCRAWLER_ settings are read from the environment as well; linkcrawler/settings_check.py holds their forms.
"""

import os

from linkcrawler import __version__

BOT_NAME = "linkcrawler"
SPIDER_MODULES = ["linkcrawler.spiders"]

# --- ours ------------------------------------------------------------------------------------------------------------

# Where visits and links are kept: sqlite:///FILE or mongodb://HOST/DB.
LINKCRAWLER_STORE = os.environ.get("LINKCRAWLER_STORE", "sqlite:///linkcrawler.db")
# none: in this process, kept in the SQLite file.
LINKCRAWLER_FRONTIER = os.environ.get("LINKCRAWLER_FRONTIER", "none")
# Hosts and networks that may be asked although they are not on the public internet, parted by commas.
LINKCRAWLER_ALLOW_HOSTS = os.environ.get("LINKCRAWLER_ALLOW_HOSTS", "")
# Hosts that are never asked, with all hosts below them, parted by commas.
LINKCRAWLER_DENY_HOSTS = os.environ.get("LINKCRAWLER_DENY_HOSTS", "")
# Whom a site's operator can reach: an address or a page of yours. It becomes part of the user agent.
LINKCRAWLER_CONTACT = os.environ.get("LINKCRAWLER_CONTACT", "https://github.com/linkcrawler/linkcrawler")
# Fetches of one URL before it is given up: a passing fault is over by then, a broken page is not.
LINKCRAWLER_MAX_ATTEMPTS = os.environ.get("LINKCRAWLER_MAX_ATTEMPTS", 3)
# Longest rest of a host that keeps failing, and longest Retry-After and Crawl-delay that is obeyed (seconds).
LINKCRAWLER_LONGEST_BACK_OFF = os.environ.get("LINKCRAWLER_LONGEST_BACK_OFF", 300)
# Work of a worker that died is taken up again after so many seconds (shared frontier).
LINKCRAWLER_LEASE_SECONDS = os.environ.get("LINKCRAWLER_LEASE_SECONDS", 60)
# Queued URLs of one host; more are refused until it has room, so that one host cannot fill the frontier.
LINKCRAWLER_HOST_QUEUE = os.environ.get("LINKCRAWLER_HOST_QUEUE", 100_000)
# Requests at a time to one IP address, where many hosts share it; 0: hosts are looked at alone.
LINKCRAWLER_PER_ADDRESS = os.environ.get("LINKCRAWLER_PER_ADDRESS", 0)
# 1: of the hosts that may be asked, those go first that are likely to hold links to the target.
LINKCRAWLER_FOCUS = os.environ.get("LINKCRAWLER_FOCUS", "1")
# 1: a worker with nothing left to do waits; an orchestrator that starts ended workers anew would begin the crawl again.
LINKCRAWLER_STAY = os.environ.get("LINKCRAWLER_STAY", "0")
# Days until a known page is visited again: at first, and at the least and the most as its changes suggest.
LINKCRAWLER_RECHECK_FIRST = os.environ.get("LINKCRAWLER_RECHECK_FIRST", 7)
LINKCRAWLER_RECHECK_SHORTEST = os.environ.get("LINKCRAWLER_RECHECK_SHORTEST", 1)
LINKCRAWLER_RECHECK_LONGEST = os.environ.get("LINKCRAWLER_RECHECK_LONGEST", 90)
# Days that visits and events are kept; 0: for ever.
LINKCRAWLER_KEEP_DAYS = os.environ.get("LINKCRAWLER_KEEP_DAYS", 0)
# Address for Prometheus and health probes, such as 127.0.0.1:9410; empty: none.
LINKCRAWLER_METRICS = os.environ.get("LINKCRAWLER_METRICS", "")
# text, or json: a JSON object a line.
LINKCRAWLER_LOG = os.environ.get("LINKCRAWLER_LOG", "text")

# --- who we are, and manners -----------------------------------------------------------------------------------------

# The spiders make it "linkcrawler/VERSION (+CONTACT)"; robots.txt rules are looked up under the first word.
USER_AGENT = f"linkcrawler/{__version__} (+{LINKCRAWLER_CONTACT})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "linkcrawler"
# The frontier keeps the delay, measured from the end of a request, and one request at a time to a host.
DOWNLOAD_DELAY = 1.0
DOWNLOADER = "linkcrawler.network.downloader.Downloader"
AUTOTHROTTLE_ENABLED = False
# asyncio alone: nothing here needs Twisted's reactor, and a tenth of what Scrapy costs a page goes by it.
TWISTED_REACTOR_ENABLED = False

# --- the frontier decides --------------------------------------------------------------------------------------------

# robots.txt by RFC 9309, asked for within the host's turn; Scrapy's own allows everything where the host fails.
# What stands empty would do nothing here, and each middleware costs every page; headers are the handler's.
DOWNLOADER_MIDDLEWARES = {
    "linkcrawler.robots.middleware.RobotsMiddleware": 100,
    # After Scrapy's proxy middleware (750): behind a proxy there is no address to look at.
    "linkcrawler.network.per_address.PerAddress": 760,
    "linkcrawler.network.proxies.ProxyMiddleware": 750,
    **{
        f"scrapy.downloadermiddlewares.{name}": None
        for name in (
            "robotstxt.RobotsTxtMiddleware", "offsite.OffsiteMiddleware", "httpauth.HttpAuthMiddleware",
            "downloadtimeout.DownloadTimeoutMiddleware", "defaultheaders.DefaultHeadersMiddleware",
            "useragent.UserAgentMiddleware", "httpproxy.HttpProxyMiddleware", "stats.DownloaderStats",
        )
    },
}  # fmt: skip
SPIDER_MIDDLEWARES = {
    f"scrapy.spidermiddlewares.{name}": None
    for name in (
        "start.StartSpiderMiddleware", "httperror.HttpErrorMiddleware", "referer.RefererMiddleware",
        "urllength.UrlLengthMiddleware", "depth.DepthMiddleware", "metacopy.MetaCopyDetectionMiddleware",
    )
}  # fmt: skip
SCHEDULER = "linkcrawler.frontier.scheduler.FrontierScheduler"
# Many hosts at a time: each answers slowly and gets one request at once.
CONCURRENT_REQUESTS = 64
# Redirects and retries go back through the frontier, where host delays and duplicates are known.
REDIRECT_ENABLED = False
RETRY_ENABLED = False
METAREFRESH_ENABLED = False
# The frontier refuses duplicates exactly; a second filter would only cost.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# --- what is fetched, and how much -----------------------------------------------------------------------------------

# Beyond 8 MiB a page is not one that a person reads; Scrapy's default is 1 GiB.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# A host that needs longer holds a slot that a hundred others could use; Scrapy's default is 180 s.
DOWNLOAD_TIMEOUT = 30
COOKIES_ENABLED = False
# Only the web: a link must not make the crawler read local files or buckets.
DOWNLOAD_HANDLERS = {
    "http": "linkcrawler.network.handler.DownloadHandler",
    "https": "linkcrawler.network.handler.DownloadHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
# The handler unpacks, within the limit above; it asks for what it can unpack piece by piece.
COMPRESSION_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
}

# --- what becomes of it ----------------------------------------------------------------------------------------------

ITEM_PIPELINES = {
    "pipelines.intake.validation.ValidationPipeline": 100,
    "pipelines.intake.storing.StorePipeline": 300,
    "linkcrawler.frontier.settle.SettlePipeline": 900,
}
# What a recheck asks of the pages that are known.
RECHECK_PAGES = "pipelines.intake.known_pages.StoredPages"
# Seeds that are kept in the store, and where others were named.
SEED_STORE = "pipelines.intake.stored_seeds.SeedsOfStore"
# A page is one item; Scrapy makes as many tasks for every page as it allows items.
CONCURRENT_ITEMS = 1
# Responses wait in memory until they are read and stored. Scrapy's 5 MB would hold up intake at 30 ordinary pages;
# where the network is faster than the processor, all of this is in use (64 MiB: 259 instead of 214 MB at the peak).
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 16 * 1024 * 1024

# --- closed doors ----------------------------------------------------------------------------------------------------

# Both let whoever reaches their port run code in the crawler.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# --- what the operator sees ------------------------------------------------------------------------------------------

# A line per page is the cost of a page (DEBUG); the progress line says the same in one.
LOG_LEVEL = "INFO"
LOG_FORMATTER = "linkcrawler.watching.page_lines.PageLines"
STATS_CLASS = "linkcrawler.watching.counts.Counts"
# Forty lines of counters would bury the summary that the progress extension prints; -s STATS_DUMP=1 shows them.
STATS_DUMP = False
# Scrapy's own, without LogStats, and without the two closed doors: it loads what is disabled, too, which takes 10 MB.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.memdebug.MemoryDebugger": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.spiderstate.SpiderState": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
EXTENSIONS = {
    "linkcrawler.progress.Progress": 0,
    "linkcrawler.watching.extension.Watching": 0,
    "linkcrawler.watching.logs.JsonLogs": 0,
}
