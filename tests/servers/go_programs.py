"""Programs in Go that tests need, built on first use into the checkout's .cache/."""

import os
import subprocess
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache"


def build(sources: Path, name: str) -> Path:
    """The program of the Go module in ``sources``, built if it is not there yet or older than they (half a minute and
    more)."""
    program = CACHE / name
    newest = max(source.stat().st_mtime for source in sources.iterdir())
    if not program.is_file() or program.stat().st_mtime < newest:
        CACHE.mkdir(exist_ok=True)
        unfinished = CACHE / f"{name}-{os.getpid()}"
        command = ["go", "build", "-mod=readonly", "-trimpath", "-o", str(unfinished), "."]
        subprocess.run(command, cwd=sources, check=True)
        unfinished.replace(program)
    return program
