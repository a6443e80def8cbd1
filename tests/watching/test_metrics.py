"""What Prometheus and an orchestrator are told, by a worker that crawls."""

import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from linkcrawler.errors import ConfigError
from linkcrawler.watching.address import parse_address
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def figures(address: str) -> dict[str, float]:
    lines = ask(f"http://{address}/metrics")[1].splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


@pytest.mark.redis
def test_a_worker_tells_its_figures_and_whether_redis_answers(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    address = f"127.0.0.1:{free_port()}"
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(f"http://a.example/{i}" for i in range(200)))
    with Web(lambda host, path: Reply(404)) as web, RedisServer(tmp_path) as redis:
        settings = {"LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_METRICS": address, "DOWNLOAD_DELAY": 0.3}
        worker = start_worker(crawl_command("target.example", seeds, {}, settings), tmp_path, web.proxy)
        try:
            assert ask(f"http://{address}/readyz") == (200, "ok\n")
            while 'linkcrawler_visits_total{outcome="gone"}' not in (told := figures(address)):
                assert worker.poll() is None
                time.sleep(0.1)
            assert told["linkcrawler_frontier_queued"] > 100
            assert told["linkcrawler_frontier_up"] == told["linkcrawler_store_up"] == 1
            assert told["linkcrawler_frontier_violations_total"] == 0
            assert told["linkcrawler_classify_lag_links"] == 0
            assert told["linkcrawler_store_writes_total"] > 0
            assert told["linkcrawler_event_loop_lag_seconds_count"] > 0
            assert told["process_resident_memory_bytes"] > 10_000_000
            assert ask(f"http://{address}/else")[0] == 404
            redis.stop()
            while ask(f"http://{address}/readyz") != (503, "away: frontier\n"):
                assert worker.poll() is None
                time.sleep(0.1)
            assert ask(f"http://{address}/livez") == (200, "ok\n")
            assert figures(address)["linkcrawler_frontier_up"] == 0
        finally:
            worker.kill()
            worker.wait()


def test_nothing_listens_unless_asked_to(tmp_path: Path) -> None:
    with Web(lambda host, path: Reply(404)) as web:
        command = crawl_command("target.example", "http://a.example/", {}, {})
        assert start_worker(command, tmp_path, web.proxy).wait(60) == 0
    assert "metrics" not in (tmp_path / "worker.log").read_text().lower()


def test_workers_of_one_machine_share_a_range_and_a_full_one_stops_no_crawl(tmp_path: Path) -> None:
    with Web(lambda host, path: Reply(404)) as web, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for ports in (f"{port}", f"{port}-{port + 20}"):
            settings = {"LINKCRAWLER_METRICS": f"127.0.0.1:{ports}", "LINKCRAWLER_STORE": f"sqlite:///{ports}.db"}
            command = crawl_command("target.example", "http://a.example/", {}, settings)
            assert start_worker(command, tmp_path, web.proxy, log=f"{ports}.log").wait(60) == 0
    alone, ranged = ((tmp_path / f"{ports}.log").read_text() for ports in (f"{port}", f"{port}-{port + 20}"))
    assert "cannot listen on 127.0.0.1" in alone
    assert "Traceback" not in alone
    assert "figures: http://127.0.0.1:" in ranged


@pytest.mark.parametrize("text", ["9410", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:10-9", "::1"])
def test_an_address_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="expected HOST:PORT"):
        parse_address(text)
