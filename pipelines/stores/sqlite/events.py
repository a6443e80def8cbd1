"""Events in the SQLite store: derived from the visits of marked pages, read, marked as sent."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from linkcrawler.records import Event, Verdict
from linkcrawler.vocabulary import EventKind, Outcome, Reason
from pipelines.stores.fold import LinkState, VisitRow, timestamp
from pipelines.stores.history import Derive, EventFilter, History, KnownLink, Outlook
from pipelines.stores.judgement import verdict_event

Row = tuple[Any, ...]

TABLES = """
CREATE TABLE events (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT,
    at TEXT NOT NULL,
    after TEXT,
    link TEXT NOT NULL,
    source_url TEXT NOT NULL,
    target_url TEXT NOT NULL,
    target TEXT NOT NULL,
    before TEXT NOT NULL,
    now TEXT NOT NULL,
    noted TEXT NOT NULL,
    sent TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX events_at ON events (at, id);
CREATE INDEX events_target ON events (target, at);
CREATE INDEX events_link ON events (link, at);
CREATE INDEX events_source_url ON events (source_url);
CREATE INDEX events_noted ON events (noted, id);
CREATE INDEX pages_unsettled ON pages (url) WHERE settled = 0;
"""

UNSETTLE = """
UPDATE pages SET settled = 0
WHERE url IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM links WHERE source_url = pages.url)
"""
"""Marks pages whose visits tell of links; in the same transaction as the visits."""

_MARKED = "SELECT url, told_until FROM pages WHERE settled = 0 ORDER BY url LIMIT ?"
_VISIT = """
SELECT id, url, at, outcome, status, detail, content_hash, links, states, outline, noindex, canonical, etag,
    last_modified
