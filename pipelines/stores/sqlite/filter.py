"""A LinkFilter as SQL."""

import json
from collections.abc import Iterator
from dataclasses import fields

from pipelines.stores.fold import timestamp
from pipelines.stores.link_filter import (
    HYPERLINK,
    NO_REL,
    QUALIFIED,
    UNCLASSIFIED,
    LinkFilter,
    beginnings,
    just_after,
    kinds,
    of_host,
)
from pipelines.stores.sqlite.search import SIGNALS, WORDS, match, quoted
from pipelines.stores.sqlite.walking import MANY, planned
from pipelines.stores.words import phrase

Condition = tuple[str, tuple[object, ...]]
"""SQL with ``{l}`` for the alias of the table, and its arguments."""

_COLUMNS = {"anchor": "anchor_search", "month": "substr(first_seen, 1, 7)"}
"""Where a field of a filter has another name in the file."""
_KEYS = {"domain": "source_domain", "block": "block", "text": "act"}


_LOST_FOR = """{l}.status = 'lost' AND (
    SELECT e.reason FROM events AS e WHERE e.link = {l}.id AND e.kind = 'lost' ORDER BY e.at DESC LIMIT 1
) = ?"""


def select_rows(where: LinkFilter, column: str = "rowid", found: int | None = None) -> tuple[str, list[object]]:
    """The row numbers (or ids) of the links that fit, in order: narrow, so that what must be sorted is small.

    ``found``: what :func:`pipelines.stores.sqlite.walking.probe` counted, None if there was nothing to count.
    """
    fitting = [one if found is None else planned(one, where, found) for one in _conditions(where)]
    clause, arguments = _where(_unsought([*fitting, *_after(where), *_firsts(where)], where))
    limit = f" LIMIT {where.limit:d}" if where.limit else ""
    order = _order(where, "l", walking=found is not None and found >= MANY)
    return f"SELECT l.{column} FROM links AS l{clause} ORDER BY {order}{limit}", arguments  # noqa: S608


def select_as_stored(where: LinkFilter) -> tuple[str, list[object]]:
    """The row numbers of the links that fit, in their order. The plus has an index read and sorted instead of
    the links themselves, which are a hundred times as many bytes."""
    clause, arguments = condition(where)
    return f"SELECT l.rowid FROM links AS l{clause} ORDER BY +l.rowid", arguments  # noqa: S608


def condition(where: LinkFilter) -> tuple[str, list[object]]:
    """``WHERE`` for links under the alias l that fit, whatever order, limit and cursor."""
    return _where(_unsought([*_conditions(where), *_firsts(where)], where))


def _unsought(conditions: list[Condition], where: LinkFilter) -> list[Condition]:
    """Nearly every link is one that a reader can follow: the plus keeps the database from looking links up by that."""
    if where.kind != HYPERLINK:
        return conditions
    return [(sql.replace("{l}.kind", "+{l}.kind"), given) for sql, given in conditions]


def count_links(where: LinkFilter) -> tuple[str, list[object]]:
    """How many links fit, whatever the limit and the cursor."""
    clause, arguments = _where([*_conditions(where), *_firsts(where)])
    return f"SELECT count(*) FROM links AS l{clause}", arguments  # noqa: S608


def count_by(where: LinkFilter, counted_by: tuple[str, ...], top: int) -> tuple[str, list[object]]:
    """Values of the fields with the number of links that fit, most links first; ``top`` 0: all."""
    clause, arguments = _where([*_conditions(where), *_firsts(where)])
    columns = ", ".join(_COLUMNS.get(field, field) for field in counted_by)
    places = ", ".join(map(str, range(1, len(counted_by) + 1)))
    limit = f" LIMIT {top:d}" if top else ""
    statement = (
        f"SELECT {columns}, count(*) FROM links AS l{_covered(where, counted_by)}{clause} "  # noqa: S608
        f"GROUP BY {places} ORDER BY {len(counted_by) + 1} DESC, {places}{limit}"
    )
    return statement, arguments


