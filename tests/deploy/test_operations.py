"""The run-book: every command on its page is run, except those that it marks as needing a cluster or a root shell."""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.demo.server import HERE, DemoWeb, serving
from tests.deploy.conftest import DEPLOY
from tests.servers.redis import RedisServer
from tests.servers.scrapyd import Scrapyd
from tests.servers.workers import BIN, environment

PAGE = DEPLOY.parent / "docs" / "operations.md"
ELSEWHERE = {
    "With containers": "tests/deploy/test_compose.py and test_container.py",
    "With Kubernetes": "tests/deploy/test_kubernetes.py",
    "With systemd, on one machine": "tests/deploy/test_systemd.py",
    "With Scrapyd": "below",
}


def commands() -> dict[str, list[str]]:
    """The commands of each section, without those marked (cluster); lines that end in a backslash go on."""
    found: dict[str, list[str]] = defaultdict(list)
    section, begun = "", ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#+ (.+)", line):
            section = heading[1]
        elif line.startswith("    "):
            begun += line.strip()
            if begun.endswith("\\"):
                begun = begun[:-1]
                continue
            if "(cluster)" not in begun:
                found[section].append(re.split(r"\s{4,}", begun)[0])
            begun = ""
    return found


def shell(script: str, folder: Path, proxy: str) -> str:
    env = environment(proxy)
    env["PATH"] = f"{BIN}:{env['PATH']}"
    done = subprocess.run(["bash", "-exc", script], cwd=folder, env=env, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.redis
def test_every_command_of_the_page_runs(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    written = commands()
    first, sections = written["A first crawl"], [name for name in written if name not in ELSEWHERE]
    assert len(first) == 7
    (tmp_path / "seeds.txt").write_text((HERE / "seeds.txt").read_text())
    with serving(DemoWeb()) as proxy, RedisServer(tmp_path) as redis:
        lines = [line for name in sections for line in written[name]]
        script = "\n".join(line.replace("redis://localhost/0", redis.url) for line in lines)
        # Pages of the demo web may be asked faster than those of others.
        said = shell(script.replace("seeds=seeds.txt", "seeds=seeds.txt -s DOWNLOAD_DELAY=0.02"), tmp_path, proxy)
    assert "52 links judged" in said
    assert "52 links" in said.partition("ok    store")[2]
    assert "finished, round 1" in said


@pytest.mark.redis
def test_the_commands_for_scrapyd_run(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    wanted = [line for line in commands()["With Scrapyd"] if line.startswith("curl")]
    assert len(wanted) == 3
    schedule, jobs, cancel = (re.sub(r"^curl", "curl -sS --fail --noproxy '*'", line) for line in wanted)
    with serving(DemoWeb()) as proxy, RedisServer(tmp_path) as redis, Scrapyd(tmp_path, proxy, {}) as scrapyd:
        scrapyd.deploy()
        here = (("http://localhost:6800", scrapyd.url), ("redis://localhost/0", redis.url))
        for word, ours in here:
            schedule, jobs, cancel = (line.replace(word, ours) for line in (schedule, jobs, cancel))
        said = shell(schedule, tmp_path, proxy)
        assert "jobid" in said, said
        job = re.findall(r'"jobid": "(\w+)"', said)[0]
        assert job in shell(jobs, tmp_path, proxy)
        scrapyd.wait_until("running", job)
        assert '"status": "ok"' in shell(cancel.replace("JOB", job), tmp_path, proxy)
        scrapyd.wait_until("finished", job)
