"""Connections for those who read a SQLite file."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from pipelines.stores.sqlite.schema import connect, failure


class Readers:
    """Each reader has a connection of its own; one that was read to its end serves the next, who finds its pages in
    memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []

    async def lend(self) -> AbstractContextManager[sqlite3.Connection]:
        """For ``with await``: when a loop ends, it closes the generators that nobody read to their end side by side, in
        any order, so that a generator must not hold its connection by another asynchronous generator.

        Raises StoreError, see :func:`pipelines.stores.sqlite.schema.connect`; so does the block, for errors of SQLite.
        """
        connection = self._idle.pop() if self._idle else await asyncio.to_thread(connect, self._path, create=False)
        return self._lent(connection)

    def close(self) -> None:
        for connection in self._idle:
            connection.close()

    @contextmanager
    def _lent(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        try:
            yield connection
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.Error):
                raise failure(self._path, error) from error
            raise
        if self._idle:
            connection.close()
        else:
            self._idle.append(connection)
