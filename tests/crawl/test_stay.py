"""A worker that stays: an orchestrator that starts it anew must not begin the crawl again."""

import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.servers.redis import RedisServer
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker

PAGES = 5


def pages_stored(folder: Path) -> int:
    if not (folder / "links.db").exists():
        return 0
    with sqlite3.connect(folder / "links.db") as db:
        try:
            return int(db.execute("SELECT count(*) FROM pages").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


@pytest.mark.redis
def test_a_worker_that_stays_waits_and_one_that_comes_back_asks_for_nothing_again(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(f"http://a{i}.example/" for i in range(PAGES)))
    with Web(lambda host, path: Reply(404)) as web, RedisServer(tmp_path) as redis:
        store = f"sqlite:///{tmp_path}/links.db"
        settings = {"LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_STORE": store, "LINKCRAWLER_STAY": 1}
        command = crawl_command("target.example", seeds, {}, settings)
        for _ in range(2):
            worker = start_worker(command, tmp_path, web.proxy)
            while pages_stored(tmp_path) < PAGES:
                assert worker.poll() is None
                time.sleep(0.1)
            time.sleep(3)
            assert worker.poll() is None, "it ended although it was told to stay"
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        assert len(web.pages()) == PAGES
