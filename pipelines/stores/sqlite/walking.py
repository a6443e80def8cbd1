"""How a page of links is found: where many fit, links are walked in order and tested until the page is full; where few
do, these are looked up and sorted.

The database has no statistics to choose by, and either way takes seconds over a million links if it is the wrong one.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from pipelines.stores.fold import timestamp
from pipelines.stores.link_filter import NO_REL, LinkFilter, beginnings, just_after, of_host
from pipelines.stores.sqlite.search import SIGNALS, WORDS, match, quoted
from pipelines.stores.words import phrase

Condition = tuple[str, tuple[object, ...]]

MANY = 5_000
"""Of a million links: a page of fifty is then full after ten thousand tests, which takes as long as sorting these."""
_BROAD = ("mode", "channel", "status", "region", "language", "target")
_RANGES = ("first_seen", "last_seen", "confidence", "rel")


def probe(where: LinkFilter) -> Condition | None:
    """Counts, up to :data:`MANY`, what the index with the fewest links finds; None if no page is to be filled or the
    links can be had in order anyway."""
    looked_up = [f"SELECT 1 FROM links AS l WHERE {sql.replace('{l}', 'l')}" for sql, _ in _lookups(where)]  # noqa: S608
    if not (where.limit and looked_up):
        return None
    counts = ", ".join(f"(SELECT count(*) FROM ({one} LIMIT {MANY}))" for one in looked_up)  # noqa: S608 - constants
    statement = f"SELECT min({counts}, {MANY})"
    return statement, tuple(argument for _, given in _lookups(where) for argument in given)


def _lookups(where: LinkFilter) -> Iterator[Condition]:
    """Indexes that do not hold links in the order that is asked for."""
    for text, column in ((where.text, "search"), (where.heading, "search"), (where.anchor, "anchor_search")):
        if text:
            yield WORDS, (match(phrase(text, "text"), column),)
    if where.signal:
        yield SIGNALS, (quoted(where.signal),)
    if where.rel and where.rel != NO_REL:
        yield "{l}.rel <> '' AND instr(' ' || {l}.rel || ' ', ?)", (f" {where.rel.lower()} ",)
    for column, low, high in (
        ("confidence", where.min_confidence, where.max_confidence),
        ("first_seen", where.first_seen_from, where.first_seen_to),
        ("last_seen", where.last_seen_from, where.last_seen_to),
    ):
        given = [(sign, bound) for sign, bound in ((">=", low), ("<=", high)) if bound is not None]
        if given and where.sort_field != column:
            test = " AND ".join(f"{{l}}.{column} {sign} ?" for sign, _ in given)
            yield test, tuple(timestamp(bound) if isinstance(bound, datetime) else bound for _, bound in given)
    for column, begun in (
        ("source_url", beginnings(where.source_url) if where.source_url else ()),
        ("target_url", beginnings(where.target_url) if where.target_url else ()),
        ("source_url", of_host(where.source_host) if where.source_host else ()),
    ):
        if begun:
            test = " OR ".join([f"{{l}}.{column} >= ? AND {{l}}.{column} < ?"] * len(begun))
            yield test, tuple(edge for beginning in begun for edge in (beginning, just_after(beginning)))


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
