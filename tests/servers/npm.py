"""Programs from npm that tests ask, fetched once into .cache/."""

import shutil
import subprocess
from pathlib import Path

import pytest

SECONDS = 300
"""npm itself goes on trying a registry that does not answer for longer than a test run takes."""


def fetched(folder: Path, *packages: str) -> Path:
    """The folder ``node_modules`` with the packages (``name@version``); skips the test where they cannot be had."""
    wanted, stamp = " ".join(packages), folder / "packages.txt"
    if stamp.is_file() and stamp.read_text() == wanted:
        return folder / "node_modules"
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm on the path, which fetches {wanted}; on Debian: apt-get install npm")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, *packages]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not fetch {wanted} within {SECONDS} s")
    if done.returncode:
        pytest.skip(f"npm cannot fetch {wanted}: {done.stderr[-500:]}")
    stamp.write_text(wanted)
    return folder / "node_modules"
