"""A summary as text: tables that fit the terminal, plain in a pipe."""

from itertools import zip_longest

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.report import GROUPS, MODES, UNCLASSIFIED, Counts, Summary
from pipelines.terminal import printable, shorten

_NUMBER_WIDTH = 12
"""As wide as the longest mode."""


def print_report(summary: Summary, console: Console) -> None:
    """Print every table of the summary; groups without a link are left out of the side notes only."""
    groups = GROUPS if summary.links[UNCLASSIFIED] else MODES
    names = ", ".join(printable(target) for target in summary.targets)
    console.print(Text(f"Links to {names}", style="bold"))
    console.print()
    overview = {"links": summary.links, "linking domains": summary.domains, "decisions": summary.decisions}
    _side_by_side(console, "", overview, (*groups, "total"))
    _remarks(console, summary)
    _channels(console, summary)
    _side_by_side(console, "Region", _present(summary.regions), groups)
    _side_by_side(console, _pages_title(summary), summary.target_pages, groups)
    _side_by_side(console, "First seen", summary.first_seen, groups)
    _side_by_side(console, "Appeared (as far as dates tell)", summary.appeared, groups)


def _remarks(console: Console, summary: Summary) -> None:
    shares = summary.undetermined_share
    if shares["links"] is not None and shares["decisions"] is not None:
        console.print(
            f"For {shares['links']:.0%} of the links and {shares['decisions']:.0%} of the decisions "
            "the evidence does not tell (undetermined).",
            highlight=False,
        )
    console.print(
        "A decision is one choice to link: several links of one page, a block repeated on many pages and\n"
        "copies of one page count once."
    )
    waiting = summary.links[UNCLASSIFIED]
    if waiting:
        verb = "link is" if waiting == 1 else "links are"
        console.print(f"{waiting} {verb} not classified yet: run linkcrawler classify", highlight=False, style="bold")
    console.print()


def _channels(console: Console, summary: Summary) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    columns = []
    for mode in MODES:
        found = [(name, count) for name, count in summary.channels[mode].items() if count]
        width = max((len(str(count)) for _, count in found), default=1)
        table.add_column(f"Channel: {mode}", min_width=len(f"Channel: {mode}"), no_wrap=True)
        columns.append([f"{count:>{width}} {name}" for name, count in found])
    for row in zip_longest(*columns, fillvalue=""):
        table.add_row(*map(Text, row))
    console.print(table)
    console.print()


def _side_by_side(console: Console, title: str, rows: dict[str, Counts], columns: tuple[str, ...]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    name_width = max(20, console.width - len(columns) * (_NUMBER_WIDTH + 2) - 2)
    table.add_column(title, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", min_width=_NUMBER_WIDTH if len(columns) < 5 else 7)
    for name, counts in rows.items():
        table.add_row(Text(shorten(printable(name), name_width)), *(str(counts[column]) for column in columns))
    console.print(table)
    console.print()


def _present(rows: dict[str, Counts]) -> dict[str, Counts]:
    return {name: counts for name, counts in rows.items() if any(counts.values())}


def _pages_title(summary: Summary) -> str:
    shown, total = len(summary.target_pages), summary.target_pages_total
    return "Target page" if shown == total else f"Target page ({shown} most linked of {total})"
