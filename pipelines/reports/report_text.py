"""A summary as text: tables that fit the terminal, plain in a pipe."""

from itertools import zip_longest

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.reports.report import GROUPS, MODES, Counts, Summary
from pipelines.reports.terminal import printable, shorten
from pipelines.stores.protocol import UNCLASSIFIED

# The widest name column: longer addresses are cut in the middle, JSON has them in full.
_NAME_WIDTH, _NUMBER_WIDTH, _GAP = 60, 7, 2


def print_report(summary: Summary, console: Console) -> None:
    """Print the tables of the summary, without channels and regions that hold no link."""
    groups = GROUPS if summary.links[UNCLASSIFIED] else MODES
    names = ", ".join(printable(target) for target in summary.targets)
    console.print(Text(f"Links to {names}", style="bold"))
    console.print()
    overview = {"links": summary.links, "linking domains": summary.domains, "decisions": summary.decisions}
    _side_by_side(console, "", overview, (*groups, "total"))
    _remarks(console, summary)
    _shares(console, summary)
    _channels(console, summary)
    _side_by_side(console, "Region", _present(summary.regions), groups)
    _side_by_side(console, _pages_title(summary), summary.target_pages, groups)
    _side_by_side(console, "First seen", summary.first_seen, groups)
    _side_by_side(console, "Appeared", summary.appeared, groups)
    console.print(
        "First seen: the first visit that found the link. Appeared: where page dates and visits leave one month only."
    )


def _remarks(console: Console, summary: Summary) -> None:
    shares = summary.undetermined_share
    if shares["links"] is not None and shares["decisions"] is not None:
        console.print(
            f"For {shares['links']:.1%} of the links and {shares['decisions']:.1%} of the decisions "
            "the evidence does not tell (undetermined)."
        )
    console.print(
        "A decision is one choice to link: several links of one page, a block repeated on many pages and "
        "copies of one page count once."
    )
    waiting = summary.links[UNCLASSIFIED]
    if waiting:
        verb = "link is" if waiting == 1 else "links are"
        console.print(f"{waiting} {verb} not classified yet: run linkcrawler classify", style="bold")
    console.print()


def _shares(console: Console, summary: Summary) -> None:
    """The shares as counted beside those corrected for known errors."""
    if not summary.shares:
        console.print(f"Shares are as counted; {summary.shares_note}.\n")
        return
    table = _table()
    for title in ("Share of", "", "as counted", "corrected", "95 % interval"):
        table.add_column(title, justify="left" if title in ("Share of", "") else "right")
    for what, shares in summary.shares.items():
        for mode, share in shares.items():
            interval = f"{share.low:.1%} to {share.high:.1%}"
            table.add_row(what, mode, f"{share.raw:.1%}", f"{share.adjusted:.1%}", interval)
            what = ""
    console.print(table)
    console.print(
        f"Corrected: for what the model is known to miss and to mistake ({summary.shares_note}); "
        "it holds as far as these links are misjudged as often as the labelled ones.\n"
    )


def _channels(console: Console, summary: Summary) -> None:
    table = _table()
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
    widths = [max(_NUMBER_WIDTH, len(column)) for column in columns]
    name_width = min(_NAME_WIDTH, console.width - sum(widths) - _GAP * len(columns))
    table = _table()
    table.add_column(shorten(title, name_width), width=name_width, no_wrap=True)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column, justify="right", width=width)
    for name, counts in rows.items():
        table.add_row(Text(shorten(printable(name), name_width)), *(str(counts[column]) for column in columns))
    console.print(table)
    console.print()


def _table() -> Table:
    return Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")


def _present(rows: dict[str, Counts]) -> dict[str, Counts]:
    return {name: counts for name, counts in rows.items() if any(counts.values())}


def _pages_title(summary: Summary) -> str:
    shown, total = len(summary.target_pages), summary.target_pages_total
    return "Target page" if shown == total else f"Target page ({shown} of {total})"
