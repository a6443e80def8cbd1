"""``linkcrawler doctor`` on machines that are ready, and on ones that are not."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.capture.cutters import CUTTERS
from tests.servers.redis import RedisServer
from tests.servers.web import Reply, Web
from tests.servers.workers import BIN, crawl_command, environment, start_worker


def doctor(folder: Path, *options: str, **env: str) -> tuple[int, dict[str, tuple[str, str, str]]]:
    """Exit status, and level, detail and remedy by what was looked at."""
    done = subprocess.run(
        [str(BIN / "linkcrawler"), "doctor", "--json", "--name", "localhost", *options],
        cwd=folder, env={**environment(), **env}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)
    return done.returncode, {one["what"]: (one["level"], one["detail"], one["remedy"]) for one in found}


def test_a_machine_that_is_ready(tmp_path: Path) -> None:
    with Web(lambda host, path: Reply(200, b"<a href='http://target.example/'>it</a>")) as web:
        start_worker(crawl_command("target.example", "http://a.example/", {}, {}), tmp_path, web.proxy).wait(60)
    status, said = doctor(tmp_path, LINKCRAWLER_CONTACT="https://example.org/us")
    assert status == 0
    expected = {"classify"} if "compiled" in CUTTERS else {"classify", "compiled code"}
    assert {what for what, (level, *_) in said.items() if level != "ok"} == expected
    assert "1 links, 1 pages" in said["store"][1]
    assert said["classify"][2] == "linkcrawler classify"


def test_before_the_first_crawl_nothing_fails_and_nothing_is_made(tmp_path: Path) -> None:
    status, said = doctor(tmp_path)
    assert status == 0
    assert said["store"][:2] == ("ok", "sqlite:///linkcrawler.db: nothing is stored there yet")
    assert said["settings"][0] == "warn"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "env", "what", "says"),
    [
        (["--store", "mongodb://u:hidden@127.0.0.1:1/links?serverSelectionTimeoutMS=300"], {}, "store", "127.0.0.1:1"),
        (["--store", "postgres://db"], {}, "store", "not understood"),
        (["--frontier", "redis://u:hidden@127.0.0.1:1/0"], {}, "frontier", "cannot be reached"),
        ([], {"LINKCRAWLER_LEASE_SECONDS": "soon"}, "settings", "a number of seconds"),
        ([], {"LINKCRAWLER_STOR": "x"}, "settings", "not known"),
    ],
)
def test_what_will_not_work_fails_with_the_reason(
    tmp_path: Path, options: list[str], env: dict[str, str], what: str, says: str
) -> None:
    status, said = doctor(tmp_path, *options, **env)
    level, detail, remedy = said[what]
    assert (status, level) == (1, "fail")
    assert says in detail
    assert remedy
    assert "hidden" not in str(said)


@pytest.mark.redis
def test_a_redis_that_may_lose_the_crawl_is_told(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    with RedisServer(tmp_path, append_only=False) as redis:
        status, said = doctor(tmp_path, "--frontier", redis.url)
        assert (status, said["frontier"][0], said["redis file"][0], said["clock"][0]) == (0, "ok", "warn", "ok")
        redis.client.config_set("maxmemory-policy", "allkeys-lru")
        status, said = doctor(tmp_path, "--frontier", redis.url)
        assert (status, said["frontier"][0]) == (1, "fail")
        assert "noeviction" in said["frontier"][1]


def test_what_a_site_allows_us(tmp_path: Path) -> None:
    rules = b"User-agent: linkcrawler\nDisallow: /private\nCrawl-delay: 7\n"
    with Web(lambda host, path: Reply(200, rules)) as web:
        for path, level, says in (("/", "ok", "every 7 s"), ("/private/x", "warn", "forbids")):
            _, said = doctor(tmp_path, "--site", f"http://a.example{path}", http_proxy=web.proxy)
            assert said["robots.txt"][0] == level
            assert says in said["robots.txt"][1]
