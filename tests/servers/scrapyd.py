"""A Scrapyd of its own for a test, and the project shipped to it with scrapyd-deploy from a copy of the checkout."""

import json
import os
import shutil
import socket
import subprocess
import sysconfig
import time
import urllib.parse
import urllib.request
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.servers.workers import BIN, CHECKOUT, environment

_SHIPPED = ("linkcrawler", "pipelines", "config", "pyproject.toml", "README.md", "LICENSE")


class Scrapyd:
    """Runs in ``folder``; crawls get ``env`` on top of the test's environment.

    What is installed would go before what is shipped, so Scrapyd has an environment of its own, with everything that
    this one has but linkcrawler.
    """

    def __init__(self, folder: Path, proxy: str, env: Mapping[str, str]) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self._env = {**environment(proxy), **env, "PYTHONPATH": ""}

    def __enter__(self) -> Self:
        python = self._environment()
        lines = (CHECKOUT / "deploy" / "scrapyd" / "scrapyd.conf").read_text()
        lines = lines.replace("6800", self.url.rpartition(":")[2]).replace("max_proc_per_cpu = 1", "max_proc = 4")
        (self.folder / "scrapyd.conf").write_text(lines)
        with (self.folder / "scrapyd.log").open("w") as log:
            command = [str(python), "-m", "scrapyd"]
            self._process = subprocess.Popen(command, cwd=self.folder, env=self._env, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < end, (self.folder / "scrapyd.log").read_text()
            time.sleep(0.1)
        return self

    def _environment(self) -> Path:
        """Its Python. Of a folder named in a .pth file the .pth files, which lead to a checkout, are not read."""
        venv.create(self.folder / "venv", symlinks=True)
        packages = next((self.folder / "venv").glob("lib/python*/site-packages"))
        (packages / "test.pth").write_text(sysconfig.get_path("purelib"))
        return self.folder / "venv" / "bin" / "python"

    def __exit__(self, *_: object) -> None:
        for job in self.jobs()["running"]:
            os.kill(job["pid"], 9)
        self._process.kill()
        self._process.wait()

    def deploy(self) -> dict[str, Any]:
        """What Scrapyd answers to ``scrapyd-deploy``."""
        project = self.folder / "project"
        project.mkdir()
        for name in _SHIPPED:
            source = CHECKOUT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, project / name)
        config = (CHECKOUT / "scrapy.cfg").read_text().replace("http://localhost:6800", self.url)
        (project / "scrapy.cfg").write_text(config)
        env = {**os.environ, "no_proxy": "*"}
        done = subprocess.run(
            [str(BIN / "scrapyd-deploy")], cwd=project, env=env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def ask(self, service: str, **fields: str | Sequence[str]) -> dict[str, Any]:
        data = urllib.parse.urlencode(fields, doseq=True).encode() if service in ("schedule", "cancel") else None
        query = "" if data else "?" + urllib.parse.urlencode(fields)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.url}/{service}.json{query}", data, timeout=60) as reply:
            answer: dict[str, Any] = json.load(reply)
        assert answer["status"] == "ok", answer
        return answer

    def schedule(self, spider: str, settings: Sequence[str] = (), **arguments: str) -> str:
        """The job's id."""
        fields = {"project": "linkcrawler", "spider": spider, "setting": settings, **arguments}
        job: str = self.ask("schedule", **fields)["jobid"]
        return job

    def jobs(self) -> dict[str, list[dict[str, Any]]]:
        return self.ask("listjobs", project="linkcrawler")

    def log(self, job: str, spider: str = "backlinks") -> str:
        return (self.folder / "logs" / "linkcrawler" / spider / f"{job}.log").read_text()

    def wait_until(self, state: str, job: str, seconds: float = 120.0) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while True:
            for found in self.jobs()[state]:
                if found["id"] == job:
                    return found
            assert time.monotonic() < end, f"{job} is not {state}: {self.jobs()}"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            self.ask("daemonstatus")
        except OSError:
            return False
        return True
