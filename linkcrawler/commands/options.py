"""Options that several commands share."""

from collections.abc import Callable
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
