"""When a worker ends: it stays if told to, and goes when it is told to or when its crawl is gone."""

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


@pytest.mark.redis
def test_a_worker_that_is_told_to_stop_while_it_starts_ends(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    with Web(lambda host, path: Reply(404)) as web, RedisServer(tmp_path) as redis:
        settings = {"LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_STORE": f"sqlite:///{tmp_path}/links.db"}
        command = crawl_command("target.example", "http://a.example/", {}, {**settings, "LINKCRAWLER_STAY": 1})
        redis.pause()
        try:
            worker = start_worker(command, tmp_path, web.proxy)
            while not catches(worker.pid, signal.SIGTERM):
                time.sleep(0.02)
            worker.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        finally:
            redis.go_on()
        assert worker.wait(30) == 0


def catches(pid: int, number: int) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


@pytest.mark.redis
def test_a_worker_whose_crawl_is_cleared_ends(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    seeds = ",".join(f"http://a{i}.example/" for i in range(PAGES))
    with Web(lambda host, path: Reply(404)) as web, RedisServer(tmp_path) as redis:
        settings = {"LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_STORE": f"sqlite:///{tmp_path}/links.db"}
        command = crawl_command("target.example", seeds, {}, {**settings, "LINKCRAWLER_STAY": 1})
        worker = start_worker(command, tmp_path, web.proxy)
        while pages_stored(tmp_path) < PAGES:
            assert worker.poll() is None
            time.sleep(0.1)

        redis.client.flushall()

        assert worker.wait(60) == 0
