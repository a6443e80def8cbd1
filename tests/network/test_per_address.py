"""Hosts that share an IP address share its turns, whichever worker asks."""

from pathlib import Path

import pytest

from tests.faults.rig import manners, page
from tests.servers.redis import RedisServer
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker

pytestmark = [
    pytest.mark.redis,
    pytest.mark.skipif(not RedisServer.installed(), reason="redis-server is not on PATH"),
]

DELAY, PAGES = 0.3, 5


@pytest.mark.parametrize("shared", [True, False])
def test_hosts_of_one_address_are_asked_one_at_a_time(tmp_path: Path, shared: bool) -> None:
    with Web(lambda host, path: Reply(404) if path == "/robots.txt" else page([]), "0.0.0.0") as web:
        hosts = [f"{name}:{web.port}" for name in ("127.0.0.1", "localhost", "127.0.0.2")]
        seeds = tmp_path / "seeds.txt"
        seeds.write_text("\n".join(f"http://{host}/{number}" for number in range(PAGES) for host in hosts))
        with RedisServer(tmp_path) as redis:
            settings = {
                "LINKCRAWLER_FRONTIER": redis.url,
                "LINKCRAWLER_STORE": f"sqlite:///{tmp_path}/links.db",
                "LINKCRAWLER_ALLOW_HOSTS": "localhost,127.0.0.0/8,::1",
                "LINKCRAWLER_PER_ADDRESS": int(shared),
                "DOWNLOAD_DELAY": DELAY,
            }
            command = crawl_command("target.example", seeds, {"follow": "none"}, settings)
            for worker in [start_worker(command, tmp_path, log=f"worker-{n}.log") for n in range(2)]:
                assert worker.wait(120) == 0
            hits = list(web.hits)
        neighbours = manners([hit for hit in hits if hit.host != hosts[2]])

    assert {(hit.host, hit.path) for hit in hits if hit.path != "/robots.txt"} == {
        (host, f"/{number}") for number in range(PAGES) for host in hosts
    }
    assert (neighbours.most_open == 1 and neighbours.shortest_gap >= DELAY - 0.005) is shared
