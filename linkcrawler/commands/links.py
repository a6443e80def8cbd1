"""``linkcrawler links``: the links that fit some filters, as a table or a file, or how many there are."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from linkcrawler.commands.filters import filter_options, read_filters
from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError
from pipelines.stores.link_filter import FACETS, LinkFilter

if TYPE_CHECKING:
    from linkcrawler.records import Link
    from pipelines.stores.protocol import Store

FORMATS = ("table", "csv", "jsonl", "parquet", "xlsx")
_BINARY = {"parquet": "Parquet", "xlsx": "A workbook"}

# What fits a few screens; files and pipes hold everything.
TABLE_LIMIT = 100


@click.command(short_help="List or count links.")
@store_option
@filter_options()
@click.option("--after", metavar="CURSOR", help="Go on where a page ended, see --next.")
@click.option("--next", "tell_next", is_flag=True, help="Say on standard error where the next page begins.")
@click.option("--count", "count_only", is_flag=True, help="How many links fit.")
@click.option("--count-by", multiple=True, type=click.Choice(FACETS), help="How many links have which value.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="Output form.")
@click.option("--known", is_flag=True, help="With jsonl: also what imported exports and logs say of each link.")
@click.option(
    "-o",
    "--output",
    type=click.Path(writable=True, dir_okay=False),
    default="-",
    help="Where to write; - is standard output, the default.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=f"At most so many links or counts, 0: all. [default: {TABLE_LIMIT} in a terminal's table, else 0]",
)
def links(store_url: str, form: str, output: str, limit: int | None, count_by: tuple[str, ...], **given: Any) -> None:
    """List the links that fit all filters given, or count them.

    \b
    Examples:
      linkcrawler links --mode active --format csv > active.csv
      linkcrawler links --first-seen-from 7d --sort -first_seen --one-per domain
      linkcrawler links --text "our partners" --format jsonl | jq .source_url
      linkcrawler links --count-by mode --count-by rel
    """
    tell_next, count_only, known = given.pop("tell_next"), given.pop("count_only"), given.pop("known")
    if known and form != "jsonl":
        raise UsageError("--known belongs to --format jsonl: the other forms have one cell a fact")
    where = read_filters(given | {"limit": limit})
    if count_only or count_by:
        asyncio.run(_count(store_url, where, count_by, form, output))
    else:
        form = "jsonl with known" if known else form
        asyncio.run(_list(store_url, where, form, output, limit, tell_next=tell_next, as_stored=given["sort"] is None))


async def _count(store_url: str, where: LinkFilter, fields: tuple[str, ...], form: str, output: str) -> None:
    from pipelines.reports.export.counts import write_counts

    async with _asked(store_url, where) as store:
        found = await store.count_by(where, fields, where.limit) if fields else [((), await store.count(where))]
        with _destination(form, output) as out:
            write_counts(found, fields, form, out)


async def _list(
    store_url: str, where: LinkFilter, form: str, output: str, limit: int | None, *, tell_next: bool, as_stored: bool
) -> None:
    async with _asked(store_url, where) as store:
        with _destination(form, output) as out:
            count = await _write(store, store_url, where, form, out, limit, as_stored=as_stored)
        if tell_next:
            await _tell_next(store, where, count)
    if count == 0:
        click.echo("no link fits these filters", err=True)


@asynccontextmanager
async def _asked(store_url: str, where: LinkFilter) -> "AsyncIterator[Store]":
    """The open store, with events derived if they are asked for."""
    from linkcrawler.commands.opening import filled_store

    async with filled_store(store_url) as store:
        if where.lost_reason:
            from pipelines.events.deriving import bring_up_to_date

            await bring_up_to_date(store, now=datetime.now(UTC))
        yield store


async def _tell_next(store: "Store", where: LinkFilter, count: int) -> None:
    from pipelines.queries.paging import read_page

    page = await read_page(store, where) if where.limit and count == where.limit else None
    click.echo(f"next: --after {page.next}" if page and page.next else "next: none, this is the end", err=True)


@contextmanager
def _destination(form: str, output: str) -> Iterator[IO[bytes]]:
    if output != "-":
        with _create(output) as file:
            yield file
        return
    if form in _BINARY and sys.stdout.isatty():
        raise UsageError(f"{_BINARY[form]} is no text for a terminal: write it to a file with --output links.{form}")
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _create(output: str) -> IO[bytes]:
    try:
        return Path(output).open("wb")
    except OSError as error:
        raise UsageError(f"--output {output}: cannot be written ({error.strerror}); name another file") from error


async def _write(
    store: "Store", store_url: str, where: LinkFilter, form: str, out: IO[bytes], limit: int | None, *, as_stored: bool
) -> int:
    if form == "table":
        return await _draw(store.links(where), out, limit)
    if form == "jsonl with known":
        from pipelines.queries.seed_yield import with_known
        from pipelines.reports.export.text_files import write_jsonl_with_known

        return await write_jsonl_with_known(with_known(store, store.links(where)), out)
    if form == "xlsx":
        from pipelines.reports.export.xlsx import CHARS_PER_CELL, write_xlsx

        count, cut = await write_xlsx(store.flat(where), out)
        if cut:
            click.echo(f"{cut} cells were cut at {CHARS_PER_CELL} characters, the most that a workbook holds", err=True)
        return count
    from pipelines.reports.export.shared import write_links

    return await write_links(store, store_url, where, form, out, as_stored=as_stored)


async def _draw(links: AsyncIterator["Link"], out: IO[bytes], limit: int | None) -> int:
    from linkcrawler.commands.screen import screen
    from pipelines.reports.table import write_plain, write_table

    if not out.isatty():
        return await write_plain(links, out)
    return await write_table(links, screen(), TABLE_LIMIT if limit is None else limit)
