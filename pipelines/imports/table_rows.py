"""Turns the rows of an export into seeds; a row that cannot be one is told with its line, the rest is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from linkcrawler.domains import registered_domain
from linkcrawler.seeding.seeds import parse_seed
from linkcrawler.targets import Target, parse_target
from linkcrawler.urls import host_of
from pipelines.imports.columns import Columns
from pipelines.imports.vocabulary import DAYS, Field
from pipelines.stores.seeds import KnownSeed
from pipelines.tables.days import day_first, read_day, require_order
from pipelines.tables.rows import BadRow

OWN_SITE = "on the target's own site"
OTHER_TARGET = "about another target"
_NOTHING = frozenset(("", "-", "–", "n/a", "none", "null", "false", "true", "no", "yes", "0"))
_EPOCH_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Imported:
    """rows and bad rows of the file = seeds + repeated + passed_over + bad."""

    seeds: tuple[KnownSeed, ...]
    bad: tuple[BadRow, ...]
    rows: int
    repeated: int = 0
    """Rows that name a page and target that another row names."""
    passed_over: Mapping[str, int] = field(default_factory=dict)
    """Rows by why they are no seeds."""
    unread_days: tuple[BadRow, ...] = ()
    """Days that are none: the seed is kept without."""


@dataclass(frozen=True, slots=True)
class _Passed:
    reason: str


def read_rows(
    columns: Columns, *, source: str, target: Target | None, noted_at: datetime, days_first: bool | None = None
) -> Imported:
    """``target``: what the links are to, where the export does not say; rows about anything else are passed over.

    ``days_first`` decides columns whose days can be read two ways; None: UsageError for such a column.
    """
    table = columns.table
    orders = {name: _order(columns, name, days_first) for name in DAYS if name in columns.at}
    found: dict[str, KnownSeed] = {}
    bad, unread, passed = [*table.bad], list[BadRow](), Counter[str]()
    for line, cells in table.rows:
        row = {name: cells[place] if place < len(cells) else "" for name, place in columns.at.items()}
        try:
            where = _where(row, target)
        except ValueError as error:
            bad.append(BadRow(line, str(error)))
            continue
        if isinstance(where, _Passed):
            passed[where.reason] += 1
            continue
        days: dict[Field, date | None] = {}
        for name, order in orders.items():
            try:
                days[name] = _day(row[name], order, noted_at.date())
            except ValueError as error:
                unread.append(BadRow(line, str(error)))
        seed = KnownSeed(
            url=where[0],
            origin=columns.origin,
            source=source,
            row=line,
            target=where[1],
            target_url=where[2],
            since=days.get("since"),
            last=days.get("last"),
            lost=days.get("lost"),
            noted_at=noted_at,
        )
        found[seed.id] = _wider(found[seed.id], seed) if seed.id in found else seed
    rows = len(table.rows) + len(table.bad)
    repeated = rows - len(bad) - len(found) - passed.total()
    return Imported(tuple(found.values()), tuple(bad), rows, repeated, dict(passed), tuple(unread))


def _where(row: Mapping[Field, str], target: Target | None) -> tuple[str, str, str] | _Passed:
    """Page, target and target address. Raises ValueError if the row does not tell the page."""
    url = _page(row)
    target_url = ""
    if cell := row.get("target", ""):
        try:
            target_url = parse_seed(cell).url
        except ValueError as error:
            raise ValueError(f"expected the address that is linked to, got {cell[:80]!r}") from error
    if target is None:
        domain = registered_domain(host_of(target_url)) if target_url else ""
        if "." not in domain:
            raise ValueError("the row does not say what the page links to")
        target = parse_target(domain)
    elif target_url and not target.matches(target_url):
        return _Passed(OTHER_TARGET)
    return _Passed(OWN_SITE) if target.holds(url) else (url, target.spec, target_url)


def _page(row: Mapping[Field, str]) -> str:
    for name in ("url", "domain"):
        if cell := row.get(name, ""):
            try:
                return parse_seed(cell).url
            except ValueError as error:
                raise ValueError(f"expected the address of a page, got {cell[:80]!r} ({error})") from error
    raise ValueError("no address: which page links is not told")


def _order(columns: Columns, name: Field, days_first: bool | None) -> bool:
    place = columns.at[name]
    values = [cells[place] for _, cells in columns.table.rows if place < len(cells)]
    order = day_first(values)
    return require_order(columns.table.header[place], order if order is not None else days_first, values)


def _day(cell: str, days_first: bool, today: date) -> date | None:
    """Raises ValueError if the cell names no day, or one to come."""
    if cell.lower() in _NOTHING:
        return None
    if cell.isdecimal() and cell.isascii() and len(cell) == _EPOCH_DIGITS:
        day: date | None = datetime.fromtimestamp(int(cell), UTC).date()
    else:
        day = read_day(cell, days_first=days_first)
    if day and day > today + timedelta(days=1):
        raise ValueError(f"{cell[:40]!r} is a day to come")
    return day


def _wider(one: KnownSeed, other: KnownSeed) -> KnownSeed:
    """What both rows tell."""
    return KnownSeed(
        url=one.url,
        origin=one.origin,
        source=one.source,
        row=min(one.row, other.row),
        target=one.target,
        target_url=one.target_url,
        since=min(filter(None, (one.since, other.since)), default=None),
        last=max(filter(None, (one.last, other.last)), default=None),
        lost=max(filter(None, (one.lost, other.lost)), default=None),
        noted_at=one.noted_at,
    )
