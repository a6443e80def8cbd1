"""A redis-server of its own for a test: started, killed, paused and started again on the same data."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from redis import Redis
from redis.exceptions import RedisError


class RedisServer:
    """Keeps an append-only file in ``folder``, so that a killed server comes back with what it had."""

    def __init__(self, folder: Path, *options: str, append_only: bool = True) -> None:
        self.folder, self._options = folder, options
        self._append_only = "yes" if append_only else "no"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis(port=self.port)
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def installed() -> bool:
        return shutil.which("redis-server") is not None

    def start(self) -> Self:
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "",
             "--appendonly", self._append_only, "--appendfsync", "everysec", *self._options],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < end, "redis-server did not come up"
            time.sleep(0.02)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.kill()

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False
