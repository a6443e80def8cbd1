"""The write-ahead log of a store, kept short where several processes write without a pause.

SQLite begins the log anew once all of it is in the file and nobody reads it. Of two that write all the time each finds
the newest part of the log in use by the other: classifying a million links by two shards made it 9 GB long.
"""

import sqlite3
from pathlib import Path

from pipelines.stores.sqlite.schema import BUSY_SECONDS

MOST_BYTES = 256 << 20
"""Eight times what a checkpoint is due after."""
_PATIENCE_MS = 1_000
"""For those who read or write: a long export may not hold writers up each time."""


class WriteAheadLog:
    """The log beside the file that ``connection`` writes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._file = Path(f"{path}-wal")
        self._allowed = MOST_BYTES

    def shorten(self) -> None:
        """Empty it if it has grown; if others are in the way, tried again when it has grown by as much again."""
        try:
            size = self._file.stat().st_size
        except FileNotFoundError:
            return
        if size < self._allowed:
            return
        self._connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        try:
            (busy, *_) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
        self._allowed = size + MOST_BYTES if busy else MOST_BYTES
