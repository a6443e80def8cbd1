"""The SQLite file: its tables and indexes, and how a connection to it is opened."""

import sqlite3
import time
from pathlib import Path

from linkcrawler.errors import NoStore, StoreAway, StoreError
from pipelines.stores.sqlite import events, history, outreach, patterns, search, seeds
from pipelines.stores.versions import SCHEMA_VERSION, other_version

BUSY_SECONDS = 60.0
"""How long a writer waits for its turn; one batch takes well under a second."""
_AWAY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)

CACHE_KB = 8_192
"""What a batch changes is in memory until it is written: with SQLite's own 2 MB pages are written twice and more."""

LOG_PAGES = 8_000
"""Pages of 4 KB that the write-ahead log may hold before they go into the file: with SQLite's own 1,000 they go there
after every batch of verdicts, a quarter more to do for its commit."""

TABLES = """
CREATE TABLE store_schema (version INTEGER NOT NULL);

CREATE TABLE visits (
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER NOT NULL,
    detail TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    links TEXT NOT NULL,
    states TEXT NOT NULL DEFAULT '[]',
    outline TEXT NOT NULL DEFAULT '',
    noindex INTEGER,
    canonical TEXT,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (url, at, id)
) WITHOUT ROWID;

CREATE TABLE pages (
    url TEXT PRIMARY KEY NOT NULL,
    domain TEXT NOT NULL,
    first_ok TEXT,
    last_ok TEXT,
    last_visit TEXT NOT NULL,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    language TEXT NOT NULL,
    facts TEXT,
    settled INTEGER NOT NULL DEFAULT 1,
    interval INTEGER,
    next_due TEXT,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    validated_at TEXT,
    told_until TEXT
);

CREATE TABLE links (
    id TEXT PRIMARY KEY NOT NULL,
    source_url TEXT NOT NULL,
    source_domain TEXT NOT NULL,
    target_url TEXT NOT NULL,
    target TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    status TEXT NOT NULL,
    region TEXT NOT NULL,
    kind TEXT NOT NULL,
    rel TEXT NOT NULL,
    language TEXT NOT NULL,
    mode TEXT,
    channel TEXT,
    confidence REAL,
    model TEXT,
    judged_at TEXT,
    judged TEXT,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    page_content TEXT NOT NULL,
    stood_by TEXT NOT NULL,
    absent TEXT,
    raised INTEGER NOT NULL DEFAULT 0,
    rests TEXT GENERATED ALWAYS AS (
        content || ' ' || page_content || ' ' || first_seen || ' '
        || ifnull(nullif(stood_by, first_seen), '') || ' ' || ifnull(absent, '')
    ) VIRTUAL,
    due INTEGER GENERATED ALWAYS AS (judged IS NOT rests || ' ' || raised) VIRTUAL,
    anchor TEXT NOT NULL,
    anchor_search TEXT NOT NULL,
    verdict TEXT,
    override TEXT,
    placements TEXT NOT NULL,
    search TEXT NOT NULL,
    heading_search TEXT NOT NULL,
    block TEXT NOT NULL,
    signals TEXT NOT NULL DEFAULT '',
    act TEXT NOT NULL DEFAULT ''
);
"""
INDEXES = """
CREATE INDEX visits_ok ON visits (url, at) WHERE outcome = 'ok';
CREATE INDEX pages_domain ON pages (domain);
CREATE INDEX links_source_url ON links (source_url);
CREATE INDEX links_source_domain ON links (source_domain, id);
CREATE INDEX links_target ON links (target, id);
CREATE INDEX links_target_url ON links (target_url, id);
CREATE INDEX links_first_seen ON links (first_seen, id);
CREATE INDEX links_status ON links (status, id);
CREATE INDEX links_region ON links (region, id);
CREATE INDEX links_kind ON links (kind, id);
CREATE INDEX links_rel ON links (rel, id) WHERE rel <> '';
CREATE INDEX links_language ON links (language, id);
CREATE INDEX links_mode ON links (mode, id);
CREATE INDEX links_channel ON links (channel, id);
CREATE INDEX links_due ON links (id, due, model);
"""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """A connection to the store in ``path``, which is laid out if it is not there yet.

    Raises StoreError if there is no store and none may be created, if the file is something else, or if another
    release wrote it.
    """
    return _connected(path, create=create, version=SCHEMA_VERSION)


def connect_to_migrate(path: Path) -> sqlite3.Connection:
    """A connection to a store of any version that :mod:`pipelines.stores.sqlite.migration` can bring forward."""
    return _connected(path, create=False, version=None)


def _connected(path: Path, *, create: bool, version: int | None) -> sqlite3.Connection:
    if not create and not path.is_file():
        raise _no_store(path)
    if not path.parent.is_dir():
        raise StoreError(f"{path}: the folder {path.parent} does not exist; create it or give another --store")
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be opened ({error}); check that the file may be read and written") from error
    try:
        _prepare(connection, path, create=create, expected=version)
    except sqlite3.Error as error:
        connection.close()
        if _is_away(error):
            raise failure(path, error) from error
        raise StoreError(
            f"{path}: expected a SQLite database that linkcrawler made, but {error}; give another --store"
        ) from error
    except BaseException:
        connection.close()
        raise
    return connection


def failure(path: Path, error: sqlite3.Error) -> StoreError:
    """The error for the person at the keyboard; StoreAway where only the moment is wrong."""
    if _is_away(error):
        return StoreAway(f"{path}: {error}; check for a full disk or a process that holds the file, then run again")
    return StoreError(
        f"{path}: {error}; expected a whole database that this linkcrawler made: PRAGMA integrity_check tells if it is "
        "damaged, sqlite3's .recover saves what can be read"
    )


def _is_away(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _AWAY  # the upper bits tell more of the same


def _prepare(connection: sqlite3.Connection, path: Path, *, create: bool, expected: int | None) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: survives the death of the process
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    if version_of(connection) is None:
        if not create:
            raise _no_store(path)
        _lay_out(connection)
    version = version_of(connection)
    if expected is not None and version != expected:
        raise StoreError(f"{path}: {other_version(version, f'sqlite:///{path}')}")


def version_of(connection: sqlite3.Connection) -> int | None:
    """The schema version of the store; None if there is no store."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'store_schema'").fetchone():
        return None
    row = connection.execute("SELECT version FROM store_schema").fetchone()
    return int(row[0]) if row else None


def statements() -> list[str]:
    """What makes every table, then every index, then what keeps full-text indexes in step."""
    modules = (outreach.DDL, patterns.DDL, seeds.DDL, events.TABLES, events.INDEXES)
    scripts = (TABLES, INDEXES, *modules, history.TABLES, history.INDEXES)
    plain = [statement.strip() for script in scripts for statement in script.split(";") if statement.strip()]
    return [*sorted(plain, key=lambda statement: not statement.startswith("CREATE TABLE")), *search.STATEMENTS]


def _lay_out(connection: sqlite3.Connection) -> None:
    _keep_log(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version_of(connection) is None:  # another process may have been quicker
            for statement in statements():
                connection.execute(statement)
            connection.execute("INSERT INTO store_schema VALUES (?)", (SCHEMA_VERSION,))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _keep_log(connection: sqlite3.Connection) -> None:
    """Switch a new file to a write-ahead log. Of processes that do it at once SQLite refuses some without waiting."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not _is_away(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _no_store(path: Path) -> NoStore:
    return NoStore(
        f"no store at {path}: run a crawl first, for example "
        "scrapy crawl backlinks -a target=example.org -a seeds=seeds.txt"
    )