_HELD = (
    ("links_counted", {
        "kind", "target", "mode", "channel", "status", "region", "rel", "language", "model", "month",
        "first_seen_from", "first_seen_to", "min_confidence", "max_confidence",
    }),
    ("links_source_domain_mode", {"source_domain", "target", "kind", "mode"}),
    ("links_target_url_mode", {"target_url", "kind", "mode"}),
    ("links_anchor", {"anchor", "kind", "mode"}),
)  # fmt: skip
"""Indexes that hold all that some counts need: what is filtered by, and what is counted by."""
_ASKED = tuple(field.name for field in fields(LinkFilter) if field.name not in ("sort", "after", "limit"))


def _covered(where: LinkFilter, counted_by: tuple[str, ...]) -> str:
    """Without statistics the database would rather look links up one by one than read one narrow index through."""
    asked = {name for name in _ASKED if getattr(where, name) not in ("", (), None, False)}
    if asked & {"target_url", "anchor", "source_domain"}:
        return ""
    return next((f" INDEXED BY {index}" for index, held in _HELD if asked | set(counted_by) <= held), "")


def _where(conditions: list[Condition]) -> tuple[str, list[object]]:
    clause = " AND ".join(sql.replace("{l}", "l") for sql, _ in conditions)
    return f" WHERE {clause}" if clause else "", [argument for _, given in conditions for argument in given]


def _column(field: str) -> str:
    return _COLUMNS.get(field, field)


def _order(where: LinkFilter, alias: str, *, walking: bool = False) -> str:
    way = " DESC" if where.descending else ""
    if where.sort_field == "id" and _asks_range(where) and not walking:
        # Without the plus the database walks all links by id instead of looking the range up.
        return f"+{alias}.id{way}"
    columns = dict.fromkeys((_column(where.sort_field), "id"))
    if where.ids:
        return ", ".join(f"+{alias}.{column}{way}" for column in columns)
    return ", ".join(f"{alias}.{column}{way}" for column in columns)


def _asks_range(where: LinkFilter) -> bool:
    """Whether a condition is found in an index that does not hold links in the order of their ids."""
    asked = (
        where.first_seen_from, where.first_seen_to, where.last_seen_from, where.last_seen_to, where.min_confidence,
        where.max_confidence,
    )  # fmt: skip
    return bool(where.rel and where.rel != NO_REL) or where.overruled or any(bound is not None for bound in asked)


def _after(where: LinkFilter) -> Iterator[Condition]:
    if where.sort_field == "confidence":
        yield "{l}.confidence IS NOT NULL", ()
    if where.after is None:
        return
    beyond = "<" if where.descending else ">"
    value, link = where.after
    if where.sort_field == "id":
        yield f"{{l}}.id {beyond} ?", (link,)
    else:
        yield f"({{l}}.{_column(where.sort_field)}, {{l}}.id) {beyond} (?, ?)", (value, link)


def _firsts(where: LinkFilter) -> Iterator[Condition]:
    """No link that fits and has the same key comes before it."""
    before = ">" if where.descending else "<"
    place = "{a}.id" if where.sort_field == "id" else f"({{a}}.{_column(where.sort_field)}, {{a}}.id)"
    for name in where.one_per:
        key = _KEYS[name]
        among = list(_conditions(where))
        if where.sort_field == "confidence":
            among.append(("{l}.confidence IS NOT NULL", ()))
        tests = [f"o.{key} = l.{key}", f"{place.format(a='o')} {before} {place.format(a='l')}"]
        if name == "text":
            tests.append("o.act <> ''")
        tests += [sql.replace("{l}", "o") for sql, _ in among]
        sql = f"NOT EXISTS (SELECT 1 FROM links AS o WHERE {' AND '.join(tests)})"  # noqa: S608
        yield (f"({{l}}.act = '' OR {sql})" if name == "text" else sql), tuple(a for _, given in among for a in given)


