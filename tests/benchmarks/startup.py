"""CPU seconds that each command takes to start and explain itself, the least of three.

python -m tests.benchmarks.startup
"""

import os
import subprocess
import sys
from collections.abc import Iterator

import click

from linkcrawler.commands import main as program
from tests.servers.workers import BIN


def commands(command: click.Command, name: str = "linkcrawler") -> Iterator[str]:
    yield name
    for part, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {part}")


def cost(name: str) -> float:
    with subprocess.Popen([BIN / "linkcrawler", *name.split()[1:], "--help"], stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, name
    return used.ru_utime + used.ru_stime


def main() -> None:
    for name in commands(program):
        sys.stdout.write(f"{min(cost(name) for _ in range(3)):.2f} s  {name}\n")


if __name__ == "__main__":
    main()
