"""What the post-processing stage reads of the SQLite store, and its verdicts.

Links are read in the order of their rows, which is that of the visits that brought them: links of one page are read
together, and so are the pages of the file that their verdicts change.
"""

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice

from linkcrawler.records import Link, Verdict
from pipelines.stores.ids import IdRange
from pipelines.stores.sqlite import query as sql
from pipelines.stores.sqlite.events import note_verdicts
from pipelines.stores.sqlite.rows import read_links, verdict_row
from pipelines.stores.sqlite.search import put_signals

AT_ONCE = 1_000
"""Links that are read at a time: about 2 MB."""

LISTED = 1 << 18
"""Due links that are listed at a time, by 8 bytes each: what is read in the order of rows is spread over these."""

CACHE_KB = 65_536
"""What a transaction of thousands of verdicts changes: rows and pages of a dozen indexes, most of them far apart."""

_BEYOND = "g"
"""Sorts after every id: ids are hex digits."""

_LISTED = """
SELECT id, rowid FROM links INDEXED BY links_due
WHERE id > ? AND id < ? AND (? OR due OR model IS NOT ?) ORDER BY id LIMIT ?
"""
_STILL_DUE = f"{sql.LINKS_AT} WHERE ? OR l.due OR l.model IS NOT ?"


def list_due(
    connection: sqlite3.Connection, last: str, within: IdRange, model: str, everything: bool
) -> tuple[str, Sequence[int]]:
    """The next due links after the id ``last``: the last one's id, and the rows of all in order."""
    asked = (last or _just_below(within.start), within.end or _BEYOND, everything, model, LISTED)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    rows = array("q")
    for last, row in connection.execute(_LISTED, asked):  # noqa: B007 - the last one's is wanted
        rows.append(row)
    return last, array("q", sorted(rows))


def read_due(connection: sqlite3.Connection, rows: Iterator[int], model: str, everything: bool) -> list[Link] | None:
    """Of the next rows the links that are due yet, those of a page together; None after the last row."""
    wanted = [*islice(rows, AT_ONCE)]
    if not wanted:
        return None
    found = connection.execute(_STILL_DUE, (json.dumps(wanted), everything, model)).fetchall()
    return read_links(iter(sorted(found, key=lambda row: (row[1], row[0]))))


def put_verdicts(connection: sqlite3.Connection, verdicts: Sequence[tuple[str, Verdict]]) -> None:
    rows = [verdict_row(link_id, verdict) for link_id, verdict in verdicts]
    judged = note_verdicts(connection, verdicts)
    put_signals(connection, {row[-1]: row[6] for row in rows}, judged)
    connection.executemany(sql.PUT_VERDICT, rows)


def _just_below(start: str) -> str:
    """Sorts right before every id from ``start`` on: the query takes what comes after it."""
    return f"{int(start, 16) - 1:016x}" if start else ""
