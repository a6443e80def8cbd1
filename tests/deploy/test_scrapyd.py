"""A real Scrapyd: the project is shipped, crawls are scheduled, watched, cancelled and end."""

import sqlite3
import time
from pathlib import Path

import pytest

from tests.servers.redis import RedisServer
from tests.servers.scrapyd import Scrapyd
from tests.servers.web import Reply, Web


@pytest.mark.redis
def test_ship_schedule_watch_cancel_and_finish(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    link = b"<p>We like <a href='http://target.example/'>this page</a>.</p>"
    with (
        Web(lambda host, path: Reply(200, link)) as web,
        RedisServer(tmp_path) as redis,
        Scrapyd(tmp_path, web.proxy, {"LINKCRAWLER_FRONTIER": redis.url}) as scrapyd,
    ):
        assert scrapyd.deploy()["spiders"] >= 1
        assert "backlinks" in scrapyd.ask("listspiders", project="linkcrawler")["spiders"]

        store = tmp_path / "finished.db"
        hosts = ",".join(f"http://a{i}.example/" for i in range(3))
        settings = [f"LINKCRAWLER_STORE=sqlite:///{store}"]
        job = scrapyd.schedule("backlinks", settings, target="target.example", seeds=hosts)
        scrapyd.wait_until("finished", job)
        assert "finished: 3 pages" in scrapyd.log(job)
        with sqlite3.connect(store) as db:
            assert db.execute("SELECT count(*) FROM links").fetchone() == (3,)

        many = ",".join(f"http://a{i}.example/{j}" for i in range(3) for j in range(100))
        job = scrapyd.schedule("backlinks", target="target.example", seeds=many)
        scrapyd.wait_until("running", job)
        while len(web.pages()) < 10:
            time.sleep(0.05)
        scrapyd.ask("cancel", project="linkcrawler", job=job)
        scrapyd.wait_until("finished", job, seconds=40)
        assert "Closing spider (shutdown)" in scrapyd.log(job)
        assert list(redis.client.scan_iter("lc:*:leases")) == []
