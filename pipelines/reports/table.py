"""Links as a table: two or three lines a link on a terminal, tab-separated columns in a pipe."""

from collections.abc import AsyncIterator
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from linkcrawler.records import Link
from pipelines.queries.placements import lead_placement
from pipelines.queries.standing import standing_of
from pipelines.reports.terminal import printable, shorten
from pipelines.stores.flat import iso

PIPED_COLUMNS = ("id", "first_seen", "mode", "channel", "confidence", "region", "source_url", "anchor", "target_url")

# Links drawn in one go: the first appear at once, and memory stays flat.
LINKS_PER_DRAWING = 100


async def write_plain(links: AsyncIterator[Link], out: IO[bytes]) -> int:
    """A header and one line a link, columns parted by tabs, values in full; returns how many links."""
    out.write("\t".join(PIPED_COLUMNS).encode() + b"\n")
    count = 0
    async for link in links:
        standing, verdict, lead = standing_of(link), link.verdict, lead_placement(link)
        row = (
            link.id,
            iso(link.first_seen) or "",
            standing.mode if standing else "",
            standing.channel if standing else "",
            f"{verdict.confidence:.2f}" if verdict and not link.override else "",
            lead.region,
            link.source_url,
            lead.anchor,
            link.target_url,
        )
        out.write("\t".join(map(printable, row)).encode("utf-8", "replace") + b"\n")
        count += 1
    return count


async def write_table(links: AsyncIterator[Link], console: Console, limit: int) -> int:
    """Draw the links as they come, at most ``limit`` (0: all), and say if there are more; returns how many."""
    count = 0
    drawing = _drawing(console.width, header=True)
    async for link in links:
        if limit and count == limit:
            console.print(drawing)
            console.print(f"There are more than these {limit}: --limit 0 shows all.", style="dim")
            return count
        if count and count % LINKS_PER_DRAWING == 0:
            console.print(drawing, end="\n\n")
            drawing = _drawing(console.width, header=False)
        drawing.add_row(*_cells(link, console.width))
        count += 1
    if count:
        console.print(drawing)
    return count


# The widths of the longest words that the first two columns hold: "2026-01-31 sidebar" and "reciprocal_exchange".
_ID_WIDTH, _VERDICT_WIDTH, _GAP = 18, 19, 2

# From here on anchor and target page have room enough on one line.
_WIDE = 120


def _link_width(width: int) -> int:
    return max(20, width - _ID_WIDTH - _VERDICT_WIDTH - 2 * _GAP)


def _drawing(width: int, *, header: bool) -> Table:
    table = Table(box=None, padding=(0, _GAP, 1, 0), pad_edge=False, show_header=header, header_style="bold")
    parting, rest = (" ", "") if width >= _WIDE else ("\n", "\n")
    table.add_column(f"id\nfirst seen, region{rest}", width=_ID_WIDTH)
    table.add_column(f"mode, confidence\nchannel{rest}", width=_VERDICT_WIDTH)
    table.add_column(f"source page\nanchor{parting}→ target page", width=_link_width(width), no_wrap=True)
    return table


def _cells(link: Link, width: int) -> tuple[Text, Text, Text]:
    standing, lead = standing_of(link), lead_placement(link)
    sure = "" if link.override or not link.verdict else f" {link.verdict.confidence:.2f}"
    how = f"{standing.mode}{sure}\n{standing.channel}" if standing else "not classified"
    room = _link_width(width)
    source, target = (shorten(_without_scheme(url), room) for url in (link.source_url, link.target_url))
    anchor = printable(lead.anchor) or f"[{lead.kind}]"
    if width >= _WIDE:
        anchor = shorten(anchor, room // 2)
        words = f"{anchor} → {shorten(target, room - len(anchor) - 3)}"
    else:
        words = f"{shorten(anchor, room)}\n→ {shorten(target, room - 2)}"
    return Text(f"{link.id}\n{link.first_seen:%Y-%m-%d} {lead.region}"), Text(how), Text(f"{source}\n{words}")


def _without_scheme(url: str) -> str:
    return printable(url).partition("://")[2]
