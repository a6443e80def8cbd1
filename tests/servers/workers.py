"""The commands that users type, as processes of a test."""

import atexit
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKOUT = Path(__file__).parents[2]


def crawl_command(
    target: str, seeds: Path | str, arguments: Mapping[str, object], settings: Mapping[str, object]
) -> list[str]:
    options = [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    options += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return [str(BIN / "scrapy"), "crawl", "backlinks", "-a", f"target={target}", "-a", f"seeds={seeds}", *options]


def environment(proxy: str = "") -> dict[str, str]:
    """The test's environment without linkcrawler's own variables; all requests go through ``proxy``."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LINKCRAWLER_")}
    return {**ours, "PYTHONPATH": str(CHECKOUT), "http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}


def start_worker(
    command: list[str], folder: Path, proxy: str = "", log: str = "worker.log"
) -> "subprocess.Popen[bytes]":
    with (folder / log).open("ab") as out:
        worker = subprocess.Popen(command, cwd=folder, env=environment(proxy), stdout=out, stderr=out)
    atexit.register(worker.kill)  # a test that fails leaves its workers behind
    return worker