FROM visits"""
_VISITS = f"{_VISIT} WHERE url IN (SELECT value FROM json_each(?)) ORDER BY url, at, id"  # noqa: S608 - constants
VISITS_OF_PAGE = f"{_VISIT} WHERE url = ? ORDER BY at DESC, id DESC LIMIT ?"
_LINKS = """
SELECT source_url, id, target_url, target, first_seen FROM links
WHERE source_url IN (SELECT value FROM json_each(?)) ORDER BY source_url, id
"""
_PUT_EVENT = """
INSERT INTO events (id, kind, reason, at, after, link, source_url, target_url, target, before, now, noted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET after = excluded.after, target = excluded.target
"""
_DROP_EVENTS = """
DELETE FROM events WHERE source_url = ? AND kind <> 'verdict_changed' AND at > ?
    AND id NOT IN (SELECT value FROM json_each(?))
"""
_SETTLED = """
UPDATE pages SET settled = 1, interval = ?, next_due = ?, etag = ?, last_modified = ?, validated_at = ? WHERE url = ?
"""
_EVENTS = "SELECT id, kind, reason, at, after, link, source_url, target_url, target, before, now FROM events"
_UNSENT = f"""{_EVENTS}
WHERE noted >= ? AND kind IN (SELECT value FROM json_each(?)) AND (? = '' OR target = ?)
    AND NOT EXISTS (SELECT 1 FROM json_each(sent) WHERE value = ?) ORDER BY noted, id LIMIT ?
"""  # noqa: S608 - constants only
_VERDICTS = """
SELECT id, source_url, target_url, target, verdict FROM links
WHERE id IN (SELECT value FROM json_each(?)) AND verdict IS NOT NULL
"""

_decode_links = msgspec.json.Decoder(tuple[str, ...]).decode
_decode_verdict = msgspec.json.Decoder(Verdict).decode
_decode_states = msgspec.json.Decoder(tuple[LinkState, ...]).decode


def visit_row(visit: VisitRow) -> Row:
    """What ``PUT_VISIT`` takes."""
    return (
        visit.url,
        timestamp(visit.at),
        visit.id,
        visit.outcome,
        visit.status,
        visit.detail,
        visit.content_hash,
        _json(visit.links),
        _json(visit.states),
        visit.outline,
        visit.noindex,
        visit.canonical,
        visit.etag,
        visit.last_modified,
    )


def note_verdicts(connection: sqlite3.Connection, verdicts: Collection[tuple[str, Verdict]]) -> set[str]:
    """Store what these verdicts change; to be called before they are stored, in the same transaction.

    Returns the links that had a verdict before.
    """
    new, known = dict(verdicts), set()
    for link, source_url, target_url, target, old in connection.execute(_VERDICTS, (json.dumps([*new]),)).fetchall():
        known.add(link)
        event = verdict_event(
            _decode_verdict(old),
            new[link],
            link=link,
            source_url=source_url,
            target_url=target_url,
            target=target,
        )
        if event:
            connection.execute(_PUT_EVENT, _event_row(event, event.at))
    return known


def select_events(where: EventFilter) -> tuple[str, list[object]]:
    """The statement and its arguments."""
    tests: list[tuple[str, object]] = [
        (f"{column} = ?", value)
        for column, value in (("target", where.target), ("link", where.link), ("source_url", where.source_url))
        if value
    ]
    if where.since:
        tests.append(("at >= ?", timestamp(where.since)))
    if where.until:
        tests.append(("at <= ?", timestamp(where.until)))
    for column, words in (("kind", where.kinds), ("reason", where.reasons)):
        if words:
            tests.append((f"{column} IN (SELECT value FROM json_each(?))", json.dumps(words)))  # noqa: S608 - constants only
    clause = f"WHERE {' AND '.join(test for test, _ in tests)}" if tests else ""
    limit = f"LIMIT {where.limit:d}" if where.limit else ""
    return f"{_EVENTS} {clause} ORDER BY at, id {limit}", [argument for _, argument in tests]


def settle(connection: sqlite3.Connection, derive: Derive, now: datetime, most: int) -> int:
    marked = dict(connection.execute(_MARKED, (most,)).fetchall())
    for history in _histories(connection, marked):
        events, outlook = derive(history)
        connection.executemany(_PUT_EVENT, [_event_row(event, now) for event in events])
        told = timestamp(history.told_until) if history.told_until else ""
        connection.execute(_DROP_EVENTS, (history.url, told, json.dumps([event.id for event in events])))
        connection.execute(_SETTLED, (*_outlook_row(outlook), history.url))
    return len(marked)


def _histories(connection: sqlite3.Connection, marked: Mapping[str, str | None]) -> Iterator[History]:
    urls = json.dumps([*marked])
    links = {
        url: {row[1]: _known(row) for row in rows}
        for url, rows in groupby(connection.execute(_LINKS, (urls,)).fetchall(), key=lambda row: row[0])
    }
    visits = map(_read_visit, connection.execute(_VISITS, (urls,)).fetchall())
    for url, of_page in groupby(visits, key=lambda visit: visit.url):
        told_until = _moment(marked[url])
        kept = tuple(visit for visit in of_page if told_until is None or visit.at >= told_until)
        yield History(url=url, visits=kept, links=links.get(url, {}), told_until=told_until)


def read_visits(rows: Iterable[Row]) -> list[VisitRow]:
    return [_read_visit(row) for row in rows]


def _known(row: Row) -> KnownLink:
    _, link, target_url, target, first_seen = row
    return KnownLink(id=link, target_url=target_url, target=target, first_seen=datetime.fromisoformat(first_seen))


def _read_visit(row: Row) -> VisitRow:
    link, url, at, outcome, status, detail, content_hash, links, states, outline, noindex, *rest = row
    canonical, etag, last_modified = rest
    return VisitRow(
        id=link,
        url=url,
        at=datetime.fromisoformat(at),
        outcome=Outcome(outcome),
        status=status,
        detail=detail,
        content_hash=content_hash,
        links=_decode_links(links),
        states=_decode_states(states),
        outline=outline,
        noindex=None if noindex is None else bool(noindex),
        canonical=canonical,
        etag=etag,
        last_modified=last_modified,
    )


def _event_row(event: Event, noted: datetime) -> Row:
    return (
        event.id,
        event.kind,
        event.reason,
        timestamp(event.at),
        _text(event.after),
        event.link,
        event.source_url,
        event.target_url,
        event.target,
        event.before,
        event.now,
        timestamp(noted),
    )


def _outlook_row(outlook: Outlook) -> Row:
    return (
        outlook.interval,
        timestamp(outlook.next_due),
        outlook.etag,
        outlook.last_modified,
        _text(outlook.validated_at),
    )


def read_events(rows: Iterable[Row]) -> list[Event]:
    return [_read_event(row) for row in rows]


def _read_event(row: Row) -> Event:
    event, kind, reason, at, after, link, source_url, target_url, target, before, now = row
    return Event(
        id=event,
        kind=EventKind(kind),
        reason=Reason(reason) if reason else None,
        at=datetime.fromisoformat(at),
        after=_moment(after),
        link=link,
        source_url=source_url,
        target_url=target_url,
        target=target,
        before=before,
        now=now,
    )


def unsent(
    connection: sqlite3.Connection, channel: str, kinds: Collection[str], target: str, noted_from: datetime, most: int
) -> list[Event]:
    arguments = (timestamp(noted_from), json.dumps([*kinds]), target, target, channel, most)
    return read_events(connection.execute(_UNSENT, arguments))


def mark_sent(connection: sqlite3.Connection, channel: str, events: Collection[str]) -> None:
    statement = """UPDATE events SET sent = json_insert(sent, '$[#]', ?)
    WHERE id = ? AND NOT EXISTS (SELECT 1 FROM json_each(sent) WHERE value = ?)"""
    connection.executemany(statement, [(channel, event, channel) for event in events])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _text(time: datetime | None) -> str | None:
    return timestamp(time) if time else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
