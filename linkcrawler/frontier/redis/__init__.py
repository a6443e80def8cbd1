"""The frontier that many workers share, in Redis 7 or later (or Valkey): leases, politeness, exact deduplication.

Every state change is one Lua script, so a worker can die between any two of them. Scripts are ``*.lua`` beside this
file; ``prelude.lua`` stands before each. Times are milliseconds on Redis' clock.

Keys of the cluster (prefix ``lc:``), shared by all crawls in one database, because a host does not care which
crawl asks it:

    gate:HOST    string "until:[token]" the host may not be asked before; with a token while someone asks it; expires
    pace:HOST    string ms              Crawl-delay of its robots.txt; expires
    fails:HOST   string                 failures in a row; expires
    robots:...   string                 see linkcrawler.robots
    crawls       set                    keys of the crawls

Keys of one crawl (prefix ``lc:CRAWL:``; CRAWL is :attr:`linkcrawler.crawl.CrawlPlan.key`):

    crawl        hash    round, state (running, finished, budget), began, ended, about

Keys of one round of a crawl (prefix ``lc:CRAWL:ROUND:``):

    meta         hash    counters: queued leased done skipped dead seen hits tries turns expired late violations
                         refused:REASON;
                         and round,
                         sequence (arrivals), generation and in_generation (of the seen buckets)
    ready        zset    host -> when it may be asked; a host with an open request is absent
    open         zset    host whose time has come -> since when - rank * 2^42 (linkcrawler/focus/levels.py)
    hosts        hash    host -> "hits:pages read:pages in a row without a hit"
    q:HOST       zset    item -> arrival - priority * 2^40
    leases       hash    token -> msgpack [host, score, item, time]
    expiry       zset    token -> when the lease runs out
    dead         list    msgpack [host, item, reason, time], newest first
    sG:BUCKET    set     64-bit digests of the URLs ever queued, in intset encoding (8 bytes each)

An item is two bytes (fetches begun, worker deaths) and the URL with its hints in JSON. Nothing is pickled.
The keys of a script are named inside it: Sentinel and plain replication work, Redis Cluster does not.
"""
