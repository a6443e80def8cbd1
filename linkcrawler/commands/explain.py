"""``linkcrawler explain``: the story of one link in words."""

import asyncio

import click

from linkcrawler.commands.options import store_option


@click.command()
@click.argument("link", metavar="LINK_ID_OR_SOURCE_URL")
@store_option
def explain(link: str, store_url: str) -> None:
    """Tell where a link stands, since when, what speaks for the verdict and what would overturn it.

    \b
    Examples:
      linkcrawler explain 9f86d081884c7d65
      linkcrawler explain https://some.blog/post      (every link of that page)
    """
    asyncio.run(_explain(link, store_url))


async def _explain(wanted: str, store_url: str) -> None:
    from pipelines.finding import find_links
    from pipelines.model import load_model
    from pipelines.story import print_story
    from rich.console import Console

    from linkcrawler.commands.opening import filled_store
    from pipelines.evidence import load_signals

    model, signals = load_model(), load_signals()
    async with filled_store(store_url) as store:
        found = await find_links(store, wanted)
    console = Console()
    for link in found:
        print_story(link, model, signals, console)
