"""``linkcrawler evaluate``: how well links and dates are read, measured on labelled saved pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _measuring(command: F) -> F:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text."),
        click.option(
            "--pages",
            required=True,
            metavar="DIR",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="The folder that holds the saved pages (.html or .html.gz) that the labels name.",
        ),
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


@click.group(short_help="Measure quality on labelled pages.")
def evaluate() -> None:
    """Measure quality on labelled pages.

    \b
    Example:
      linkcrawler evaluate links --labels dev.jsonl --pages pages/
    """


@evaluate.command()
@_measuring
@click.option("--ablate", is_flag=True, help="Also tell what each signal is worth: macro-F1 lost without it.")
def links(labels: Path, pages: Path, as_json: bool, ablate: bool) -> None:
    """Compare verdicts with labelled links.

    Each labelled placement is captured and classified from its saved page alone; one that is not found counts as
    wrong everywhere.

    \b
    Example:
      linkcrawler evaluate links --labels dev.jsonl --pages pages/ --json
    """
    from linkcrawler.commands.figures import print_figures
    from linkcrawler.commands.screen import progress
    from pipelines.evaluation.links import evaluate_links

    with progress("judging") as show:
        figures = evaluate_links(labels, pages, ablate=ablate, on_progress=show).to_json()
    print_figures(figures, as_json=as_json)


@evaluate.command()
@_measuring
def dates(labels: Path, pages: Path, as_json: bool) -> None:
    """Compare publication dates read from pages with their true ones.

    \b
    Example:
      linkcrawler evaluate dates --labels dates_dev.jsonl --pages pages/ --json
    """
    from linkcrawler.commands.figures import print_figures
    from linkcrawler.commands.screen import progress
    from pipelines.evaluation.dates import evaluate_dates

    with progress("dating") as show:
        figures = evaluate_dates(labels, pages, on_progress=show).as_json()
    print_figures(figures, as_json=as_json)
