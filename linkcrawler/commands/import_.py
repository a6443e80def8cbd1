"""``linkcrawler import``: pages that other programs or the target's own server know to link."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcrawler.commands.options import store_option
from linkcrawler.commands.outreach import SHOWN_ROWS, named_columns
from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.imports.importing import Reading
    from pipelines.imports.table_rows import Imported
    from pipelines.tables.rows import BadRow


@click.command("import", short_help="Linking pages that other programs or your server's log know.")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@store_option
@click.option("--target", "spec", metavar="TARGET", help="What the pages link to, where a file does not say.")
@click.option("--format", "form", metavar="NAME", help="What wrote the files: ahrefs, majestic, 'access log' ...")
@click.option(
    "--column", "columns", multiple=True, metavar="FIELD=HEADER", help="What a column holds; may be repeated."
)
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="How to read 03/04/2026 where the column does not tell.",
)
@click.option(
    "--errors", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write all bad rows here."
)
@click.option("--dry-run", is_flag=True, help="Say what would be read, and store nothing.")
def import_(
    files: tuple[Path, ...],
    store_url: str,
    spec: str | None,
    form: str | None,
    columns: tuple[str, ...],
    dates: str | None,
    errors: Path | None,
    dry_run: bool,
) -> None:
    """Read pages that are known to link from exports of Ahrefs, Majestic, Semrush, Moz, Google Search Console, Bing
    Webmaster Tools, Screaming Frog and others (CSV, TSV, XLSX, JSON), and referrers from servers' logs.

    The pages become seeds: -a seeds=store:new visits those that were never visited. What a vendor says of a link's days
    is kept beside it as the vendor's word. The same file may be imported again. docs/imports.md tells more.

    \b
    Examples:
      linkcrawler import ahrefs.csv majestic.csv
      linkcrawler import latest_links.csv access.log.gz --target example.org
      linkcrawler import sheet.xlsx --column url="Found on" --column target="Leads to"
      scrapy crawl backlinks -a target=example.org -a seeds=store:new -a follow=none
    """
    from linkcrawler.targets import parse_target
    from pipelines.imports.importing import read_file

    named, now = named_columns(columns), datetime.now(UTC)
    target = parse_target(spec) if spec else None
    days_first = None if dates is None else dates == "day-first"
    lines: list[str] = []
    readings = []
    for file in files:
        reading = read_file(file, target=target, noted_at=now, form=form, named=named, days_first=days_first)
        _tell(file, reading)
        lines += _problems(file, reading.found)
        if not reading.found.seeds and reading.found.bad:
            raise UsageError(f"{file}: no row could be read ({lines[-1]}); nothing was stored")
        readings.append((file, reading.found))
    _tell_problems(lines, errors)
    if dry_run:
        click.echo("nothing was stored (--dry-run)")
    else:
        asyncio.run(_store(store_url, readings))


def _tell(file: Path, reading: "Reading") -> None:
    from pipelines.reports.terminal import printable

    found = reading.found
    click.echo(printable(f"{file}: read as {reading.origin} ({reading.told})"))
    passed = [f"{number} {reason}" for reason, number in sorted(found.passed_over.items())]
    parts = [f"{len(found.seeds)} seeds", *passed, f"{found.repeated} repeated", f"{len(found.bad)} not understood"]
    click.echo(f"  {found.rows} rows: {', '.join(parts)}")


def _problems(file: Path, found: "Imported") -> list[str]:
    def named(row: "BadRow", what: str) -> str:
        return f"{file.name}, line {row.line}: {what}{row.problem}"

    return [*(named(row, "") for row in found.bad), *(named(row, "kept without a day: ") for row in found.unread_days)]


def _tell_problems(lines: list[str], errors: Path | None) -> None:
    from pipelines.reports.terminal import printable

    for line in lines[:SHOWN_ROWS]:
        click.echo(printable(line), err=True)
    if len(lines) > SHOWN_ROWS:
        click.echo(f"... and {len(lines) - SHOWN_ROWS} more: --errors FILE writes all", err=True)
    if errors:
        errors.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


async def _store(store_url: str, readings: "list[tuple[Path, Imported]]") -> None:
    from pipelines.imports.importing import store_seeds
    from pipelines.stores.connect import open_store

    async with open_store(store_url) as store:
        for file, found in readings:
            new = await store_seeds(store, found)
            click.echo(f"{file}: {new} seeds are new, {len(found.seeds) - new} were known")
