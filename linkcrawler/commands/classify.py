"""``linkcrawler classify``: the post-processing stage, from stored links to verdicts."""

import asyncio

import click

from linkcrawler.commands.options import store_option
from linkcrawler.vocabulary import Mode


@click.command(short_help="Say how each link came to stand there.")
@store_option
@click.option("--all", "everything", is_flag=True, help="Judge every link anew, not only new and changed ones.")
@click.option(
    "--model", "wanted", metavar="FILE_OR_VERSION", help="Judge by another model: a file, or one of config/models/."
)
@click.option(
    "--shard", metavar="I/N", help="Judge the I-th of N parts of the links, so that N machines share the work."
)
def classify(store_url: str, everything: bool, wanted: str | None, shard: str | None) -> None:
    """Gather the evidence for each link and say how it came to stand there.

    Links that are new, have changed or were judged by another model are judged; it may be stopped at any
    point and started again.

    \b
    Examples:
      linkcrawler classify --store mongodb://localhost/links
      linkcrawler classify --store mongodb://db/links --shard 2/4     (the second of four machines)
      linkcrawler classify --model hand                               (the verdicts of an earlier model)
    """
    asyncio.run(_classify(store_url, everything, wanted, shard))


async def _classify(store_url: str, everything: bool, wanted: str | None, part: str | None) -> None:
    from linkcrawler.commands.opening import filled_store
    from linkcrawler.commands.screen import progress
    from pipelines.archive import find_model
    from pipelines.classification import classify
    from pipelines.evidence import load_signals
    from pipelines.model import load_model
    from pipelines.stores.ids import ALL_IDS, shard

    within = shard(part) if part else ALL_IDS
    model = find_model(wanted) if wanted else load_model()
    signals = load_signals(model)
    async with filled_store(store_url) as store:
        with progress("classifying") as show:
            judged = await classify(store, model, signals, everything=everything, within=within, on_progress=show)
    modes = ", ".join(f"{judged[mode]} {mode}" for mode in sorted(Mode))
    click.echo(f"{judged.total()} links judged by model {model.id}: {modes}" if judged else "no link is due")
