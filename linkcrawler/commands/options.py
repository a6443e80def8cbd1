"""Options that several commands share."""

from datetime import UTC, date, datetime, time

import click

store_option = click.option(
    "--store",
    "store_url",
    metavar="URL",
    envvar="LINKCRAWLER_STORE",
    default="sqlite:///linkcrawler.db",
    show_default=True,
    show_envvar=True,
    help="The database that the crawl filled: sqlite:///FILE or mongodb://HOST/DATABASE.",
)


def start_time(text: str) -> datetime:
    """A lower bound: a day counts from its beginning."""
    return _moment(text, time())


def end_time(text: str) -> datetime:
    """An upper bound: a day counts to its end (in milliseconds, the precision of stored times)."""
    return _moment(text, time(23, 59, 59, 999_000))


def _moment(text: str, clock: time) -> datetime:
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), clock, UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is neither a day (2026-01-31) nor a time (2026-01-31T12:00:00Z)."
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