def _conditions(where: LinkFilter) -> Iterator[Condition]:
    for column in ("target", "channel", "region", "status", "source_domain", "language"):
        if value := getattr(where, column):
            yield f"{{l}}.{column} = ?", (value,)
    if where.mode == UNCLASSIFIED:
        yield "{l}.mode IS NULL", ()
    elif where.mode:
        yield "{l}.mode = ?", (where.mode,)
    if where.overruled:
        yield "{l}.override IS NOT NULL", ()
    if where.lost_reason:
        yield _LOST_FOR, (where.lost_reason,)
    yield from _sets(where)
    yield from _verdict(where)
    yield from _addresses(where)
    yield from _texts(where)
    yield from _times(where)


def _sets(where: LinkFilter) -> Iterator[Condition]:
    if where.ids:
        yield "{l}.id IN (SELECT value FROM json_each(?))", (json.dumps(where.ids),)
    if where.source_urls:
        yield "{l}.source_url IN (SELECT value FROM json_each(?))", (json.dumps(where.source_urls),)
    if where.kind:
        names = kinds(where)
        yield f"{{l}}.kind IN ({', '.join('?' * len(names))})", tuple(names)
    if where.rel == NO_REL:
        for token in QUALIFIED:
            yield "NOT instr(' ' || {l}.rel || ' ', ?)", (f" {token} ",)
    elif where.rel:
        yield "{l}.rel <> '' AND instr(' ' || {l}.rel || ' ', ?)", (f" {where.rel.lower()} ",)


def _verdict(where: LinkFilter) -> Iterator[Condition]:
    if where.min_confidence is not None:
        yield "{l}.confidence >= ?", (where.min_confidence,)
    if where.max_confidence is not None:
        yield "{l}.confidence <= ?", (where.max_confidence,)
    if where.signal:
        yield SIGNALS, (quoted(where.signal),)
    if where.model:
        yield "{l}.model >= ? AND {l}.model < ?", (where.model, just_after(where.model))


def _addresses(where: LinkFilter) -> Iterator[Condition]:
    for column, address in (("source_url", where.source_url), ("target_url", where.target_url)):
        if begun := beginnings(address):
            yield _begins(column, begun)
        elif address:
            yield f"instr({{l}}.{column}, ?)", (address,)
    if where.source_host:
        yield _begins("source_url", of_host(where.source_host))


def _begins(column: str, begun: tuple[str, ...]) -> Condition:
    one = f"SELECT rowid FROM links WHERE {column} >= ? AND {column} < ?"  # noqa: S608 - a name from the schema
    ranges = [edge for beginning in begun for edge in (beginning, just_after(beginning))]
    return f"{{l}}.rowid IN ({' UNION ALL '.join([one] * len(begun))})", tuple(ranges)


def _texts(where: LinkFilter) -> Iterator[Condition]:
    if where.text:
        said = phrase(where.text, "text")
        yield f"{WORDS} AND instr({{l}}.search, ?)", (match(said, "search"), said.needle)
    if where.anchor:
        said = phrase(where.anchor, "anchor")
        test = f"{WORDS} AND instr(' ' || {{l}}.anchor_search || ' ', ?)"
        yield test, (match(said, "anchor_search"), said.needle)
    if where.heading:
        said = phrase(where.heading, "heading")
        yield f"{WORDS} AND instr({{l}}.heading_search, ?)", (match(said, "search"), said.needle)


def _times(where: LinkFilter) -> Iterator[Condition]:
    for column, sign, time in (
        ("first_seen", ">=", where.first_seen_from),
        ("first_seen", "<=", where.first_seen_to),
        ("last_seen", ">=", where.last_seen_from),
        ("last_seen", "<=", where.last_seen_to),
    ):
        if time:
            yield f"{{l}}.{column} {sign} ?", (timestamp(time),)
