"""What a host is asked when it does not say what its rules are: its file, once, and nothing without a rest."""

from pathlib import Path

import pytest

from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker

DELAY = 0.4
SILENCE = {
    "leads to a private address": Reply(302, headers={"Location": "http://10.0.0.1/robots.txt"}),
    "fails": Reply(503),
    "hangs up": Reply(hang_up=True),
    "breaks off": Reply(200, b"User-agent: *", {"Content-Length": "900"}, pieces=1),
}


@pytest.mark.parametrize("robots", SILENCE.values(), ids=SILENCE)
def test_a_silent_host_is_asked_once_for_all_its_pages(tmp_path: Path, robots: Reply) -> None:
    """The host answers at two ports, each with a file of its own: one host nevertheless, as far as resting goes."""
    origins = ("http://silent.example", "http://silent.example:8080")
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("\n".join(f"{origin}/{page}" for page in range(4) for origin in origins))
    settings = {"DOWNLOAD_DELAY": DELAY, "LINKCRAWLER_MAX_ATTEMPTS": 1, "STATS_DUMP": 1}
    with Web(lambda host, path: robots if path == "/robots.txt" else Reply(200, b"<p>words</p>")) as web:
        command = crawl_command("target.example", seeds, {"follow": "none"}, settings)
        assert start_worker(command, tmp_path, web.proxy).wait(60) == 0

    log = (tmp_path / "worker.log").read_text()
    assert sorted(f"http://{hit.host}{hit.path}" for hit in web.hits) == [f"{origin}/robots.txt" for origin in origins]
    first, second = web.hits
    assert second.began - first.ended >= DELAY - 0.01
    assert f"'linkcrawler/visits': {4 * len(origins)}" in log
