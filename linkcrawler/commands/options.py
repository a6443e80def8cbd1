"""Options that several commands share."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

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


json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")


pages_option = click.option(
    "--pages",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that holds the saved pages (.html or .html.gz) that the labels name.",
)


def labelled_pages_options(command: F) -> F:
    """Give a click command ``--labels`` and ``--pages``."""
    for option in (
        pages_option,
        click.option(
            "--labels",
            required=True,
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The labels, one JSON object a line.",
        ),
    ):
        command = option(command)
    return command


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
