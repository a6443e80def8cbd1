"""The units for one machine, checked by systemd itself, with the programs of this environment."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY
from tests.servers.workers import BIN

UNITS = sorted(path for path in (DEPLOY / "systemd").iterdir() if path.suffix in (".service", ".timer"))


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not on PATH")
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/linkcrawler/bin", str(BIN)))
    paths = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, timeout=120)
    told = [line for line in done.stderr.splitlines() if "linkcrawler" in line]
    assert (done.returncode, told) == (0, [])


def test_the_example_sets_what_the_units_use() -> None:
    lines = (DEPLOY / "systemd" / "environment.example").read_text().splitlines()
    given = {line.partition("=")[0] for line in lines if "=" in line and not line.startswith("#")}
    used = {word.split("${")[1].split("}")[0] for unit in UNITS for word in unit.read_text().split() if "${" in word}
    assert used <= given
