"""``linkcrawler train``: a model of one's own, from labelled links."""

from datetime import UTC, datetime
from pathlib import Path

import click

from linkcrawler.commands.options import pages_option


@click.command(short_help="Fit a model to labelled links.")
@click.option(
    "--labels",
    required=True,
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The labels, one JSON object a line; may be repeated.",
)
@pages_option
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The model file.")
@click.option("--version", required=True, metavar="NAME", help="The version that verdicts will carry.")
def train(labels: tuple[Path, ...], pages: Path, output: Path, version: str) -> None:
    """Fit the weights of the signals to labelled links and write a model file.

    Prints the model's figures, cross-validated by site over all labels; of several files, also those of each one's
    labels. Needs numpy and scipy: pip install 'linkcrawler[train]'.

    \b
    Example:
      linkcrawler train --labels dev.jsonl --pages pages/ --version 2 --output config/model.json
    """
    from linkcrawler.commands.figures import print_figures
    from linkcrawler.commands.screen import progress
    from linkcrawler.config import config_dir
    from pipelines.verdicts.archive import archive_model
    from pipelines.verdicts.model import save_model
    from pipelines.verdicts.training import train

    today = datetime.now(UTC).date()
    with progress("reading") as show:
        trained = train(labels, pages, version=version, today=today, on_progress=show)
    save_model(trained.model, output)
    if output.resolve() == config_dir() / "model.json":
        archive_model(trained.model)  # so that its verdicts can be had again once another one ships
    print_figures({"model": trained.model.id, **trained.model.figures}, as_json=False)
