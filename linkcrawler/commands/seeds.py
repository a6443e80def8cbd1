"""``linkcrawler seeds``, ``linkcrawler expand``: where seeds came from, what they yielded, and where more are near."""

import asyncio
from datetime import UTC, datetime

import click

from linkcrawler.commands.options import json_option, store_option
from linkcrawler.errors import UsageError


@click.command(short_help="Where seeds came from, and what they yielded.")
@store_option
@click.option("--each", is_flag=True, help="Each seed instead of each source.")
@click.option(
    "--endpoints", is_flag=True, help="What linking pages offer: feeds, WebSub hubs, webmention and pingback addresses."
)
@click.option("--forget", nargs=2, metavar="ORIGIN SOURCE", help="Delete the seeds of this source.")
@json_option
def seeds(store_url: str, each: bool, endpoints: bool, forget: tuple[str, str] | None, as_json: bool) -> None:
    """List the sources of seeds that the store keeps: exports, logs, sitemaps, feeds, expansions; with the number of
    pages that each names, how many were visited, how many of these link, and with how many links.

    \b
    Examples:
      linkcrawler seeds
      linkcrawler seeds --each --json | jq 'select(.links == 0)'
      linkcrawler seeds --endpoints
      linkcrawler seeds --forget ahrefs may.csv
    """
    if endpoints:
        asyncio.run(_endpoints(store_url, as_json))
    else:
        asyncio.run(_forget(store_url, *forget) if forget else _list(store_url, each, as_json))


async def _forget(store_url: str, origin: str, source: str) -> None:
    from pipelines.stores.connect import open_store

    async with open_store(store_url, create=False) as store:
        deleted = await store.seeds.forget(origin, source)
    if not deleted:
        raise UsageError(f"no seed came from {origin} {source!r}; linkcrawler seeds lists the sources")
    click.echo(f"{deleted} seeds deleted")


async def _endpoints(store_url: str, as_json: bool) -> None:
    import msgspec

    from pipelines.queries.endpoints import endpoints_of_linkers
    from pipelines.reports.terminal import printable
    from pipelines.stores.connect import open_store

    async with open_store(store_url, create=False) as store:
        found = await endpoints_of_linkers(store)
    if as_json:
        click.echo(msgspec.json.encode({"endpoints": found}))
        return
    for one in found:
        click.echo(printable(f"{one.kind}  {one.url}") + f": {one.pages} linking pages")
    if not found:
        click.echo("no linking page names a feed, a hub, or an address for webmention or pingback", err=True)


async def _list(store_url: str, each: bool, as_json: bool) -> None:
    import msgspec

    from pipelines.queries.seed_yield import seed_fates, seed_yields
    from pipelines.reports.terminal import printable
    from pipelines.stores.connect import open_store

    async with open_store(store_url, create=False) as store:
        if each:
            async for fates in seed_fates(store):
                for fate in fates:
                    seed = fate.seed
                    words = (
                        seed.url, seed.origin, seed.source, str(seed.row), "visited" if fate.visited else "new",
                        f"{fate.links} links",
                    )  # fmt: skip
                    click.echo(msgspec.json.encode(fate) if as_json else "\t".join(map(printable, words)))
            return
        found = await seed_yields(store)
    if as_json:
        click.echo(msgspec.json.encode({"sources": found}))
        return
    for one in found:
        click.echo(
            printable(f"{one.origin}  {one.source}")
            + f": {one.pages} pages, {one.visited} visited, {one.linking} link, {one.links} links"
        )
    if not found:
        click.echo("no seeds are kept yet: linkcrawler import, linkcrawler expand, or -a seeds=sitemap:...", err=True)


@click.command(short_help="Find seeds near known links.")
@store_option
@click.option("--target", "spec", required=True, metavar="TARGET", help="The target that is to be linked to.")
@click.option(
    "--by",
    "ways",
    multiple=True,
    type=click.Choice(["co-citation", "linking-site", "author", "syndication"]),
    help="How; may be repeated.  [default: all but co-citation, which needs competitors]",
)
@click.option(
    "--competitor", "competitors", multiple=True, metavar="TARGET", help="Besides those of linkcrawler targets."
)
def expand(store_url: str, spec: str, ways: tuple[str, ...], competitors: tuple[str, ...]) -> None:
    """Keep as seeds what lies near known links: pages of sites that link to two competitors and not to the target,
    front pages of linking sites, pages of their authors, originals of syndicated pages.

    ``linkcrawler seeds`` shows what each of them yielded, once a crawl has visited them.

    \b
    Examples:
      linkcrawler expand --target example.org
      linkcrawler expand --target example.org --by co-citation --competitor a.org --competitor b.org
      scrapy crawl backlinks -a target=example.org -a seeds=store:co-citation
    """
    asyncio.run(_expand(store_url, spec, ways, competitors))


async def _expand(store_url: str, spec: str, ways: tuple[str, ...], competitors: tuple[str, ...]) -> None:
    from linkcrawler.commands.opening import filled_store
    from linkcrawler.targets import parse_target
    from pipelines.queries.expansion import CO_CITATION, FROM_LINKS, expand

    target = parse_target(spec)
    async with filled_store(store_url) as store:
        watched = [rival for one in await store.history.watched() if one.target == spec for rival in one.competitors]
        rivals = [*competitors, *watched]
        chosen = ways or (*FROM_LINKS, *((CO_CITATION,) if rivals else ()))
        made = await expand(store, target, chosen, rivals, noted_at=datetime.now(UTC))
    for way, (pages, new) in made.items():
        click.echo(f"{way}: {pages} pages, {new} of them new")
    click.echo(f"visit them: scrapy crawl backlinks -a target={spec} -a seeds=store:new")
