"""What is measured: linkcrawler in several settings, and peers as their own documentation runs them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.crawl.box import TARGET
from tests.servers.redis import RedisServer
from tests.servers.workers import CHECKOUT, crawl_command

EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,
    "linkcrawler.progress.Progress": 0,
    "tests.benchmarks.crawl.meter.Meter": 1,
}
UNREAD = {"tests.benchmarks.crawl.unread.Unread": 2}
LONGEST_RUN = 900


@dataclass(frozen=True)
class Bench:
    """The running web and where the peers are."""

    box: Path
    port: int
    tls_port: int
    peers: Path
    delay: float
    store: str
    open: int
    """Requests that a worker of ours has open at a time."""

    def environment(self, redis: RedisServer) -> dict[str, str]:
        proxy = f"http://127.0.0.1:{self.port}"
        own = {name: value for name, value in os.environ.items() if not name.startswith("LINKCRAWLER_")}
        return own | {
            "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1", "no_proxy": "", "http_proxy": proxy,
            "https_proxy": proxy, "WEBBOX": str(self.box), "WEBBOX_PORT": str(self.port),
            "WEBBOX_TLS_PORT": str(self.tls_port), "BENCH_REDIS_PORT": str(redis.port),
        }  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One contestant. ``share``: of the pages that a run fetches, for those that take long."""

    name: str
    what: str
    command: Callable[[Bench, RedisServer, Path, int], list[str]]
    workers: int = 1
    share: float = 1.0
    direct: bool = False


@dataclass
class Result:
    """One run. CPU in seconds for 1,000 pages; memory in MB, of the largest worker, by tenths of the run."""

    pages: int
    cpu: float
    redis: float
    rate: float
    memory: int
    errors: int
    links: int
    course: list[int] = field(default_factory=list)


def ours(*, shared: bool, tls: bool = False, read: bool = True) -> Callable[[Bench, RedisServer, Path, int], list[str]]:
    def command(bench: Bench, redis: RedisServer, folder: Path, pages: int) -> list[str]:
        settings: dict[str, object] = {
            "LINKCRAWLER_FRONTIER": redis.url if shared else "none",
            "LINKCRAWLER_STORE": bench.store or f"sqlite:///{folder}/links.db",
            "DOWNLOAD_DELAY": bench.delay,
            "CONCURRENT_REQUESTS": bench.open,
            "EXTENSIONS": json.dumps(EXTENSIONS if read else EXTENSIONS | UNREAD),
        }
        if tls:
            handler = dict.fromkeys(("http", "https"), "tests.benchmarks.crawl.direct.DirectHandler")
            settings |= {
                "DOWNLOAD_HANDLERS": json.dumps(handler), "BENCH_TLS_PORT": bench.tls_port,
                "LINKCRAWLER_ALLOW_HOSTS": ".test,127.0.0.1",
                "DEFAULT_REQUEST_HEADERS": json.dumps({"Accept-Encoding": "gzip, deflate", "Connection": "close"}),
            }  # fmt: skip
        seeds, follow = ("seeds.txt", "web") if read else ("pages.txt", "none")
        return crawl_command(TARGET, bench.box / seeds, {"follow": follow, "max_pages": pages}, settings)

    return command


def peer(script: str, *arguments: str) -> Callable[[Bench, RedisServer, Path, int], list[str]]:
    def command(bench: Bench, redis: RedisServer, folder: Path, pages: int) -> list[str]:
        return [sys.executable, str(bench.peers / script), *arguments, "--pages", str(pages)]

    return command


