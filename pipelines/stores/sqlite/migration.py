"""Brings an SQLite file of an older release forward."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from linkcrawler.records import Placement, Verdict
from pipelines.patterns.syndication import act_in
from pipelines.stores.migration import BATCH, Migration, Progress, derived, needs_migration
from pipelines.stores.reading import signals_of
from pipelines.stores.sqlite.schema import connect_to_migrate, failure, statements, version_of
from pipelines.stores.versions import SCHEMA_VERSION

Row = tuple[Any, ...]

_NAMED = re.compile(r"CREATE (?P<kind>\w+ TABLE|TABLE|INDEX|TRIGGER) (?P<name>\w+)")
_BOOKMARKS = "CREATE TABLE IF NOT EXISTS migrating (step TEXT PRIMARY KEY NOT NULL, last TEXT NOT NULL)"
_BOOKMARK = "INSERT OR REPLACE INTO migrating VALUES (?, ?)"
_LINKS = """
SELECT id, source_url, target_url, target, last_seen, placements, verdict FROM links WHERE id > ? ORDER BY id LIMIT ?
"""
_PUT_LINK = """
UPDATE links SET anchor_search = ?, search = ?, heading_search = ?, block = ?, signals = ?, act = ? WHERE id = ?
"""
_PAGES = "SELECT url FROM pages WHERE url > ? ORDER BY url LIMIT ?"
_PUT_PAGE = "UPDATE pages SET settled = 0 WHERE url = ? AND EXISTS (SELECT 1 FROM links WHERE source_url = url)"
_STEPS = ("links", "pages")

_decode_placements = msgspec.json.Decoder(tuple[Placement, ...]).decode
_decode_verdict = msgspec.json.Decoder(Verdict).decode


def migrate_file(path: Path, dry_run: bool, on_progress: Progress) -> Migration:
    """See :func:`pipelines.stores.migration.migrate`."""
    connection = connect_to_migrate(path)
    try:
        found = version_of(connection)
        if not needs_migration(found, f"sqlite:///{path}"):
            return Migration(found=found or 0, documents={})
        counts = {
            step: connection.execute(f"SELECT count(*) FROM {step}").fetchone()[0]  # noqa: S608 - constants only
            for step in _STEPS
        }
        if not dry_run:
            _bring_forward(connection, on_progress)
        return Migration(found=found or 0, documents=counts)
    except sqlite3.Error as error:
        raise failure(path, error) from error
    finally:
        connection.close()


def _bring_forward(connection: sqlite3.Connection, on_progress: Progress) -> None:
    with _transaction(connection):
        _add_columns(connection)
        connection.execute(_BOOKMARKS)
    for step, work in (("links", _some_links), ("pages", _some_pages)):
        _in_batches(connection, step, work, on_progress)
    with _transaction(connection):
        if version_of(connection) == SCHEMA_VERSION:
            return
        _make_anew(connection)
        connection.execute("DROP TABLE migrating")
        connection.execute("UPDATE store_schema SET version = ?", (SCHEMA_VERSION,))


def _in_batches(
    connection: sqlite3.Connection,
    step: str,
    work: Callable[[sqlite3.Connection, str], tuple[str, int]],
    on_progress: Progress,
) -> None:
    done = 0
    while True:
        with _transaction(connection):
            row = connection.execute("SELECT last FROM migrating WHERE step = ?", (step,)).fetchone()
            last, count = work(connection, row[0] if row else "")
            if count:
                connection.execute(_BOOKMARK, (step, last))
        if not count:
            return
        done += count
        on_progress(step, done)


def _some_links(connection: sqlite3.Connection, after: str) -> tuple[str, int]:
    """Brings the next links forward; the last of them, and how many there were."""
    rows = connection.execute(_LINKS, (after, BATCH)).fetchall()
    connection.executemany(_PUT_LINK, map(_link, rows))
    return (rows[-1][0] if rows else after), len(rows)


def _link(row: Row) -> Row:
    link, source_url, target_url, target, last_seen, placements, verdict = row
    change = derived(source_url, target_url, target, datetime.fromisoformat(last_seen), _decode_placements(placements))
    said = _decode_verdict(verdict) if verdict else None
    signals, act = (signals_of(said), act_in(said.evidence)) if said else ("", "")
    return change.anchor_search, change.search, change.heading_search, change.block, signals, act, link


def _some_pages(connection: sqlite3.Connection, after: str) -> tuple[str, int]:
    """Marks the next pages, so that their events and due dates are derived."""
    rows = connection.execute(_PAGES, (after, BATCH)).fetchall()
    connection.executemany(_PUT_PAGE, rows)
    return (rows[-1][0] if rows else after), len(rows)


def _add_columns(connection: sqlite3.Connection) -> None:
    """Tables and columns that a new store has. A column that may not be empty begins with an empty text."""
    wanted = sqlite3.connect(":memory:")
    try:
        for statement in _of_kind("TABLE"):
            wanted.execute(statement)
            table = _name(statement)
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                connection.execute(statement)
                continue
            there = {row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})")}
            for _, name, kind, not_null, default, *_ in wanted.execute(f"PRAGMA table_xinfo({table})"):
                if name not in there:
                    value = f"NOT NULL DEFAULT {default or repr('')}" if not_null else ""
                    connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind} {value}")
    finally:
        wanted.close()


def _make_anew(connection: sqlite3.Connection) -> None:
    """Indexes, full-text indexes and triggers as a new store has them."""
    for statement in _of_kind("INDEX"):
        connection.execute(f"DROP INDEX IF EXISTS {_name(statement)}")
        connection.execute(statement)
    for statement in (*_of_kind("VIRTUAL TABLE"), *_of_kind("TRIGGER")):
        connection.execute(statement)
    for statement in _of_kind("VIRTUAL TABLE"):
        table = _name(statement)
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")  # noqa: S608 - constants only


def _of_kind(kind: str) -> list[str]:
    return [one for one in statements() if (found := _NAMED.match(one)) and found["kind"] == kind]


def _name(statement: str) -> str:
    found = _NAMED.match(statement)
    assert found
    return found["name"]


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
