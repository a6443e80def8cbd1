"""One process per embedded crawl: a file lock that the kernel drops with the process, however it dies."""

import fcntl
import os
from pathlib import Path
from typing import IO, Self

from linkcrawler.errors import StoreError, UsageError


class ProcessLock:
    """Holds ``path`` locked until :meth:`release`; the file is removed then."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path, self._file = path, file

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Raises UsageError if another process has it, StoreError if the file cannot be written."""
        while True:
            try:
                file = path.open("w")
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.close()
                raise UsageError(
                    f"this crawl is already running (its lock {path} is held): wait for it, or stop it first; several "
                    "processes on one crawl need a shared frontier, for example -s LINKCRAWLER_FRONTIER=redis://host/0"
                ) from error
            except OSError as error:
                raise StoreError(f"{path}: the crawl's lock file cannot be written ({error.strerror})") from error
            if _is(path, file):
                return cls(path, file)
            # The holder before us removed the file between our opening and our locking it.
            file.close()

    def release(self) -> None:
        self._path.unlink(missing_ok=True)
        self._file.close()


def _is(path: Path, file: IO[str]) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False
