"""Runs the installed commands as a user does: as processes of their own, in pipes or on a terminal."""

import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from linkcrawler.commands import main

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


def call(*command: str, folder: Path, **environment: str) -> Done:
    """Run a command of the project in ``folder``, output in pipes, with no setting of ours but those given."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=folder,
        env=_clean_environment() | environment,
        capture_output=True,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def call_here(*arguments: str) -> Done:
    """Like ``call("linkcrawler", ...)``, but in this process: for long tables of cases."""
    result = CliRunner().invoke(main, arguments)
    return Done(result.exit_code, result.stdout, result.stderr)


def on_terminal(width: int, *command: str) -> list[str]:
    """The lines that a terminal of this width shows, without colours."""
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environment = _clean_environment() | {"TERM": "xterm-256color"}
    process = subprocess.Popen([BIN / command[0], *command[1:]], stdout=terminal, stderr=terminal, env=environment)
    os.close(terminal)
    shown = bytearray()
    # The terminal ends with an error, not with an empty read, once the process is gone.
    with contextlib.suppress(OSError):
        while piece := os.read(main, 1 << 16):
            shown += piece
    process.wait()
    os.close(main)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r", "").split("\n")


def _clean_environment() -> dict[str, str]:
    ours = re.compile("LINKCRAWLER_|SCRAPY_|COLUMNS|LINES|NO_COLOR|FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if not ours.match(name)}
