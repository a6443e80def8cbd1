"""``linkcrawler explain``: the story of one link in words."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from linkcrawler.commands.options import store_option

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.reports.story import Section


@click.command(short_help="Tell the story of one link.")
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
    from linkcrawler.commands.opening import filled_store
    from linkcrawler.commands.screen import screen
    from pipelines.imports.vocabulary import titles
    from pipelines.queries.finding import find_links
    from pipelines.queries.seed_yield import known_elsewhere
    from pipelines.reports.known import known_lines
    from pipelines.reports.reasons import signal_reasons
    from pipelines.reports.story import tell
    from pipelines.verdicts.model import load_model
    from pipelines.verdicts.overturn import overturn_by

    model = load_model()
    reasons = signal_reasons()
    async with filled_store(store_url) as store:
        found = await find_links(store, wanted)
        told = await known_elsewhere(store, found)
    console = screen()
    for link, seeds in zip(found, told, strict=True):
        changes = overturn_by(link.verdict, model) if link.verdict else None
        _print(tell(link, changes, reasons, [*known_lines(link, seeds, titles())]), console)


def _print(sections: "Sequence[Section]", console: "Console") -> None:
    from rich.padding import Padding
    from rich.text import Text

    for section in sections:
        console.print(Text(section.title, style="bold"))
        for line in section.lines:
            # An address stays in one piece, so that it can be copied.
            if "://" in line:
                console.print(Text(f"  {line}"), soft_wrap=True)
            else:
                indent = 2 + len(line) - len(line.lstrip())
                console.print(Padding(Text(line.lstrip()), (0, 0, 0, indent), expand=False))
        console.print()
