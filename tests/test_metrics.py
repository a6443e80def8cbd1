"""What Prometheus and an orchestrator are told, by a worker that crawls."""

import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.servers.redis import RedisServer
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker


def ask(url: str) -> tuple[int, str]:
    """Status and text; waits for the worker to listen."""
    for _ in range(400):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"{url} never answered")


@pytest.mark.redis
def test_a_worker_tells_its_figures_and_whether_redis_answers(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(f"http://a.example/{i}" for i in range(200)))
    with Web(lambda host, path: Reply(404)) as web, RedisServer(tmp_path) as redis:
        settings = {"LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_METRICS": address, "DOWNLOAD_DELAY": 0.3}
        worker = start_worker(crawl_command("target.example", seeds, {}, settings), tmp_path, web.proxy)
        try:
            assert ask(f"http://{address}/healthz") == (200, "ok\n")
            while 'linkcrawler_visits_total{outcome="gone"}' not in (text := ask(f"http://{address}/metrics")[1]):
                assert worker.poll() is None
                time.sleep(0.1)
            figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
            assert int(figures["linkcrawler_frontier_queued"]) > 100
            assert figures["linkcrawler_frontier_up"] == "1"
            assert ask(f"http://{address}/else")[0] == 404
            redis.stop()
            while ask(f"http://{address}/healthz")[0] != 503:
                assert worker.poll() is None
                time.sleep(0.1)
        finally:
            worker.kill()
            worker.wait()


def test_nothing_listens_unless_asked_to(tmp_path: Path) -> None:
    with Web(lambda host, path: Reply(404)) as web:
        command = crawl_command("target.example", "http://a.example/", {}, {})
        assert start_worker(command, tmp_path, web.proxy).wait(60) == 0
    assert "metrics" not in (tmp_path / "worker.log").read_text().lower()
