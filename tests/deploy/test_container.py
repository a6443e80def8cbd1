"""The image's recipe, and its entrypoint as a process: the roles it knows, and what it refuses."""

import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY
from tests.servers.redis import RedisServer
from tests.servers.web import Reply, Web
from tests.servers.workers import BIN, environment

ENTRYPOINT = DEPLOY / "entrypoint.sh"
STORE, FRONTIER, CONTACT = "mongodb://db.invalid/links", "redis://cache.invalid/0", "https://example.org/us"


def enter(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    given = {"PATH": f"{BIN}:{os.environ['PATH']}", **env}
    return subprocess.run([str(ENTRYPOINT), *words], env=given, capture_output=True, text=True, timeout=60)


def test_the_recipe_and_the_script_pass_their_linters() -> None:
    subprocess.run([str(BIN / "hadolint"), str(DEPLOY / "Dockerfile")], check=True)
    subprocess.run([str(BIN / "shellcheck"), str(ENTRYPOINT)], check=True)


def test_the_image_takes_along_exactly_what_the_recipe_copies() -> None:
    allowed = {line[1:] for line in (DEPLOY.parent / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    recipe = (DEPLOY / "Dockerfile").read_text().splitlines()
    copies = [line.split()[1:-1] for line in recipe if line.startswith("COPY ") and "--from" not in line]
    copied = {path for paths in copies for path in paths}
    assert copied == allowed
    assert all((DEPLOY.parent / path).exists() for path in copied)


@pytest.mark.parametrize(
    ("words", "env", "says"),
    [
        (["worker"], {}, "LINKCRAWLER_STORE is not set"),
        (["worker"], {"LINKCRAWLER_STORE": "sqlite:///links.db"}, "would be gone with it"),
        (["worker"], {"LINKCRAWLER_STORE": "postgres://db/links"}, "unknown scheme"),
        (["worker"], {"LINKCRAWLER_STORE": STORE}, "LINKCRAWLER_FRONTIER is not set"),
        (["worker"], {"LINKCRAWLER_STORE": STORE, "LINKCRAWLER_FRONTIER": "none"}, "unknown scheme"),
        (["worker"], {"LINKCRAWLER_STORE": STORE, "LINKCRAWLER_FRONTIER": FRONTIER}, "LINKCRAWLER_CONTACT is not set"),
        (["classify"], {"LINKCRAWLER_STORE_FILE": "/nowhere/store"}, "cannot be read"),
        (["every", "soon", "classify"], {"LINKCRAWLER_STORE": STORE}, "got 'soon'"),
        (["wroker"], {}, "no role is called 'wroker'"),
        ([], {}, "no role is called ''"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(words: list[str], env: dict[str, str], says: str) -> None:
    done = enter(*words, **env)
    assert done.returncode == 64
    assert says in done.stderr
    assert done.stdout == ""


def test_a_secret_in_a_file_is_read_and_not_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_text(
        "mongodb://linkcrawler:hidden-word@127.0.0.1:1/links?serverSelectionTimeoutMS=300\n"
    )
    done = enter("classify", LINKCRAWLER_STORE_FILE=str(tmp_path / "store"))
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr
    assert "hidden-word" not in done.stderr


def test_again_and_again_goes_on_after_a_failure_and_ends_when_told(tmp_path: Path) -> None:
    given = {"PATH": f"{BIN}:{os.environ['PATH']}", "LINKCRAWLER_STORE": f"sqlite:///{tmp_path}/none.db"}
    words = [str(ENTRYPOINT), "every", "1", "classify"]
    with subprocess.Popen(words, env=given, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        tries = 0
        for line in process.stderr:
            tries += "next try in 1 s" in line
            if tries == 2:
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.redis
def test_a_worker_in_its_role_crawls_is_ready_and_ends_when_told(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    with Web(lambda host, path: Reply(404)) as web, RedisServer(tmp_path) as redis:
        store = tmp_path / "links.db"
        given = environment(web.proxy) | {
            "PATH": f"{BIN}:{os.environ['PATH']}", "LINKCRAWLER_STORE": f"sqlite:///{store}",
            "LINKCRAWLER_FRONTIER": redis.url, "LINKCRAWLER_CONTACT": CONTACT, "LINKCRAWLER_METRICS": "127.0.0.1:0",
        }  # fmt: skip
        words = [str(ENTRYPOINT), "worker", "-a", "target=target.example", "-a", "seeds=http://a.example/"]
        log = (tmp_path / "log").open("w")
        with log, subprocess.Popen(words, env=given, stderr=log, cwd=tmp_path) as worker:
            while not web.pages() or not store.exists():
                assert worker.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.1)
            figures = (tmp_path / "log").read_text().partition("figures: ")[2].split("/metrics")[0]
            assert enter("ready", f"{figures}/readyz").returncode == 0
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
    with sqlite3.connect(store) as db:
        assert db.execute("SELECT count(*) FROM pages").fetchone() == (1,)
    assert enter("ready", "http://127.0.0.1:1/readyz").returncode == 1
