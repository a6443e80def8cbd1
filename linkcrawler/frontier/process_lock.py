"""One process per embedded crawl: a file lock that the kernel drops with the process, however it dies."""

import fcntl
from pathlib import Path
from typing import Self

from linkcrawler.errors import StoreError, UsageError


class ProcessLock:
    """Holds ``path`` locked until :meth:`release`; the file is removed then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("w")
        except OSError as error:
            raise StoreError(f"{path}: the crawl's lock file cannot be written ({error.strerror})") from error

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Raises UsageError if another process has it."""
        lock = cls(path)
        try:
            fcntl.flock(lock._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock._file.close()
            raise UsageError(
                f"this crawl is already running (its lock {path} is held): wait for it, or stop it first; several "
                "processes on one crawl need a shared frontier, for example -s LINKCRAWLER_FRONTIER=redis://host/0"
            ) from error
        return lock

    def release(self) -> None:
        self._path.unlink(missing_ok=True)
        self._file.close()
