"""``linkcrawler links``: the links that fit some filters, as a table or a file."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from linkcrawler.commands.filters import filter_options, read_filters
from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from linkcrawler.records import Link

FORMATS = ("table", "csv", "jsonl", "parquet")

# What fits a few screens; files and pipes hold everything.
TABLE_LIMIT = 100


@click.command(short_help="List links, as a table or a file.")
@store_option
@filter_options
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="Output form.")
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
    help=f"At most so many links, 0: all. [default: {TABLE_LIMIT} in a terminal's table, else 0]",
)
def links(store_url: str, form: str, output: str, limit: int | None, **filters: Any) -> None:
    """List the links that fit all filters given.

    \b
    Examples:
      linkcrawler links --mode active --format csv > active.csv
      linkcrawler links --channel guest_post --region bio --first-seen-from 2026-01-01
      linkcrawler links --text "our partners" --format jsonl | jq .source_url
    """
    asyncio.run(_list(store_url, form, output, limit, filters))


async def _list(store_url: str, form: str, output: str, limit: int | None, filters: dict[str, Any]) -> None:
    from linkcrawler.commands.opening import filled_store
    from pipelines.queries.selection import select

    where, selection = read_filters(filters, limit or 0)
    async with filled_store(store_url) as store, aclosing(select(store, where, selection)) as chosen:
        with _destination(form, output) as out:
            count = await (_draw(chosen, out, limit) if form == "table" else _write(chosen, form, out))
    if count == 0:
        click.echo("no link fits these filters", err=True)


@contextmanager
def _destination(form: str, output: str) -> Iterator[IO[bytes]]:
    if output != "-":
        with _create(output) as file:
            yield file
        return
    if form == "parquet" and sys.stdout.isatty():
        raise UsageError("Parquet is no text for a terminal: write it to a file with --output links.parquet")
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _create(output: str) -> IO[bytes]:
    try:
        return Path(output).open("wb")
    except OSError as error:
        raise UsageError(f"--output {output}: cannot be written ({error.strerror}); name another file") from error


async def _draw(links: AsyncIterator["Link"], out: IO[bytes], limit: int | None) -> int:
    from linkcrawler.commands.screen import screen
    from pipelines.reports.table import write_plain, write_table

    if not out.isatty():
        return await write_plain(links, out)
    return await write_table(links, screen(), TABLE_LIMIT if limit is None else limit)


async def _write(links: AsyncIterator["Link"], form: str, out: IO[bytes]) -> int:
    if form == "parquet":
        from pipelines.reports.export.parquet import write_parquet

        return await write_parquet(links, out)
    from pipelines.reports.export.text_files import write_csv, write_jsonl

    return await (write_csv if form == "csv" else write_jsonl)(links, out)
