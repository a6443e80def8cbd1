"""``linkcrawler outreach``: the user's own records of whom they asked for links."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.outreach.columns import Columns
    from pipelines.outreach.contact import OutreachLog
    from pipelines.outreach.rows import Contacts

SHOWN_ROWS = 20
"""Bad rows that are named on the screen; all of them with --errors."""


@click.group(short_help="Your records of whom you asked for links.")
def outreach() -> None:
    """Bring in your records of whom you asked for links: what they tell becomes evidence.

    \b
    Example:
      linkcrawler outreach import contacts.csv
      linkcrawler classify
    """


def _day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a day such as 2026-01-31.") from error


@outreach.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@store_option
@click.option("--log", metavar="NAME", help="Name under which it is kept.  [default: the name of the file]")
@click.option(
    "--column", "columns", multiple=True, metavar="FIELD=HEADER", help="What a column holds; may be repeated."
)
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="How to read 03/04/2026 where the column does not tell.",
)
@click.option("--complete-from", callback=_day, metavar="DAY", help="The log holds every contact from this day ...")
@click.option(
    "--complete-to", callback=_day, metavar="DAY", help="... to this day: who is not in it was not contacted."
)
@click.option(
    "--errors", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write all bad rows here."
)
@click.option("--dry-run", is_flag=True, help="Say what would be read, and store nothing.")
def import_(
    file: Path,
    store_url: str,
    log: str | None,
    columns: tuple[str, ...],
    dates: str | None,
    complete_from: date | None,
    complete_to: date | None,
    errors: Path | None,
    dry_run: bool,
) -> None:
    """Read contacts from a CSV, TSV or XLSX file, as BuzzStream, Pitchbox, Respona, Hunter and others export them.

    Bad rows are told with their line; good ones are kept. The same file may be imported again. Of people only
    a digest of the mail address is kept. Run classify afterwards: links of these sites are judged anew.

    \b
    Examples:
      linkcrawler outreach import buzzstream.csv --complete-from 2025-01-01 --complete-to 2026-06-30
      linkcrawler outreach import sheet.xlsx --column url="Found at" --column status="How it went"
    """
    from pipelines.outreach.columns import find_columns
    from pipelines.outreach.contact import OutreachLog
    from pipelines.outreach.rows import read_contacts
    from pipelines.outreach.vocabulary import load_vocabulary
    from pipelines.tables.reading import read_table

    if bool(complete_from) != bool(complete_to) or (complete_from and complete_to and complete_to < complete_from):
        raise UsageError("--complete-from and --complete-to belong together, the earlier day first")
    vocabulary = load_vocabulary()
    name = log or file.stem
    table = read_table(file)
    found = find_columns(table.header, vocabulary, named_columns(columns))
    contacts = read_contacts(
        table, found, vocabulary, log=name, days_first=None if dates is None else dates == "day-first"
    )
    _tell(file, found, contacts, errors)
    if not contacts.contacts:
        raise UsageError(f"{file}: no row could be read; nothing was stored")
    if dry_run:
        click.echo("nothing was stored (--dry-run)")
        return
    entry = OutreachLog(
        name=name,
        system=found.system,
        imported_at=datetime.now(UTC),
        complete_from=complete_from,
        complete_to=complete_to,
    )
    asyncio.run(_store(store_url, entry, contacts))


def named_columns(columns: tuple[str, ...]) -> dict[str, str]:
    """Field to header, of ``--column`` options."""
    pairs = [column.partition("=") for column in columns]
    if wrong := [field for field, equals, name in pairs if not (field and equals and name)]:
        raise UsageError(f"--column {wrong[0]}: expected FIELD=HEADER, for example --column url='Found at'")
    return {field: name for field, _, name in pairs}


def _tell(file: Path, columns: "Columns", contacts: "Contacts", errors: Path | None) -> None:
    from pipelines.outreach.rows import summary_lines
    from pipelines.reports.terminal import printable

    told = printable(", ".join(f"{field}: {name!r}" for field, name in columns.told().items()))
    click.echo(f"{file}: read as {columns.system} ({told})")
    lines = list(summary_lines(contacts))
    for line in lines[:SHOWN_ROWS]:
        click.echo(printable(line), err=True)
    if len(lines) > SHOWN_ROWS:
        click.echo(f"... and {len(lines) - SHOWN_ROWS} more: --errors FILE writes all", err=True)
    if errors:
        errors.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


async def _store(store_url: str, log: "OutreachLog", contacts: "Contacts") -> None:
    from pipelines.outreach.importing import store_contacts
    from pipelines.stores.connect import open_store

    async with open_store(store_url, create=False) as store:
        done = await store_contacts(store, log, contacts.contacts)
    known = len(contacts.contacts) - done.new
    click.echo(
        f"{done.new} contacts stored ({known} were known, {contacts.repeated} repeated in the file, "
        f"{len(contacts.bad)} rows not understood); {done.due} links are due: run linkcrawler classify"
    )


@outreach.command("list")
@store_option
def list_(store_url: str) -> None:
    """List the logs that were imported, with their contacts by stage.

    \b
    Example:
      linkcrawler outreach list
    """
    asyncio.run(_list(store_url))


async def _list(store_url: str) -> None:
    from pipelines.stores.connect import open_store

    async with open_store(store_url, create=False) as store:
        logs, counts = await store.outreach_logs(), await store.count_contacts()
    for log in logs:
        stages = ", ".join(f"{count} {stage}" for name, stage, count in counts if name == log.name)
        complete = f"; complete from {log.complete_from} to {log.complete_to}" if log.complete_from else ""
        click.echo(
            f"{log.name} ({log.system}, imported {log.imported_at:%Y-%m-%d}): {stages or 'no contacts'}{complete}"
        )
    if not logs:
        click.echo("no outreach log was imported yet", err=True)


@outreach.command()
@click.argument("log")
@store_option
def forget(log: str, store_url: str) -> None:
    """Delete the contacts of a log; links of its sites are judged anew by the next classify.

    \b
    Example:
      linkcrawler outreach forget buzzstream
    """
    asyncio.run(_forget(log, store_url))


async def _forget(name: str, store_url: str) -> None:
    from pipelines.outreach.importing import forget_log
    from pipelines.stores.connect import open_store

    async with open_store(store_url, create=False) as store:
        known = [log.name for log in await store.outreach_logs()]
        if name not in known:
            raise UsageError(f"no log has the name {name!r}; there are {', '.join(known) or 'none'}")
        deleted, due = await forget_log(store, name)
    click.echo(f"{deleted} contacts deleted; {due} links are due: run linkcrawler classify")
