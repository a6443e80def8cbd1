"""Real crawls of the real pages: the proxy that serves them at their addresses, and the commands that users type."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class RealWeb:
    """The running proxy and its page list."""

    proxy: str
    pages: Path

    def hits(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.proxy}/__hits") as answer:
            return [json.loads(line) for line in answer.read().splitlines()]

    def addresses(self) -> list[str]:
        return [json.loads(line)["url"] for line in self.pages.read_text().splitlines()]


@pytest.fixture
def realweb(shared: Path) -> Iterator[RealWeb]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(shared / "realweb" / "realweb.py"), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "pages behind the proxy" in server.stdout.readline()
        yield RealWeb(f"http://127.0.0.1:{port}", shared / "gold" / "pages.jsonl")
        server.kill()


def environment(realweb: RealWeb) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LINKCRAWLER_")}
    return {**ours, "http_proxy": realweb.proxy, "https_proxy": realweb.proxy, "no_proxy": ""}


def crawl_command(target: str, seeds: Path, store: str, *settings: str) -> list[str]:
    arguments = (f"target={target}", "follow=none", f"seeds={seeds}")
    options = ("DOWNLOAD_DELAY=0.05", f"LINKCRAWLER_STORE={store}", *settings)
    flagged = [("-a", value) for value in arguments] + [("-s", value) for value in options]
    return [str(BIN / "scrapy"), "crawl", "backlinks", *(word for pair in flagged for word in pair)]


def run(command: list[str], realweb: RealWeb, folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=folder, env=environment(realweb), capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def stored_links(store: str, folder: Path) -> list[dict[str, Any]]:
    command = [str(BIN / "linkcrawler"), "links", "--store", store, "--format", "jsonl"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def wait_until(condition: Any, seconds: float) -> None:
    """Poll until true; fail loudly if it never becomes so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition never came true"
        time.sleep(0.1)
