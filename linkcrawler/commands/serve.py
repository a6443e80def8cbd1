"""``linkcrawler serve``: report, links and their stories in a browser, and the API."""

import asyncio
import getpass
import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from linkcrawler.frontier.redis.watch import Overview
    from pipelines.web.serving import CrawlLook, Fact, FrontierLook, Serving

LEAST_TOKEN = 16


@click.command(short_help="Show report and links in a browser.")
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8377, show_default=True, help="Port; 0: any free one.")
@click.option(
    "--host-name", "names", multiple=True, metavar="NAME", help="Name under which browsers ask (may be repeated)."
)
@click.option(
    "--token",
    envvar="LINKCRAWLER_WEB_TOKEN",
    default="",
    show_envvar=True,
    help="What visitors must know; required unless only this machine can ask.",
)
@click.option(
    "--frontier",
    "frontier_url",
    metavar="URL",
    envvar="LINKCRAWLER_FRONTIER",
    default="none",
    show_envvar=True,
    help="The frontier to show: redis://HOST/DB, sqlite:///FILE; none: that in the store's own file.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0.1),
    default=30.0,
    show_default=True,
    help="Requests a second that one client may send.",
)
def serve(
    store_url: str, host: str, port: int, names: tuple[str, ...], token: str, frontier_url: str, rate: float
) -> None:
    """Serve report, links and the story of each link to a browser, and the same as an API, until Ctrl-C.

    \b
    Examples:
      linkcrawler serve
      linkcrawler serve --store mongodb://localhost/links --port 9000
      LINKCRAWLER_WEB_TOKEN=... linkcrawler serve --host 0.0.0.0 --host-name links.example.org
    """
    from linkcrawler.credentials import without_password
    from pipelines.web.serving import LOOPBACK, Serving, is_loopback

    if not is_loopback(host) and len(token) < LEAST_TOKEN:
        raise UsageError(
            f"--host {host} can be reached from elsewhere: give visitors a token of at least {LEAST_TOKEN} characters "
            "with LINKCRAWLER_WEB_TOKEN, such as what this prints: "
            'python -c "import secrets; print(secrets.token_urlsafe())"'
        )
    by = ""
    with suppress(KeyError, OSError):  # a container that runs under a bare number has no name
        by = getpass.getuser()
    asked = {name.lower() for name in names} | (LOOPBACK if is_loopback(host) or not names else set()) | {host.lower()}
    with _listening(host, port) as listener:
        serving = Serving(
            hosts=frozenset(asked),
            store_name=without_password(store_url),
            token=token,
            by=by,
            rate=rate,
            burst=max(int(5 * rate), 1),
            frontier=_frontier_look(frontier_url, store_url),
        )
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(store_url, serving, listener))


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family)
    except OSError as error:
        raise UsageError(f"--host {host} --port {port}: cannot be listened at ({error.strerror})") from error


async def _serve(store_url: str, serving: "Serving", listener: socket.socket) -> None:
    try:
        from pipelines.web.app import build_app
        from pipelines.web.running import Server
    except ImportError as error:
        raise UsageError(
            f"serve needs packages that are not installed ({error.name}): pip install 'linkcrawler[web]'"
        ) from error
    from pipelines.stores.connect import open_store
    from pipelines.verdicts.model import load_model

    async with open_store(store_url, create=False) as store:
        server = Server(build_app(store, load_model(), serving))
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{port}/  (Ctrl-C ends it)")
        if (await store.totals()).links == 0:
            click.echo("The store holds no links yet; pages say how to fill it, and show links as a crawl finds them.")
        await server.listen(listener)


def _frontier_look(url: str, store_url: str) -> "FrontierLook | None":
    """What asks the frontier how it stands: the shared one, else the one in the SQLite store's own file."""
    from linkcrawler.frontier.connect import REDIS_SCHEMES, sqlite_path

    if urlsplit(url).scheme in REDIS_SCHEMES:
        return partial(_look_at_redis, url)
    path = sqlite_path(store_url if url == "none" else url)
    return partial(_look_at_file, path) if path else None


async def _look_at_redis(url: str) -> Sequence["CrawlLook"]:
    from scrapy.settings import BaseSettings

    from linkcrawler.frontier.redis import connection, watch

    client = connection.connect(url, BaseSettings())
    try:
        await connection.check(client, url)
        known = await watch.crawls(client) or [await watch.choose(client, "")]  # which says what to do without any
        return [_crawl_look(await watch.overview(client, crawl)) for crawl in known]
    finally:
        await client.aclose()


def _crawl_look(seen: "Overview") -> "CrawlLook":
    from pipelines.web.serving import CrawlLook

    counts = ("queued", "leased", "done", "skipped", "dead", "waiting_hosts", "ready_hosts", "expired", "violations")
    facts: dict[str, Fact] = {"state": seen.state, "round": seen.round}
    facts |= {name.replace("_", " "): getattr(seen, name) for name in counts}
    return CrawlLook(name=seen.crawl, about=seen.about, facts=facts)


async def _look_at_file(path: "Path") -> Sequence["CrawlLook"]:
    from linkcrawler.frontier.embedded_watch import overview
    from pipelines.web.serving import CrawlLook

    seen = await asyncio.to_thread(overview, path)
    if seen is None:
        return []
    states: dict[str, Fact] = {f"crawls {state}": count for state, count in seen.states.items()}
    return [CrawlLook(facts=states | seen.urls)]
