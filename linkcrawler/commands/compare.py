"""``linkcrawler compare``: which sites link to some targets and not to others."""

import asyncio
import sys
from typing import Any

import click

from linkcrawler.commands.filters import filter_options, read_filters
from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError

_FILTERS = ("mode", "channel", "status", "region", "kind", "rel", "language", "first_seen_from", "first_seen_to")


@click.command(short_help="Say which sites link to one target and not to another.")
@store_option
@click.option("--target", "targets", multiple=True, required=True, help="A watched target; twice or more.")
@click.option(
    "--linking-to", multiple=True, metavar="TARGET", help="Only sites that link to this one (may be repeated)."
)
@click.option("--not-linking-to", multiple=True, metavar="TARGET", help="Only sites that do not (may be repeated).")
@filter_options(*_FILTERS)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "jsonl"]),
    default="table",
    show_default=True,
    help="Output form.",
)
@click.option("--limit", type=click.IntRange(min=0), default=0, help="At most so many sites, 0: all.")
def compare(
    store_url: str,
    targets: tuple[str, ...],
    linking_to: tuple[str, ...],
    not_linking_to: tuple[str, ...],
    form: str,
    limit: int,
    **given: Any,
) -> None:
    """List the source domains that link to any of the targets, with the number of links by mode.

    How many domains link to exactly which targets stands on standard error.

    \b
    Examples:
      linkcrawler compare --target mine.org --target rival.org
      linkcrawler compare --target mine.org --target rival.org --linking-to rival.org --not-linking-to mine.org
    """
    for name in (*linking_to, *not_linking_to):
        if name not in targets:
            raise UsageError(f"{name!r} is not among the targets that are compared: add --target {name}")
    asyncio.run(_compare(store_url, targets, (linking_to, not_linking_to), form, limit, given))


async def _compare(
    store_url: str,
    targets: tuple[str, ...],
    wanted: tuple[tuple[str, ...], tuple[str, ...]],
    form: str,
    limit: int,
    given: dict[str, Any],
) -> None:
    from linkcrawler.commands.opening import filled_store
    from pipelines.queries.comparing import combinations, compare, linking
    from pipelines.reports.export.compared import write_compared

    async with filled_store(store_url) as store:
        rows = await compare(store, targets, read_filters(given))
    for linked, count in combinations(rows):
        click.echo(f"{count} source domains link to {' and '.join(linked)}", err=True)
    chosen = [*linking(rows, *wanted)]
    write_compared(chosen[:limit] if limit else chosen, targets, form, sys.stdout.buffer)
    sys.stdout.buffer.flush()
