"""``linkcrawler classify``: the post-processing stage, from stored links to verdicts."""

import asyncio

import click

from linkcrawler.commands.options import store_option
from linkcrawler.vocabulary import Mode


@click.command(short_help="Say how each link came to stand there.")
@store_option
@click.option("--all", "everything", is_flag=True, help="Judge every link anew, not only new and changed ones.")
def classify(store_url: str, everything: bool) -> None:
    """Gather the evidence for each link and say how it came to stand there.

    Links that are new, have changed or were judged by another model are judged; it may be stopped at any
    point and started again.

    \b
    Example:
      linkcrawler classify --store mongodb://localhost/links
    """
    asyncio.run(_classify(store_url, everything))


async def _classify(store_url: str, everything: bool) -> None:
    from linkcrawler.commands.opening import filled_store
    from linkcrawler.commands.screen import progress
    from pipelines.classification import classify
    from pipelines.evidence import load_signals
    from pipelines.model import load_model

    model, signals = load_model(), load_signals()
    async with filled_store(store_url) as store:
        with progress("classifying") as show:
            judged = await classify(store, model, signals, everything=everything, on_progress=show)
    modes = ", ".join(f"{judged[mode]} {mode}" for mode in sorted(Mode))
    click.echo(f"{judged.total()} links judged by model {model.id}: {modes}" if judged else "no link is due")
