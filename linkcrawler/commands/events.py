"""``linkcrawler events`` and ``linkcrawler notify``: what happened to links, listed or sent."""

import asyncio
import csv
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linkcrawler.commands.options import store_option
from linkcrawler.errors import LinkcrawlerError, UsageError
from linkcrawler.vocabulary import EventKind, Reason

if TYPE_CHECKING:
    from pipelines.events.channels import Channel
    from pipelines.events.notifying import Wish
    from pipelines.stores.history import EventFilter

_KINDS = click.Choice([kind.value for kind in EventKind])
_REASONS = click.Choice([reason.value for reason in Reason])


def _since(text: str) -> datetime:
    from pipelines.queries.moments import start_time

    return start_time(text, datetime.now(UTC))


def _until(text: str) -> datetime:
    from pipelines.queries.moments import end_time

    return end_time(text, datetime.now(UTC))


_since_option = click.option(
    "--since", type=_since, metavar="TIME", default="7d", show_default=True, help="A day, a time, or how long ago (7d)."
)
_kind_option = click.option("--kind", "kinds", type=_KINDS, multiple=True, help="Only these (may be repeated).")
_target_option = click.option("--target", default="", help="A watched target, as the crawl was given it.")


@click.command(short_help="What happened to links: appeared, changed, lost, returned.")
@store_option
@_since_option
@click.option("--until", type=_until, metavar="TIME", help="On this day or time, or earlier.")
@_kind_option
@click.option("--reason", "reasons", type=_REASONS, multiple=True, help="Only for these reasons (may be repeated).")
@_target_option
@click.option("--link", default="", metavar="ID", help="Of this link.")
@click.option("--source-url", default="", metavar="URL", help="Of the links of this page.")
@click.option("--limit", type=click.IntRange(0), default=0, help="At most so many; 0: all.")
@click.option(
    "--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True,
    help="Output form.",
)  # fmt: skip
def events(store_url: str, kinds: tuple[str, ...], reasons: tuple[str, ...], form: str, **where: Any) -> None:
    """List what happened to links, oldest first, as visits and verdicts tell it.

    \b
    Examples:
      linkcrawler events --since 7d
      linkcrawler events --since 2026-01-01 --kind lost --target example.org --format csv > lost.csv
    """
    from pipelines.stores.history import EventFilter

    asyncio.run(_list(store_url, EventFilter(kinds=kinds, reasons=reasons, **where), form))


async def _list(store_url: str, where: "EventFilter", form: str) -> None:
    from pipelines.events.deriving import bring_up_to_date
    from pipelines.events.message import FIELDS, as_record
    from pipelines.stores.connect import open_store

    table = csv.writer(sys.stdout, lineterminator="\n")
    count = 0
    async with open_store(store_url, create=False) as store:
        await bring_up_to_date(store, now=datetime.now(UTC), pace=_pace())
        if form == "csv":
            table.writerow(FIELDS)
        async for batch in store.history.events(where):
            for record in map(as_record, batch):
                count += 1
                if form == "jsonl":
                    click.echo(json.dumps(record, ensure_ascii=False))
                elif form == "csv":
                    table.writerow(record.values())
                else:
                    click.echo(_line(record))
    if not count:
        click.echo("nothing happened, as far as visits tell", err=True)


def _line(record: dict[str, str | None]) -> str:
    what = f"{record['before']!r} -> {record['now']!r}" if record["before"] or record["now"] else ""
    kind = " ".join(filter(None, (record["kind"], record["reason"])))
    at = str(record["at"])[:16].replace("T", " ")
    return f"{at}  {kind:<24}  {record['source_url']} -> {record['target_url']}  {what}".rstrip()


def _pace() -> Any:
    """The bounds that the environment gives, as a recheck reads them."""
    from scrapy.settings import Settings

    from linkcrawler import settings as defaults
    from pipelines.intake.known_pages import pace_of

    names = [name for name in dir(defaults) if name.startswith("LINKCRAWLER_RECHECK_")]
    return pace_of(Settings({name: getattr(defaults, name) for name in names}))


@click.command(short_help="Send what happened to a webhook or by mail.")
@store_option
@_since_option
@_kind_option
@_target_option
@click.option("--webhook", "webhook_url", metavar="URL", help="Send signed JSON to this address.")
@click.option(
    "--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="Holds the secret that signs requests.  [default: $LINKCRAWLER_WEBHOOK_SECRET]",
)  # fmt: skip
@click.option("--mail-to", multiple=True, metavar="ADDRESS", help="Send a digest to this address (may be repeated).")
@click.option("--mail-from", default="linkcrawler@localhost", show_default=True, metavar="ADDRESS", help="The sender.")
@click.option("--at-once", type=click.IntRange(1), default=100, show_default=True, help="Events in one message.")
@click.option("--attempts", type=click.IntRange(1), default=6, show_default=True, help="Attempts per message.")
@click.option("--pause", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between two.")
def notify(
    store_url: str,
    since: datetime,
    kinds: tuple[str, ...],
    target: str,
    webhook_url: str | None,
    secret_file: Path | None,
    mail_to: tuple[str, ...],
    mail_from: str,
    at_once: int,
    attempts: int,
    pause: float,
) -> None:
    """Send events that became known since then and that the receiver has not confirmed yet, each at least once.

    Meant for a timer. What is not taken stays for the next run; the exit status is then 1. The mail server is that of
    $LINKCRAWLER_SMTP: smtp://, smtp+starttls:// or smtps://USER:PASSWORD@HOST:PORT.

    \b
    Examples:
      linkcrawler notify --webhook https://example.org/hooks/links --kind lost --kind returned
      linkcrawler notify --mail-to ann@example.org --since 1d
    """
    from pipelines.events import channels
    from pipelines.events.notifying import Wish

    wish = Wish(
        kinds=kinds or tuple(kind.value for kind in EventKind),
        target=target,
        noted_from=since,
        at_once=at_once,
        attempts=attempts,
        pause=pause,
    )
    receivers: list[Channel] = []
    if webhook_url:
        secret = secret_file.read_text(encoding="utf-8").strip() if secret_file else ""
        receivers.append(channels.webhook(webhook_url, secret or os.environ.get("LINKCRAWLER_WEBHOOK_SECRET", "")))
    if mail_to:
        server = os.environ.get("LINKCRAWLER_SMTP", "smtp://localhost:25")
        receivers.append(channels.mail(server, mail_from, mail_to))
    if not receivers:
        raise UsageError("nobody to notify: give --webhook URL, --mail-to ADDRESS or both")
    asyncio.run(_notify(store_url, receivers, wish))


async def _notify(store_url: str, receivers: "list[Channel]", wish: "Wish") -> None:
    from pipelines.events.deriving import bring_up_to_date
    from pipelines.events.notifying import notify as send
    from pipelines.stores.connect import open_store

    problems = []
    async with open_store(store_url, create=False) as store:
        await bring_up_to_date(store, now=datetime.now(UTC), pace=_pace())
        for channel in receivers:
            sent = await send(store, channel, wish)
            click.echo(f"{channel.key}: {sent.events} events in {sent.messages} messages")
            problems += [sent.problem] if sent.problem else []
    if problems:
        raise LinkcrawlerError(f"not all was taken, the rest waits for the next run: {'; '.join(problems)}")
