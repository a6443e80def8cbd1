"""How a page of links is found: where many fit, links are walked in order and tested until the page is full; where few
do, these are looked up and sorted.

The database has no statistics to choose by, and either way takes seconds over a million links if it is the wrong one.
Counts of single conditions do not tell how many links meet all of them: a walk that goes on for too long is given up.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pipelines.stores.fold import timestamp
from pipelines.stores.link_filter import NO_REL, LinkFilter, beginnings, just_after, of_host
from pipelines.stores.sqlite.search import SIGNALS, WORDS, match, quoted
from pipelines.stores.words import phrase

Condition = tuple[str, tuple[object, ...]]
Row = tuple[Any, ...]

MANY = 5_000
"""Of a million links: a page of fifty is then full after ten thousand tests, which takes as long as sorting these."""
STEPS = 6_000
"""Of the database's machine, for each link of a page, that a walk may take: 0.1 s for fifty links."""
_BROAD = ("mode", "channel", "status", "region", "language", "target")
_RANGES = ("first_seen", "last_seen", "confidence", "rel")


def probe(where: LinkFilter) -> Condition | None:
    """Counts, up to :data:`MANY`, what the index with the fewest links finds; None if no page is to be filled or the
    links can be had in order anyway."""
    lookups = list(_lookups(where))
    if not (where.limit and lookups):
        return None
    counts = ", ".join(f"(SELECT count(*) FROM (SELECT 1 FROM {one} LIMIT {MANY}))" for one, _ in lookups)  # noqa: S608
    return f"SELECT min({counts}, {MANY})", tuple(argument for _, given in lookups for argument in given)


def walk(connection: sqlite3.Connection, statement: str, arguments: Sequence[object], steps: int) -> list[Row] | None:
    """The rows of a statement; None if it takes more steps."""
    connection.set_progress_handler(lambda: 1, steps)
    try:
        return connection.execute(statement, arguments).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None
    finally:
        connection.set_progress_handler(None, 0)


def _lookups(where: LinkFilter) -> Iterator[Condition]:
    """Tables with conditions, which indexes answer that do not hold links in the order that is asked for."""
    for text, column in ((where.text, "search"), (where.heading, "search"), (where.anchor, "anchor_search")):
        if text:
            yield "link_words WHERE link_words MATCH ?", (match(phrase(text, "text"), column),)
    if where.signal:
        yield "link_signals WHERE link_signals MATCH ?", (quoted(where.signal),)
    if where.rel and where.rel != NO_REL:
        yield "links WHERE rel <> '' AND instr(' ' || rel || ' ', ?)", (f" {where.rel.lower()} ",)
    for column, low, high in (
        ("confidence", where.min_confidence, where.max_confidence),
        ("first_seen", where.first_seen_from, where.first_seen_to),
        ("last_seen", where.last_seen_from, where.last_seen_to),
    ):
        given = [(sign, bound) for sign, bound in ((">=", low), ("<=", high)) if bound is not None]
        if given and where.sort_field != column:
            test = " AND ".join(f"{column} {sign} ?" for sign, _ in given)
            bounds = (timestamp(bound) if isinstance(bound, datetime) else bound for _, bound in given)
            yield f"links WHERE {test}", tuple(bounds)
    for column, begun in (
        ("source_url", beginnings(where.source_url) if where.source_url else ()),
        ("target_url", beginnings(where.target_url) if where.target_url else ()),
        ("source_url", of_host(where.source_host) if where.source_host else ()),
    ):
        if begun:
            test = " OR ".join([f"{column} >= ? AND {column} < ?"] * len(begun))
            edges = (edge for beginning in begun for edge in (beginning, just_after(beginning)))
            yield f"links WHERE {test}", tuple(edges)


_BEGINS = re.compile(r"SELECT rowid FROM links WHERE (\w+) >= \? AND \w+ < \?")


def planned(condition: Condition, where: LinkFilter, found: int) -> Condition:
    """The same condition, so that the way that is right for as many links as :func:`probe` found is taken."""
    return _walked(condition, where) if found >= MANY else _looked_up(condition)


def _looked_up(condition: Condition) -> Condition:
    """The plus keeps the database from going through all links that share a mode instead."""
    sql, given = condition
    for column in _BROAD:
        sql = sql.replace(f"{{l}}.{column} = ?", f"+{{l}}.{column} = ?")
    return sql, given


def _walked(condition: Condition, where: LinkFilter) -> Condition:
    """Tested on the link itself, without an index."""
    sql, given = condition
    if sql == SIGNALS:
        return "instr(' ' || {l}.signals || ' ', ?)", (f" {where.signal} ",)
    if sql.startswith(f"{WORDS} AND "):
        return sql.removeprefix(f"{WORDS} AND "), given[1:]
    if _BEGINS.search(sql):
        tests = " OR ".join(f"+{{l}}.{column} >= ? AND +{{l}}.{column} < ?" for column in _BEGINS.findall(sql))
        return f"({tests})", given
    for column in _RANGES:
        if column != where.sort_field:
            sql = sql.replace(f"{{l}}.{column} ", f"+{{l}}.{column} ")
    return sql, given
