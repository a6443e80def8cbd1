"""``linkcrawler evaluate``: how well links and dates are read, measured on labelled saved pages."""

from pathlib import Path

import click

from linkcrawler.commands.options import json_option, labelled_pages_options


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
