"""``linkcrawler label`` and ``linkcrawler labels``: what a person says of links, and that as labels."""

import asyncio
import getpass
import sys
from datetime import UTC, datetime

import click

from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError
from linkcrawler.vocabulary import Channel, Mode

_MODES = click.Choice(sorted(mode.value for mode in Mode))
_CHANNELS = click.Choice(sorted(channel.value for channel in Channel))


@click.command(short_help="Say yourself how a link came to stand there.")
@click.argument("link", metavar="LINK_ID_OR_SOURCE_URL")
@click.option("--mode", type=_MODES, help="How the link came to stand there.")
@click.option("--channel", type=_CHANNELS, help="How, more closely; its mode follows from it.")
@click.option("--note", default="", metavar="TEXT", help="Why: what you know that the page does not show.")
@click.option("--by", metavar="NAME", help="Who says so.  [default: your login name]")
@click.option("--every", is_flag=True, help="If a page was named: all its links, not only a single one.")
@click.option("--remove", is_flag=True, help="Take back what was said; the verdict counts again.")
@store_option
def label(
    link: str,
    mode: str | None,
    channel: str | None,
    note: str,
    by: str | None,
    every: bool,
    remove: bool,
    store_url: str,
) -> None:
    """Overrule the verdict on a link, for good: classify goes on judging it, but what you say counts.

    \b
    Examples:
      linkcrawler label 9f86d081884c7d65 --channel guest_post --note "we wrote it, May 2026"
      linkcrawler label https://some.blog/post --mode passive --every
      linkcrawler label 9f86d081884c7d65 --remove
    """
    if remove == bool(mode or channel):
        raise UsageError("say either what it is (--mode, --channel or both) or --remove")
    asyncio.run(_label(link, mode, channel, (by or _user(), note), every, store_url))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # a container that runs under a bare number
        raise UsageError("this system has no name for its user: say with --by who judges, such as --by ann") from error


async def _label(
    wanted: str, mode: str | None, channel: str | None, told: tuple[str, str], every: bool, store_url: str
) -> None:
    from linkcrawler.commands.opening import filled_store
    from pipelines.queries.finding import find_links
    from pipelines.queries.overruling import override_of, several

    by, note = told
    at = datetime.now(UTC)
    async with filled_store(store_url) as store:
        found = await find_links(store, wanted)
        if len(found) > 1 and not every:
            raise UsageError(several(wanted, found))
        for link in found:
            override = override_of(link, mode, channel, by=by, note=note, at=at) if mode or channel else None
            await store.put_override(link.id, override)
            said = f"{override.mode}, {override.channel}" if override else "no longer overruled"
            click.echo(f"{link.id} {link.source_url} -> {link.target_url}: {said}")


@click.command(short_help="Write what people said of links as labels.")
@store_option
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="Output form.")
def labels(store_url: str, form: str) -> None:
    """Write every link that a person judged as a label, one JSON object a line, ordered by link id.

    The form is that of ``train`` and ``evaluate links``; ``file`` names the page as it must be saved for these.

    \b
    Example:
      linkcrawler labels --format jsonl > labels.jsonl
    """
    asyncio.run(_labels(store_url))


async def _labels(store_url: str) -> None:
    import msgspec

    from linkcrawler.commands.opening import filled_store
    from pipelines.queries.overruling import label_of
    from pipelines.stores.protocol import LinkFilter

    count = 0
    async with filled_store(store_url) as store:
        async for link in store.links(LinkFilter(overruled=True)):
            sys.stdout.buffer.write(msgspec.json.encode(label_of(link)) + b"\n")
            count += 1
    sys.stdout.buffer.flush()
    if not count:
        click.echo("nobody has judged a link yet: linkcrawler label LINK --channel ...", err=True)
