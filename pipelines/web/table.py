"""The table of links: a filtered, sorted page of it, or counts by one field."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipelines.queries.filter_fields import FIELDS, FilterField, parse
from pipelines.queries.paging import read_page
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store
from pipelines.web.addresses import Pair, changed, with_pairs
from pipelines.web.rows import LinkRow, row_of

ROWS, MOST_ROWS = 50, 500
GROUPS_SHOWN = 200
NOT_IN_FORM = ("after", "id")
"""Filters that people do not type."""
FIRST_FIELDS = ("mode", "channel", "text", "source_domain", "target_url", "sort")
"""Filters that the form shows without being opened."""
SORTED_COLUMNS = {
    "source": "source_domain", "anchor": "anchor", "target": "target_url", "confidence": "confidence",
    "first seen": "first_seen", "last seen": "last_seen",
}  # fmt: skip
COLUMNS = (
    "source", "anchor", "target", "mode", "channel", "confidence", "region", "status", "first seen", "last seen",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    title: str
    address: str
    """The same table sorted by it; empty if it cannot be."""
    order: str
    """``ascending``, ``descending`` or empty, as ``aria-sort`` takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    columns: tuple[Column, ...]
    rows: tuple[LinkRow, ...]
    next: str
    """Address of the page after this one; empty if it is the last."""
    first: str
    """Address of the first page; empty if this is it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: str
    links: int
    address: str
    """The links of the group; empty if no filter tells them."""


def bounded(where: LinkFilter) -> LinkFilter:
    """The filter with as many links as one page may have."""
    return replace(where, limit=min(where.limit or ROWS, MOST_ROWS))


async def table_page(store: Store, pairs: Sequence[Pair]) -> TablePage:
    """Raises UsageError for filters that are not understood."""
    where = bounded(parse(pairs))
    page = await read_page(store, where)
    return TablePage(
        columns=tuple(_column(title, where, pairs) for title in COLUMNS),
        rows=tuple(map(row_of, page.links)),
        next=with_pairs("/links", changed(pairs, {"after": page.next})) if page.next else "",
        first=with_pairs("/links", changed(pairs, {"after": ""})) if where.after else "",
    )


async def groups(store: Store, pairs: Sequence[Pair], field: str) -> tuple[Group, ...]:
    """The links that fit, counted by one field, most first. UsageError for filters that are not understood."""
    where = replace(parse(changed(pairs, {"after": "", "limit": ""})), limit=0)
    found = await store.count_by(where, [field], GROUPS_SHOWN)
    return tuple(
        Group(name=values[0], links=count, address=_of_group(pairs, field, values[0])) for values, count in found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """A filter that is set."""

    name: str
    value: str
    without: str
    """Address of the table without it."""


def narrowings(pairs: Sequence[Pair], group: str) -> tuple[Narrowing, ...]:
    """The filters that are set, in the order of the address."""
    kept = [(name, value) for name, value in pairs if name not in (*NOT_IN_FORM, "sort", "limit")]
    grouped = [("group", group)] if group else []
    return tuple(
        Narrowing(
            name=name,
            value=value,
            without=with_pairs("/links", [*(pair for pair in pairs if pair != (name, value)), *grouped]),
        )
        for name, value in kept
    )


def form_fields() -> tuple[tuple[FilterField, ...], tuple[FilterField, ...]]:
    """Those that the form shows at once, and the others."""
    fields = {field.name: field for field in FIELDS if field.name not in NOT_IN_FORM}
    first = tuple(fields.pop(name) for name in FIRST_FIELDS)
    return first, tuple(fields.values())


def _column(title: str, where: LinkFilter, pairs: Sequence[Pair]) -> Column:
    field = SORTED_COLUMNS.get(title, "")
    if not field:
        return Column(title=title, address="", order="")
    here = where.sort_field == field
    wanted = f"-{field}" if here and not where.descending else field
    order = ("descending" if where.descending else "ascending") if here else ""
    return Column(title=title, address=with_pairs("/links", changed(pairs, {"sort": wanted, "after": ""})), order=order)


def _of_group(pairs: Sequence[Pair], field: str, value: str) -> str:
    if field == "month" and value:
        year, month = map(int, value.split("-"))
        following = f"{year + month // 12:04d}-{month % 12 + 1:02d}"
        bounds = {"first_seen_from": f"{value}-01", "first_seen_to": _eve(following), "after": ""}
        return with_pairs("/links", changed(pairs, bounds))
    if field == "mode" and not value:
        value = "unclassified"
    if not value or (field == "rel" and " " in value):
        return ""
    return with_pairs("/links", changed(pairs, {field: value, "after": ""}))


def _eve(month: str) -> str:
    """The last millisecond before a month begins."""
    begins = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    return (begins - timedelta(milliseconds=1)).isoformat()
