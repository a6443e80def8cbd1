"""``linkcrawler backup`` and ``linkcrawler restore``: a copy of the whole store, and back."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click

from linkcrawler.commands.options import store_option

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Write a copy of the whole store.")
@click.argument("file", type=_FILE)
@store_option
def backup(file: Path, store_url: str) -> None:
    """Write a copy of the whole store to FILE, while crawls may go on.

    The copy of an SQLite store is one itself; that of a MongoDB database is a gzip file for restore.

    \b
    Examples:
      linkcrawler backup links-2026-06-01.db
      linkcrawler backup links-2026-06-01.gz --store mongodb://localhost/links
    """
    from pipelines.stores.backup import back_up

    click.echo(_said("copied", asyncio.run(back_up(store_url, file))))


@click.command(short_help="Put a copy of a store back.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@store_option
def restore(file: Path, store_url: str) -> None:
    """Put the copy in FILE back where no store is.

    \b
    Example:
      linkcrawler restore links-2026-06-01.gz --store mongodb://localhost/links_again
    """
    from pipelines.stores.backup import restore as put_back

    click.echo(_said("restored", asyncio.run(put_back(file, store_url))))


def _said(verb: str, counts: Mapping[str, int]) -> str:
    return f"{verb}: " + ", ".join(f"{number:,} {name}" for name, number in sorted(counts.items()) if number)
