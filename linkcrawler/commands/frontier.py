"""``linkcrawler frontier``: look at a shared frontier, and give up or take up again what is in it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import click

from linkcrawler.commands.screen import print_json

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")
_OPTIONS = (
    click.option(
        "--frontier", "url", metavar="URL", envvar="LINKCRAWLER_FRONTIER", default="none", show_envvar=True,
        help="The Redis that the crawl shares: redis://HOST/DB.",
    ),
    click.option("--crawl", default="", metavar="KEY", help="Which crawl, if there are several: how its key begins."),
)  # fmt: skip
_json = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")


def _on_crawl(command: Callable[..., None]) -> Callable[..., None]:
    for option in _OPTIONS:
        command = option(command)
    return command


@click.group()
def frontier() -> None:
    """Look after a frontier that several workers share in Redis.

    \b
    Examples:
      linkcrawler frontier status --frontier redis://localhost/0
      linkcrawler frontier dead --frontier redis://localhost/0 --json
    """


@frontier.command()
@_on_crawl
@_json
def status(url: str, crawl: str, as_json: bool) -> None:
    """Queue, leases, ready hosts, what was refused and why.

    \b
    Example:
      linkcrawler frontier status --frontier redis://localhost/0 --json
    """
    from linkcrawler.frontier.redis import watch

    seen = _ask(url, crawl, watch.overview)
    if as_json:
        print_json(seen)
        return
    print(f"{seen.crawl}  {seen.about}\n{seen.state}, round {seen.round}")
    print(f"queued {seen.queued:,}  leased {seen.leased:,}  done {seen.done:,}  not asked for {seen.skipped:,}  "
          f"given up {seen.dead:,}  known addresses {seen.seen:,}")  # fmt: skip
    oldest = "" if seen.oldest_lease is None else f"  oldest lease {seen.oldest_lease:.1f} s"
    print(f"hosts waiting {seen.waiting_hosts:,}, of them ready {seen.ready_hosts:,}{oldest}")
    print(f"leases that ran out {seen.expired:,}  late answers {seen.late:,}  violations {seen.violations:,}")
    if seen.refused:
        print("refused: " + ", ".join(f"{number:,} {reason}" for reason, number in seen.refused.items()))


@frontier.command()
@_on_crawl
@_json
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="How many hosts.")
def hosts(url: str, crawl: str, as_json: bool, top: int) -> None:
    """The waiting hosts with the longest queues.

    \b
    Example:
      linkcrawler frontier hosts --frontier redis://localhost/0 --top 20
    """
    from linkcrawler.frontier.redis import watch

    found = _ask(url, crawl, lambda client, key: watch.hosts(client, key, top))
    if as_json:
        print_json(found)
        return
    for host in found:
        print(f"{host.queued:>10,}  {host.ready_in:>8.1f} s  {host.host}")


@frontier.command()
@_on_crawl
@_json
@click.option("--top", type=click.IntRange(min=1), default=100, show_default=True, help="How many addresses.")
def dead(url: str, crawl: str, as_json: bool, top: int) -> None:
    """Addresses that were given up, newest first, with the reason.

    \b
    Example:
      linkcrawler frontier dead --frontier redis://localhost/0 --top 20
    """
    from linkcrawler.frontier.redis import watch

    found = _ask(url, crawl, lambda client, key: watch.dead(client, key, top))
    if as_json:
        print_json(found)
        return
    for given_up in found:
        at = datetime.fromtimestamp(given_up.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        print(f"{at}  {given_up.url}  ({given_up.reason}; attempt {given_up.attempts})")


@frontier.command()
@_on_crawl
def requeue(url: str, crawl: str) -> None:
    """Queue everything that was given up again; the next or the running crawl fetches it.

    \b
    Example:
      linkcrawler frontier requeue --frontier redis://localhost/0
    """
    from linkcrawler.frontier.redis import watch

    print(f"{_ask(url, crawl, watch.requeue):,} addresses queued again")


@frontier.command()
@_on_crawl
@click.option("--yes", is_flag=True, help="Do not ask.")
def clear(url: str, crawl: str, yes: bool) -> None:
    """Delete a crawl's queue and its memory of known addresses. What was stored of its pages stays.

    \b
    Example:
      linkcrawler frontier clear --frontier redis://localhost/0 --yes
    """
    from linkcrawler.frontier.redis import watch

    if not yes:
        click.confirm("Delete the crawl's frontier? Workers that run on it stop.", abort=True)
    print(f"{_ask(url, crawl, watch.clear):,} keys deleted")


def _ask(url: str, crawl: str, question: "Callable[[Redis, str], Awaitable[T]]") -> T:
    async def ask() -> T:
        from scrapy.settings import BaseSettings

        from linkcrawler.errors import UsageError
        from linkcrawler.frontier.connect import REDIS_SCHEMES
        from linkcrawler.frontier.redis import connection, watch

        if urlsplit(url).scheme not in REDIS_SCHEMES:
            raise UsageError(
                f"--frontier {url}: expected the Redis that the workers share, such as redis://localhost/0; a crawl in "
                "one process keeps its frontier in its own file and needs no looking after"
            )
        client = connection.connect(url, BaseSettings())
        try:
            await connection.check(client, url)
            return await question(client, await watch.choose(client, crawl))
        finally:
            await client.aclose()

    return asyncio.run(ask())
