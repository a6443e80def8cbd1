"""What every row needs: a web with a log, a Redis, workers as processes, and a verdict."""

import json
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient

from tests.servers.redis import RedisServer
from tests.servers.web import Hit, Reply, Web
from tests.servers.workers import crawl_command, start_worker

TARGET = "target.example"
PROBE = {
    "scrapy.extensions.logstats.LogStats": None,
    "linkcrawler.progress.Progress": 0,
    "tests.faults.probe.LoopProbe": 1,
}


@dataclass(frozen=True)
class Row:
    """One measured promise."""

    name: str
    figure: str
    promise: str
    kept: bool


class Rig:
    """One crawl: its web, its Redis, its folder, its workers."""

    def __init__(self, answer: Callable[[str, str], Reply], seeds: Sequence[str], **settings: Any) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="linkcrawler-faults-"))
        self.web, self.redis = Web(answer), RedisServer(self.folder)
        (self.folder / "seeds.txt").write_text("\n".join(seeds))
        self.store = f"sqlite:///{self.folder}/links.db"
        defaults = {"DOWNLOAD_DELAY": 0.05, "LINKCRAWLER_LEASE_SECONDS": 4, "EXTENSIONS": json.dumps(PROBE)}
        self.settings = {**defaults, **settings}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.started = 0

    def __enter__(self) -> Self:
        self.web.__enter__()
        self.redis.start()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
        self.redis.__exit__()
        self.web.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, number: int = 1, follow: str = "web") -> None:
        settings = {"LINKCRAWLER_FRONTIER": self.redis.url, "LINKCRAWLER_STORE": self.store}
        command = crawl_command(TARGET, self.folder / "seeds.txt", {"follow": follow}, {**settings, **self.settings})
        for _ in range(number):
            self.workers.append(start_worker(command, self.folder, self.web.proxy, f"worker-{self.started}.log"))
            self.started += 1

    def wait(self, seconds: float) -> bool:
        """Until every worker has ended; False if one does not in time."""
        end = time.monotonic() + seconds
        while any(worker.poll() is None for worker in self.workers) and time.monotonic() < end:
            time.sleep(0.05)
        return all(worker.poll() is not None for worker in self.workers)

    def wait_for_pages(self, number: int, seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while len(self.web.pages()) < number:
            assert time.monotonic() < end, f"{len(self.web.pages())} of {number} pages after {seconds} s: {self.tail()}"
            assert any(worker.poll() is None for worker in self.workers), f"no worker is left: {self.tail()}"
            time.sleep(0.01)

    def drained(self, seconds: float) -> bool:
        """Until nothing is queued or leased, then stop every worker; False if that is not so in time."""
        end = time.monotonic() + seconds
        while self.counter("queued") or self.counter("leased"):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        return self.wait(60)

    def kill(self, worker: "subprocess.Popen[bytes]") -> float:
        """Kill it and give the seconds until what it held was taken back."""
        mine = f"{worker.pid:x}".encode()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        killed = time.monotonic()
        self.workers.remove(worker)
        while any(token.startswith(mine) for token in self.redis.client.zrange(self.round_key("expiry"), 0, -1)):
            time.sleep(0.02)
        return time.monotonic() - killed

    def round_key(self, name: str) -> str:
        crawl = next(iter(self.redis.client.smembers("lc:crawls"))).decode()
        round_ = self.redis.client.hget(f"lc:{crawl}:crawl", "round").decode()
        return f"lc:{crawl}:{round_}:{name}"

    def counter(self, name: str) -> int:
        return int(self.redis.client.hget(self.round_key("meta"), name) or 0)

    def stored(self) -> list[str]:
        if self.store.startswith("mongodb"):
            with MongoClient[dict[str, Any]](self.store) as client:
                return [page["_id"] for page in client.get_default_database()["pages"].find({}, {"_id": 1})]
        with sqlite3.connect(self.folder / "links.db") as db:
            return [url for (url,) in db.execute("SELECT url FROM pages")]

    def logs(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("worker-*.log")):
            yield path.read_text(errors="replace")

    def tail(self) -> str:
        return "".join(log[-600:] for log in self.logs())

    def false_ends(self, pages: int) -> int:
        """Workers that claimed the end although not every page was stored."""
        ends = sum("Closing spider (finished)" in log for log in self.logs())
        return 0 if len(set(self.stored())) >= pages else ends

    def loop_lag(self, since: float, until: float) -> float:
        """Seconds: 99th percentile of the workers' probes between two moments."""
        lags = []
        for path in self.folder.glob("lag-*.txt"):
            for moment, lag in (line.split() for line in path.read_text().splitlines()):
                if since <= float(moment) <= until:
                    lags.append(float(lag))
        return sorted(lags)[int(len(lags) * 0.99)] if lags else float("nan")

    def peak_memory(self) -> float:
        """MiB of the largest worker that still runs."""
        peaks = [0.0]
        for worker in self.workers:
            status = Path(f"/proc/{worker.pid}/status")
            if worker.poll() is None and status.exists():
                sizes = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS")]
                peaks += [int(size) / 1024 for size in sizes]
        return max(peaks)


@dataclass(frozen=True)
class Manners:
    """How one host was treated, from the server's side."""

    requests: int
    most_open: int
    shortest_gap: float
    """Between the end of a request and the start of the next."""
    rate: float
    """Requests a second between the first and the last."""


def manners(hits: Sequence[Hit]) -> Manners:
    moments = sorted([(hit.began, 1) for hit in hits] + [(hit.ended or float("inf"), -1) for hit in hits])
    open_now = most = 0
    for _, change in moments:
        open_now += change
        most = max(most, open_now)
    ordered = sorted(hits, key=lambda hit: hit.began)
    gaps = [later.began - earlier.ended for earlier, later in pairwise(ordered)]
    span = ordered[-1].began - ordered[0].began
    return Manners(len(hits), most, min(gaps, default=float("inf")), (len(hits) - 1) / span if span else 0.0)


def by_host(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    hosts = defaultdict(list)
    for hit in hits:
        hosts[hit.host].append(hit)
    return dict(hosts)


def repeated(hits: Sequence[Hit]) -> int:
    return sum(number - 1 for number in Counter((hit.host, hit.path) for hit in hits).values())


def page(links: Sequence[str], words: str = "") -> Reply:
    anchors = "".join(f'<p>{words} see <a href="{link}">this one</a></p>' for link in links)
    return Reply(200, f"<html><head><title>Page</title></head><body>{anchors}</body></html>".encode())


class Graph:
    """``size`` pages on ``hosts`` hosts; page n links to 3n+1 .. 3n+3 and every tenth to the target."""

    def __init__(self, size: int, hosts: int, wait: float = 0.0) -> None:
        self.size, self.hosts, self._wait = size, hosts, wait

    def url(self, number: int) -> str:
        return f"http://h{number % self.hosts}.example/page/{number}"

    @property
    def seeds(self) -> list[str]:
        return [self.url(0)]

    def __call__(self, host: str, path: str) -> Reply:
        if not path.startswith("/page/"):
            return Reply(404)
        number = int(path.rpartition("/")[2])
        links = [self.url(child) for child in range(3 * number + 1, 3 * number + 4) if child < self.size]
        if number % 10 == 0:
            links.append(f"https://{TARGET}/about/{number}")
        reply = page(links)
        return Reply(reply.status, reply.body, reply.headers, wait=self._wait)


@contextmanager
def paused(server: RedisServer) -> Iterator[None]:
    server.pause()
    try:
        yield
    finally:
        server.go_on()
