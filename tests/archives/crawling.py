"""``scrapy crawl archive`` as users type it."""

import re
import subprocess
from pathlib import Path

from tests.servers.workers import BIN, environment


def archive_command(target: str, paths: Path | str, store: str, *settings: str) -> list[str]:
    options = (f"LINKCRAWLER_STORE={store}", "STATS_DUMP=1", *settings)
    flags = [word for setting in options for word in ("-s", setting)]
    return [str(BIN / "scrapy"), "crawl", "archive", "-a", f"target={target}", "-a", f"paths={paths}", *flags]


def read_archives(command: list[str], folder: Path, proxy: str = "") -> dict[str, int]:
    """Run to the end; what was counted, by name."""
    done = subprocess.run(command, cwd=folder, env=environment(proxy), capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return counts(done.stderr)


def counts(log: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"'linkcrawler/([^']+)': (\d+),", log)}
