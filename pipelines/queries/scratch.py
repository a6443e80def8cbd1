"""A place on disk for what memory should not hold while links are counted."""

import sqlite3

_CACHE_KB = 8_192


def scratch(table: str) -> sqlite3.Connection:
    """A database of one empty table, in a file without a name that is gone when it is closed. For one thread a time."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    connection.execute(table)
    connection.execute("BEGIN")  # once for all: nothing of it is ever to outlive the connection
    return connection
