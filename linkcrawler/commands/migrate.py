"""``linkcrawler migrate``: bring a store of an older release forward."""

import asyncio

import click

from linkcrawler.commands.options import store_option


@click.command(short_help="Bring a store of an older release forward.")
@store_option
@click.option("--dry-run", is_flag=True, help="Only say what there is to do.")
def migrate(store_url: str, dry_run: bool) -> None:
    """Bring the store to the schema version of this release.

    Stop crawls first, and make a copy of the store (docs/store.md). It works in small steps: stopped or killed at any
    moment, it goes on when it is run again. A store that is up to date is left as it is.

    \b
    Examples:
      linkcrawler migrate --dry-run
      linkcrawler migrate --store mongodb://localhost/links
    """
    asyncio.run(_migrate(store_url, dry_run))


async def _migrate(store_url: str, dry_run: bool) -> None:
    from pipelines.stores.migrating import migrate
    from pipelines.stores.versions import SCHEMA_VERSION

    def show(collection: str, done: int) -> None:
        click.echo(f"{collection}: {done:,}", err=True)

    made = await migrate(store_url, dry_run=dry_run, on_progress=show)
    if made.found == SCHEMA_VERSION:
        click.echo(f"the store has schema version {SCHEMA_VERSION}: nothing to do")
        return
    work = ", ".join(f"{count:,} {name}" for name, count in made.documents.items())
    verb = "would bring" if dry_run else "brought"
    click.echo(f"{verb} the store from schema version {made.found} to {SCHEMA_VERSION}: {work}")
