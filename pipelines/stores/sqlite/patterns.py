"""SQL for traces and for what patterns found, in the SQLite store."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from pipelines.patterns.records import Finding, Repeated, Trace

DDL = """
CREATE TABLE traces (
    link TEXT PRIMARY KEY NOT NULL,
    stamp TEXT NOT NULL,
    marks TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE patterns (
    link TEXT PRIMARY KEY NOT NULL,
    findings TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE owned (
    target TEXT NOT NULL,
    site TEXT NOT NULL,
    PRIMARY KEY (target, site)
) WITHOUT ROWID;
CREATE INDEX links_stamp ON links (id, rests);
"""

UNTRACED = """
SELECT l.id FROM links AS l INDEXED BY links_stamp LEFT JOIN traces AS t ON t.link = l.id
WHERE l.id > ? AND t.stamp IS NOT l.rests || ' ' || ? ORDER BY l.id LIMIT ?
"""
STAMPS = """
SELECT id, rests || ' ' || ? FROM links INDEXED BY links_stamp
WHERE id IN (SELECT value FROM json_each(?))
"""
MARKS = """
SELECT mark.value, count(*) FROM traces, json_each(traces.marks) AS mark GROUP BY mark.value ORDER BY mark.value
"""
TRACES = "SELECT link, marks FROM traces ORDER BY link"
FOUND = "SELECT link, findings FROM patterns ORDER BY link"
_FOUND_OF = "SELECT link, findings FROM patterns WHERE link IN (SELECT value FROM json_each(?))"
_PUT_TRACE = "INSERT OR REPLACE INTO traces VALUES (?, ?, ?)"
_PUT = "INSERT OR REPLACE INTO patterns VALUES (?, ?)"
_DROP = "DELETE FROM patterns WHERE link = ?"
_DUE = "UPDATE links SET raised = raised + 1 WHERE id = ?"

_decode = msgspec.json.Decoder(tuple[Finding, ...]).decode
_decode_marks = msgspec.json.Decoder(tuple[str, ...]).decode


def read_targets(connection: sqlite3.Connection) -> list[str]:
    # One step of the index per target; DISTINCT alone would read an entry per link.
    walk = """
    WITH RECURSIVE found (target) AS (
        SELECT min(target) FROM links
        UNION ALL SELECT (SELECT min(target) FROM links WHERE target > found.target) FROM found WHERE target NOTNULL
    ) SELECT target FROM found WHERE target NOTNULL
    """
    return [target for (target,) in connection.execute(walk)]


def put_traces(connection: sqlite3.Connection, traces: Sequence[Trace]) -> None:
    rows = [(trace.link, trace.stamp, json.dumps(trace.marks)) for trace in traces]
    connection.executemany(_PUT_TRACE, rows)


def repeated(rows: Iterator[tuple[str, int]]) -> list[Repeated]:
    return [Repeated(mark, links) for mark, links in rows]


def read_traces(rows: Iterator[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    return [(link, _decode_marks(marks)) for link, marks in rows]


def read_found(rows: Iterator[tuple[str, str]]) -> list[tuple[str, tuple[Finding, ...]]]:
    return [(link, _decode(findings)) for link, findings in rows]


def findings_of(connection: sqlite3.Connection, links: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
    return dict(read_found(connection.execute(_FOUND_OF, (json.dumps(links),))))


def put_findings(connection: sqlite3.Connection, changes: Sequence[tuple[str, tuple[Finding, ...]]]) -> None:
    for link, findings in changes:
        if findings:
            connection.execute(_PUT, (link, msgspec.json.encode(findings).decode()))
        else:
            connection.execute(_DROP, (link,))
        connection.execute(_DUE, (link,))


def read_owned(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    owned: dict[str, set[str]] = {}
    for target, site in connection.execute("SELECT target, site FROM owned"):
        owned.setdefault(target, set()).add(site)
    return {target: frozenset(sites) for target, sites in owned.items()}


def put_owned(connection: sqlite3.Connection, owned: Mapping[str, Collection[str]]) -> None:
    for target, sites in owned.items():
        connection.execute("DELETE FROM owned WHERE target = ?", (target,))
        connection.executemany("INSERT INTO owned VALUES (?, ?)", [(target, site) for site in sorted(set(sites))])
