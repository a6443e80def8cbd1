"""Counts by group as tables and as bars."""

from collections.abc import Callable, Mapping

from pipelines.reports.page.parts import Bars, Filters, Row, Table
from pipelines.reports.report import GROUPS, MODES, Counts
from pipelines.stores.protocol import UNCLASSIFIED


def groups_in(counts: Counts) -> tuple[str, ...]:
    """The modes, and the links that nobody has judged if there are any."""
    return GROUPS if counts.get(UNCLASSIFIED) else MODES


def number(value: float) -> str:
    """With separators of thousands."""
    return f"{value:,}"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def counts_table(
    caption: str,
    first: str,
    rows: Mapping[str, Counts],
    groups: tuple[str, ...],
    filters: Callable[[str], Filters | None] = lambda _: None,
) -> Table:
    """A row a name, a column a group and one for all of them."""
    return Table(
        caption=caption,
        head=(first, *groups, "together"),
        rows=tuple(
            Row(
                name=name,
                cells=(*(number(counts[group]) for group in groups), number(sum(counts[group] for group in groups))),
                filters=filters(name),
            )
            for name, counts in rows.items()
        ),
    )


def counts_bars(
    title: str, rows: Mapping[str, Counts], groups: tuple[str, ...], *, unit: str = "links", lying: bool = True
) -> Bars:
    """The same as stacked bars."""
    return Bars(
        title=title,
        unit=unit,
        categories=tuple(rows),
        series={group: tuple(counts[group] for counts in rows.values()) for group in groups},
        lying=lying,
        stacked=True,
    )


def numbered(names: Mapping[str, Counts]) -> dict[str, Counts]:
    """The same counts under numbers, as long names do not fit a chart."""
    return {str(place): counts for place, counts in enumerate(names.values(), 1)}
