"""Programs from npm that tests ask, fetched once into .cache/."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

SECONDS = 300
"""npm itself goes on trying a registry that does not answer for longer than a test run takes."""
STALLED_SECONDS = 30
"""npm gives a request 300 s; one that has stalled is better asked again."""


def fetched(folder: Path, *packages: str) -> Path:
    """The folder ``node_modules`` with the packages (``name@version``), in a ``folder`` of their own.

    Skips the test where they cannot be had.
    """
    wanted = " ".join(packages)
    if folder.is_dir():
        return folder / "node_modules"
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm on the path, which fetches {wanted}; on Debian: apt-get install npm")
    # Several processes of one test run may want it at the same time: who is first puts it in its place.
    unfinished = folder.with_name(f"{folder.name}-{os.getpid()}")
    unfinished.mkdir(parents=True)
    options = ("--no-audit", "--no-fund", "--ignore-scripts", f"--fetch-timeout={STALLED_SECONDS * 1000}")
    command = [npm, "install", *options, "--prefix", unfinished, *packages]
    try:
        done = subprocess.run(command, cwd=unfinished, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not fetch {wanted} within {SECONDS} s")
    if done.returncode:
        pytest.skip(f"npm cannot fetch {wanted}: {done.stderr[-500:]}")
    with suppress(OSError):
        unfinished.replace(folder)
    shutil.rmtree(unfinished, ignore_errors=True)
    return folder / "node_modules"
