"""``linkcrawler evaluate``: how well links and dates are read, measured on labelled saved pages."""

from pathlib import Path

import click

from linkcrawler.commands.options import json_option, labelled_pages_options
from linkcrawler.errors import UsageError


@click.group(short_help="Measure quality on labelled pages.")
def evaluate() -> None:
    """Measure quality on labelled pages.

    \b
    Example:
      linkcrawler evaluate links --labels dev.jsonl --pages pages/
    """


@evaluate.command()
@labelled_pages_options
@json_option
@click.option("--ablate", is_flag=True, help="Also tell what each signal is worth: macro-F1 lost without it.")
@click.option(
    "--errors",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write a page to read: each placement judged otherwise than labelled, its words, its evidence.",
)
def links(labels: Path, pages: Path, as_json: bool, ablate: bool, errors: Path | None) -> None:
    """Compare verdicts with labelled links.

    Each labelled placement is captured and classified from its saved page alone; one that is not found counts as
    wrong everywhere.

    \b
    Example:
      linkcrawler evaluate links --labels dev.jsonl --pages pages/ --json
    """
    from linkcrawler.commands.figures import print_figures
    from linkcrawler.commands.screen import progress
    from pipelines.evaluation.errors import errors_html
    from pipelines.evaluation.links import evaluate_links

    with progress("judging") as show:
        measured = evaluate_links(labels, pages, ablate=ablate, on_progress=show)
    if errors:
        _write_page(errors, errors_html(measured))
    print_figures(measured.to_json(), as_json=as_json)


def _write_page(path: Path, page: str) -> None:
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise UsageError(f"--errors {path}: {error}; name a file in a folder that exists") from error


@evaluate.command()
@labelled_pages_options
@json_option
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
