"""``linkcrawler backdate``: archived captures of known pages bound when their links appeared."""

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcrawler.commands.options import store_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkcrawler.archives.cdx import Captured, Captures
    from linkcrawler.records import Link
    from pipelines.stores.link_filter import LinkFilter
    from pipelines.stores.protocol import Store


@click.command(short_help="Bound when links appeared, by archived captures of their pages.")
@store_option
@click.option("--target", default="", help="Only links to this target, as it was crawled for.")
@click.option("--source-url", multiple=True, metavar="URL", help="Only links on this page; may be repeated.")
@click.option("--limit", default=100, show_default=True, help="Pages to look up at most; 0: all.")
@click.option(
    "--index",
    default="https://index.commoncrawl.org/collinfo.json",
    show_default=True,
    metavar="URL",
    help="A CDX server, or a list of them as Common Crawl has it.",
)
@click.option(
    "--files",
    default="https://data.commoncrawl.org/",
    show_default=True,
    metavar="URL",
    help="Where the files lie that the index names.",
)
@click.option("--delay", default=1.0, show_default=True, help="Seconds between two requests to one server.")
@click.option(
    "--cache",
    default=".linkcrawler-cdx",
    show_default=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where answers are kept; may be deleted at any time.",
)
def backdate(
    store_url: str,
    target: str,
    source_url: tuple[str, ...],
    limit: int,
    index: str,
    files: str,
    delay: float,
    cache: Path,
) -> None:
    """Look the pages of links up in a web archive, and halve the time in which each link must have appeared.

    Some seven captures of a page are read out of a hundred. Each becomes a visit at its own time, so that first_seen
    and the appearance of the link follow.

    \b
    Example:
      linkcrawler backdate --target example.org --limit 500
    """
    from linkcrawler.archives.asking import Asking
    from linkcrawler.archives.cdx import Captures
    from linkcrawler.settings import USER_AGENT
    from pipelines.stores.link_filter import HYPERLINK, LinkFilter

    asking = Asking(cache, USER_AGENT, delay)
    where = LinkFilter(target=target, source_urls=source_url, kind=HYPERLINK)
    counts = asyncio.run(_backdate(store_url, where, limit, Captures(asking, index, files)))
    told = ", ".join(f"{number:,} {name}" for name, number in counts.items()) or "no links"
    click.echo(f"{told}; {asking.asked:,} requests", err=True)


async def _backdate(store_url: str, where: "LinkFilter", limit: int, captures: "Captures") -> Counter[str]:
    from linkcrawler.archives.bisecting import bisect
    from linkcrawler.capture import load_vocabulary
    from linkcrawler.commands.opening import filled_store
    from linkcrawler.targets import parse_target

    vocabulary, counts = load_vocabulary(), Counter[str]()
    async with filled_store(store_url) as store:
        targets = tuple(map(parse_target, await store.targets()))
        for url, links in (await _pages(store, where, limit)).items():
            bounds = [link.appearance.not_before for link in links]
            after = None if None in bounds else min(filter(None, bounds))
            found = captures.of(url, after=after, before=max(link.first_seen for link in links))
            look = partial(captures.visit, targets=targets, vocabulary=vocabulary)
            visits = bisect(found, {link.target_url: _between(link, found) for link in links}, look)
            await store.put(visits)
            counts.update({"pages": 1, "captures": len(found), "captures read": len(visits)})
    return counts


def _between(link: "Link", captures: "Sequence[Captured]") -> tuple[int, int]:
    """The captures between which the link is not known to be there or not."""
    bound = link.appearance.not_before
    early = sum(bound is not None and one.at <= bound for one in captures)
    return early - 1, sum(one.at < link.first_seen for one in captures)


async def _pages(store: "Store", where: "LinkFilter", limit: int) -> "dict[str, list[Link]]":
    """The links by their page, for as many pages as may be looked up."""
    pages: dict[str, list[Link]] = {}
    async for link in store.links(where):
        if link.source_url in pages or not limit or len(pages) < limit:
            pages.setdefault(link.source_url, []).append(link)
    return pages