FLOOR = "scrapy, fetching only"
CLOSE = 'DEFAULT_REQUEST_HEADERS={"Connection":"close"}'
ROWS = {
    "floor": Row(FLOOR, "a list of addresses, nothing parsed", peer("scrapy_peer.py", "--mode", "floor")),
    "redis": Row("linkcrawler, Redis", "shared frontier, robots, leases, links stored", ours(shared=True)),
    "embedded": Row("linkcrawler, in process", "the same without Redis", ours(shared=False)),
    "two": Row("linkcrawler, Redis, 2 workers", "the same, twice", ours(shared=True), workers=2),
    "four": Row("linkcrawler, Redis, 4 workers", "the same, four times", ours(shared=True), workers=4),
    "scrapy_redis": Row("scrapy-redis + LinkExtractor", "follows links, stores nothing",
                        peer("scrapy_peer.py", "--mode", "redis"), share=0.25),
    "scrapy": Row("scrapy + LinkExtractor", "in memory, stores nothing",
                  peer("scrapy_peer.py", "--mode", "mem"), share=0.25),
    "crawlee": Row("crawlee, parsel", "in memory, stores nothing",
                   peer("crawlee_peer.py", "--crawler", "parsel"), share=0.25),
    "asyncio": Row("hand-written asyncio", "aiohttp and lexbor, keeps nothing, no manners",
                   peer("async_peer.py", "--client", "aiohttp", "--follow")),
    "tls": Row("linkcrawler, Redis, new TLS connection a page", "as above", ours(shared=True, tls=True), direct=True),
    "unread": Row("linkcrawler, Redis, no page read", "a list of addresses; robots, leases, visits stored",
                  ours(shared=True, read=False)),
    "unread_tls": Row("linkcrawler, Redis, no page read, new TLS connection a page", "as above",
                      ours(shared=True, tls=True, read=False), direct=True),
    "tls_floor": Row("scrapy, fetching only, new TLS connection a page", "nothing parsed",
                     peer("scrapy_peer.py", "--mode", "floor", "--direct", "https", "--set", CLOSE), share=0.5,
                     direct=True),
}  # fmt: skip


def run(row: Row, bench: Bench, pages: int) -> Result | None:
    """None if it brought no result."""
    with tempfile.TemporaryDirectory(prefix="linkcrawler-bench-") as name:
        folder = Path(name)
        redis = RedisServer(folder, append_only=False).start()
        try:
            return _run(row, bench, redis, folder, max(100, int(pages * row.share)))
        finally:
            redis.__exit__()


def _run(row: Row, bench: Bench, redis: RedisServer, folder: Path, pages: int) -> Result | None:
    environment = bench.environment(redis)
    if row.direct:
        environment |= {"http_proxy": "", "https_proxy": ""}
    before, command = _cpu_of(redis), row.command(bench, redis, folder, pages)
    workers = []
    for number in range(row.workers):
        with (folder / f"out-{number}").open("wb") as out, (folder / f"err-{number}").open("wb") as err:
            workers.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=err))
    memory = _watch(workers)
    told = [_result(folder / f"out-{number}") for number in range(row.workers)]
    results = [result for result in told if result]
    if len(results) < row.workers or not sum(result["pages"] for result in results):
        print((folder / "err-0").read_text(errors="replace")[-800:], file=sys.stderr)  # noqa: T201
        return None
    fetched = sum(result["pages"] for result in results)
    return Result(
        pages=fetched,
        cpu=1000 * sum(result["cpu"] for result in results) / fetched,
        redis=1000 * (_cpu_of(redis) - before) / fetched,
        rate=fetched / max(result["wall"] for result in results),
        memory=max(result["rss_mb"] for result in results),
        errors=sum(result.get("errors", 0) for result in results),
        links=results[0].get("links", 0),
        course=memory,
    )


def _watch(workers: "list[subprocess.Popen[bytes]]") -> list[int]:
    """Wait for the workers; memory of the first (MB), at ten moments of the run."""
    sizes, end = [], time.monotonic() + LONGEST_RUN
    while any(worker.poll() is None for worker in workers):
        status = Path(f"/proc/{workers[0].pid}/status")
        if status.exists():
            sizes += [int(line.split()[1]) // 1024 for line in status.read_text().splitlines() if "VmRSS" in line]
        if time.monotonic() > end:
            for worker in workers:
                worker.kill()
        time.sleep(0.5)
    return [sizes[len(sizes) * tenth // 10] for tenth in range(10)] if sizes else []


def _result(path: Path) -> dict[str, Any] | None:
    lines = [line for line in path.read_text(errors="replace").splitlines() if line.startswith("RESULT ")]
    return json.loads(lines[-1].removeprefix("RESULT ")) if lines else None


def _cpu_of(redis: RedisServer) -> float:
    used: dict[str, Any] = redis.client.info("cpu")  # type: ignore[assignment]
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


def middle(results: list[Result], name: str) -> float:
    return median(getattr(result, name) for result in results)


def spread(results: list[Result]) -> str:
    costs = sorted(result.cpu for result in results)
    return f"{costs[0]:.2f}-{costs[-1]:.2f}"
