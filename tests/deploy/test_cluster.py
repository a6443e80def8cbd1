"""Four workers under Scrapyd, one killed and one cancelled, and four shards of judging say what one process says."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.test_both_stores import timeless
from tests.demo.server import HERE, DemoWeb, serving
from tests.servers.redis import RedisServer
from tests.servers.scrapyd import Scrapyd
from tests.servers.workers import BIN, CHECKOUT, crawl_command, environment
from tests.watching.test_metrics import figures, free_port

TARGET, SEEDS = "tidepool.example", HERE / "seeds.txt"
SHARDS = 4


def linkcrawler(*words: str, store: str) -> str:
    done = subprocess.run(
        [str(BIN / "linkcrawler"), *words, "--store", store],
        env=environment(), cwd=CHECKOUT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def report(store: str) -> Any:
    return timeless(json.loads(linkcrawler("report", "--json", store=store)))


@pytest.mark.redis
@pytest.mark.mongodb
def test_four_workers_say_what_one_says(mongodb_store_url: str, tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    alone = f"sqlite:///{tmp_path}/alone.db"
    with serving(DemoWeb()) as proxy:
        crawl = crawl_command(TARGET, SEEDS, {}, {"LINKCRAWLER_STORE": alone, "DOWNLOAD_DELAY": 0.05})
        subprocess.run(crawl, cwd=tmp_path, env=environment(proxy), check=True, timeout=120, capture_output=True)
    linkcrawler("classify", store=alone)

    ports = [free_port() for _ in range(4)]
    web = DemoWeb()
    with serving(web) as proxy, RedisServer(tmp_path) as redis:
        shared = {
            "LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_STORE": mongodb_store_url, "LINKCRAWLER_LEASE_SECONDS": "10"
        }  # fmt: skip
        with Scrapyd(tmp_path, proxy, shared) as scrapyd:
            scrapyd.deploy()
            workers = [scheduled(scrapyd, port) for port in ports]
            running = [scrapyd.wait_until("running", job) for job in workers]
            moved = moving(f"127.0.0.1:{ports[0]}")
            assert moved["linkcrawler_frontier_violations_total"] == 0

            os.kill(running[1]["pid"], signal.SIGKILL)
            scrapyd.ask("cancel", project="linkcrawler", job=workers[2])
            for job in workers:
                scrapyd.wait_until("finished", job, seconds=180)
            assert "finished: " in scrapyd.log(workers[0])
    for shard in range(1, SHARDS + 1):
        linkcrawler("classify", "--shard", f"{shard}/{SHARDS}", store=mongodb_store_url)

    assert max(hit.open_on_host for hit in web.hits) == 1
    said, expected = report(mongodb_store_url), report(alone)
    assert said["links"], "nothing was found, so nothing is compared"
    assert said == expected


def scheduled(scrapyd: Scrapyd, port: int) -> str:
    settings = ["DOWNLOAD_DELAY=0.5", f"LINKCRAWLER_METRICS=127.0.0.1:{port}"]
    return scrapyd.schedule("backlinks", settings, target=TARGET, seeds=str(SEEDS))


def moving(address: str) -> dict[str, float]:
    """The figures of a worker once they have moved twice."""
    seen: list[float] = []
    end = time.monotonic() + 60
    while True:
        told = figures(address)
        done = told.get("linkcrawler_frontier_done", 0)
        if not seen or done > seen[-1]:
            seen.append(done)
        if len(seen) > 2:
            return told
        assert time.monotonic() < end, f"done stays at {seen}"
        time.sleep(0.2)
