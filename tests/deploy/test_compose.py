"""compose.yaml, loaded as docker compose does; its Redis configuration is run by a real redis-server."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml

from tests.deploy.conftest import DEPLOY, ENV_FILE, Render
from tests.servers.redis import RedisServer
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker

FILE = DEPLOY / "compose.yaml"
PROFILES = ("watch", "recheck")


def loaded(render: Render) -> dict[str, Any]:
    done = render("compose", FILE, *PROFILES)
    assert done.returncode == 0, done.stderr
    project: dict[str, Any] = yaml.safe_load(done.stdout)
    return project


@pytest.mark.parametrize("name", sorted(ENV_FILE))
def test_nothing_starts_without_what_must_be_set(render: Render, name: str) -> None:
    done = render("compose", FILE, env={key: value for key, value in ENV_FILE.items() if key != name})
    assert done.returncode != 0
    assert name in done.stderr
    assert "set it in the env file" in done.stderr


def test_the_example_names_exactly_what_must_be_set() -> None:
    named = {line.partition("=")[0] for line in (DEPLOY / "example.env").read_text().splitlines() if "=" in line}
    assert named == {*ENV_FILE, "GRAFANA_PASSWORD"}


def test_our_containers_are_closed(render: Render) -> None:
    services = loaded(render)["services"]
    ours = {name: service for name, service in services.items() if service["image"].startswith("linkcrawler")}
    assert ours.keys() == {"worker", "recheck", "classifier", "web"}
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["stop_grace_period"] == "30s"


def test_no_port_is_open_to_others(render: Render) -> None:
    ports = [port for service in loaded(render)["services"].values() for port in service.get("ports", [])]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_files_that_are_mounted_exist(render: Render) -> None:
    files = [config["file"] for config in loaded(render)["configs"].values() if "file" in config]
    assert len(files) == 5
    assert [file for file in files if not Path(file).is_file()] == []


@pytest.mark.redis
def test_a_crawl_runs_with_the_rights_that_redis_gives_it(render: Render, tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    text = loaded(render)["configs"]["redis"]["content"].replace("dir /data", "")
    (tmp_path / "redis.conf").write_text(text)
    server = RedisServer(tmp_path)
    server.client = redis.Redis(port=server.port, username="linkcrawler", password=ENV_FILE["REDIS_PASSWORD"])
    words = ["redis-server", str(tmp_path / "redis.conf"), "--port", str(server.port), "--dir", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process, Web(lambda host, path: Reply(404)) as web:
        try:
            server.wait_until_it_answers()
            with pytest.raises(redis.AuthenticationError):
                redis.Redis(port=server.port).ping()
            with pytest.raises(redis.exceptions.NoPermissionError):
                server.client.flushall()
            url = f"redis://linkcrawler:{ENV_FILE['REDIS_PASSWORD']}@127.0.0.1:{server.port}/0"
            command = crawl_command("target.example", "http://a.example/", {}, {"LINKCRAWLER_FRONTIER": url})
            assert start_worker(command, tmp_path, web.proxy).wait(60) == 0, (tmp_path / "worker.log").read_text()
        finally:
            process.terminate()
    assert ENV_FILE["REDIS_PASSWORD"] not in (tmp_path / "worker.log").read_text()
    assert len(web.pages()) == 1
