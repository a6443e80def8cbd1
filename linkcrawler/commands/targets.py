"""``linkcrawler targets``: what is watched, for whom, and what belongs to it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcrawler.commands.options import json_option, store_option
from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.stores.history import Watched


@click.group(short_help="Targets, their owned domains, brand names and competitors, by project.")
def targets() -> None:
    """Keep what is watched in the store.

    \b
    Examples:
      linkcrawler targets add example.org --project acme --owned example.net --brand "Example Ltd"
      linkcrawler targets import projects.toml
      scrapy crawl backlinks -a target=$(linkcrawler targets specs --project acme) -a seeds=seeds.txt
    """


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


@targets.command()
@click.argument("target")
@store_option
@click.option("--project", default="", metavar="NAME", help="The project that it belongs to.")
@click.option("--owned", multiple=True, metavar="SITE,SITE", help="Sites that belong to it; classify uses them.")
@click.option("--brand", "brands", multiple=True, metavar="NAME", help="A brand name (may be repeated).")
@click.option("--competitor", "competitors", multiple=True, metavar="TARGET", help="Whom to compare it with.")
def add(
    target: str,
    store_url: str,
    project: str,
    owned: tuple[str, ...],
    brands: tuple[str, ...],
    competitors: tuple[str, ...],
) -> None:
    """Store a target, in the place of what was known of it.

    \b
    Example:
      linkcrawler targets add example.org --project acme --owned example.net --competitor other.org
    """
    from pipelines.queries.projects import watched

    asyncio.run(_put(store_url, [watched(target, project, _split(owned), brands, _split(competitors))]))


@targets.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@store_option
def import_file(file: Path, store_url: str) -> None:
    """Store the targets of a TOML file, each in the place of what was known of it.

    \b
    [[target]]
    target = "example.org"
    project = "acme"
    owned = ["example.net"]
    brands = ["Example Ltd"]
    competitors = ["other.org"]

    \b
    Example:
      linkcrawler targets import projects.toml
    """
    from pipelines.queries.projects import read_projects

    asyncio.run(_put(store_url, read_projects(file.read_bytes(), str(file))))


@targets.command("list")
@store_option
@click.option("--project", metavar="NAME", help="Only of this project.")
@json_option
def list_targets(store_url: str, project: str | None, as_json: bool) -> None:
    """List the targets, by project.

    \b
    Example:
      linkcrawler targets list --project acme
    """
    import msgspec

    found = asyncio.run(_read(store_url, project))
    if as_json:
        click.echo(msgspec.json.encode({"targets": found}))
        return
    for one in found:
        more = [f"{name}: {', '.join(values)}" for name, values in (
            ("owned", one.owned), ("brands", one.brands), ("competitors", one.competitors)) if values]  # fmt: skip
        click.echo("  ".join([one.project or "-", one.target, *more]))


@targets.command()
@store_option
@click.option("--project", metavar="NAME", help="Only of this project.")
@click.option("--competitors", is_flag=True, help="Their competitors too.")
def specs(store_url: str, project: str | None, competitors: bool) -> None:
    """Print the targets as a crawl takes them, so that one crawl watches all.

    \b
    Example:
      scrapy crawl recheck -a target=$(linkcrawler targets specs --project acme)
    """
    found = asyncio.run(_read(store_url, project))
    also = [spec for one in found for spec in one.competitors] if competitors else []
    wanted = dict.fromkeys([*(one.target for one in found), *also])
    if not wanted:
        raise UsageError("no target is stored: add one with linkcrawler targets add example.org")
    click.echo(",".join(wanted))


@targets.command()
@click.argument("names", nargs=-1, required=True, metavar="TARGET...")
@store_option
def remove(names: tuple[str, ...], store_url: str) -> None:
    """Watch these no longer. Their links stay.

    \b
    Example:
      linkcrawler targets remove example.org
    """

    async def drop() -> int:
        from pipelines.stores.connect import open_store

        async with open_store(store_url, create=False) as store:
            return await store.history.drop_watched(names)

    click.echo(f"{asyncio.run(drop())} targets removed")


async def _put(store_url: str, found: "Sequence[Watched]") -> None:
    from pipelines.stores.connect import open_store

    async with open_store(store_url) as store:
        await store.history.put_watched(found)
    click.echo(f"{len(found)} targets stored")


async def _read(store_url: str, project: str | None) -> "list[Watched]":
    from pipelines.stores.connect import open_store

    async with open_store(store_url, create=False) as store:
        return [one for one in await store.history.watched() if project in (None, one.project)]
