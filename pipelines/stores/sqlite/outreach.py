"""SQL and rows for outreach logs and for what people say of links, in the SQLite store."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from linkcrawler.records import Override
from linkcrawler.vocabulary import Channel
from pipelines.outreach.contact import Contact, OutreachLog, Stage
from pipelines.stores.fold import timestamp
from pipelines.stores.sqlite.days import day_text, read_day

Row = tuple[Any, ...]

DDL = """
CREATE TABLE outreach (
    id TEXT PRIMARY KEY NOT NULL,
    log TEXT NOT NULL,
    site TEXT NOT NULL,
    page TEXT NOT NULL,
    target TEXT NOT NULL,
    stage TEXT NOT NULL,
    contacted TEXT,
    placed TEXT,
    channel TEXT,
    paid INTEGER NOT NULL,
    anchor TEXT NOT NULL,
    person TEXT NOT NULL
);
CREATE INDEX outreach_site ON outreach (site);
CREATE INDEX outreach_log ON outreach (log);

CREATE TABLE outreach_logs (
    name TEXT PRIMARY KEY NOT NULL,
    system TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    complete_from TEXT,
    complete_to TEXT
);
"""

_PUT_CONTACT = "INSERT OR IGNORE INTO outreach VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_LOG = """
INSERT INTO outreach_logs VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
    system = excluded.system, imported_at = excluded.imported_at,
    complete_from = excluded.complete_from, complete_to = excluded.complete_to
"""
_LOGS = "SELECT name, system, imported_at, complete_from, complete_to FROM outreach_logs ORDER BY name"
_OF_SITES = "SELECT * FROM outreach WHERE site IN (SELECT value FROM json_each(?)) ORDER BY id"
_DUE = "UPDATE links SET raised = raised + 1"
_DUE_OF_DOMAINS = "UPDATE links SET raised = raised + 1 WHERE source_domain IN (SELECT value FROM json_each(?))"
_PUT_OVERRIDE = "UPDATE links SET override = ?, mode = ?, channel = ? WHERE id = ?"
_DROP_OVERRIDE = """
UPDATE links SET override = NULL, mode = verdict ->> '$.mode', channel = verdict ->> '$.channel' WHERE id = ?
"""


def put_outreach(connection: sqlite3.Connection, log: OutreachLog, contacts: Sequence[Contact]) -> int:
    """How many contacts were not known yet."""
    complete = (day_text(log.complete_from), day_text(log.complete_to))
    connection.execute(_PUT_LOG, (log.name, log.system, timestamp(log.imported_at), *complete))
    return connection.executemany(_PUT_CONTACT, map(_contact_row, contacts)).rowcount if contacts else 0


def forget_outreach(connection: sqlite3.Connection, name: str) -> int:
    connection.execute("DELETE FROM outreach_logs WHERE name = ?", (name,))
    return connection.execute("DELETE FROM outreach WHERE log = ?", (name,)).rowcount


def read_logs(connection: sqlite3.Connection) -> list[OutreachLog]:
    rows = connection.execute(_LOGS)
    return [
        OutreachLog(
            name=name,
            system=system,
            imported_at=datetime.fromisoformat(at),
            complete_from=read_day(start),
            complete_to=read_day(end),
        )
        for name, system, at, start, end in rows
    ]


def read_contacts(connection: sqlite3.Connection, sites: Collection[str]) -> list[Contact]:
    rows = connection.execute(_OF_SITES, (json.dumps(sorted(sites)),))
    return [_read_contact(row) for row in rows]


def count_contacts(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    return connection.execute("SELECT log, stage, count(*) FROM outreach GROUP BY log, stage ORDER BY 1, 2").fetchall()


def mark_due(connection: sqlite3.Connection, domains: Collection[str] | None) -> int:
    if domains is None:
        return connection.execute(_DUE).rowcount
    return connection.execute(_DUE_OF_DOMAINS, (json.dumps(sorted(domains)),)).rowcount


def put_override(connection: sqlite3.Connection, link_id: str, override: Override | None) -> None:
    if override is None:
        connection.execute(_DROP_OVERRIDE, (link_id,))
        return
    written = msgspec.json.encode(override).decode()
    connection.execute(_PUT_OVERRIDE, (written, override.mode, override.channel, link_id))


def _contact_row(contact: Contact) -> Row:
    return (
        contact.id,
        contact.log,
        contact.site,
        contact.page,
        contact.target,
        contact.stage,
        day_text(contact.contacted),
        day_text(contact.placed),
        contact.channel,
        contact.paid,
        contact.anchor,
        contact.person,
    )


def _read_contact(row: Row) -> Contact:
    link_id, log, site, page, target, stage, contacted, placed, channel, paid, anchor, person = row
    return Contact(
        id=link_id,
        log=log,
        site=site,
        page=page,
        target=target,
        stage=Stage(stage),
        contacted=read_day(contacted),
        placed=read_day(placed),
        channel=Channel(channel) if channel else None,
        paid=bool(paid),
        anchor=anchor,
        person=person,
    )
