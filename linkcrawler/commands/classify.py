"""``linkcrawler classify``: the post-processing stage, from stored links to verdicts."""

import asyncio
import gc
from typing import TYPE_CHECKING

import click

from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError
from linkcrawler.vocabulary import Mode

if TYPE_CHECKING:
    from pipelines.stores.protocol import Store


@click.command(short_help="Say how each link came to stand there.")
@store_option
@click.option("--all", "everything", is_flag=True, help="Judge every link anew, not only new and changed ones.")
@click.option(
    "--model",
    "wanted",
    metavar="FILE_OR_VERSION",
    help="Judge by the weights of another model: a file, or one of config/models/.",
)
@click.option(
    "--shard", metavar="I/N", help="Judge the I-th of N parts of the links, so that N machines share the work."
)
@click.option(
    "--patterns",
    "when",
    type=click.Choice(["first", "only", "skip"]),
    help="Search for what repeats over many sites before judging (default), only that, or not (default with --shard).",
)
@click.option(
    "--owned",
    multiple=True,
    metavar="TARGET=SITE[,SITE...]",
    help="Sites that belong to a target, beside those that projects list; kept in the store. May be repeated; "
    "an empty list forgets them.",
)
def classify(
    store_url: str, everything: bool, wanted: str | None, shard: str | None, when: str | None, owned: tuple[str, ...]
) -> None:
    """Gather the evidence for each link and say how it came to stand there.

    Links that are new, have changed or were judged by another model are judged; it may be stopped at any
    point and started again.

    \b
    Examples:
      linkcrawler classify --store mongodb://localhost/links
      linkcrawler classify --store mongodb://db/links --shard 2/4     (the second of four machines)
      linkcrawler classify --model hand                               (the weights of an earlier model)
      linkcrawler classify --owned example.org=example-shop.com,example.net
    """
    search = when or ("skip" if shard else "first")
    sites: dict[str, set[str]] = {}
    for target, named in map(_owned, owned):
        sites.setdefault(target, set()).update(named)
    asyncio.run(_classify(store_url, everything, wanted, shard, search, sites))


def _owned(text: str) -> tuple[str, list[str]]:
    from linkcrawler.targets import parse_target
    from pipelines.patterns.owning import site_named

    target, sign, sites = text.partition("=")
    if not sign:
        raise UsageError(f"--owned {text!r}: expected a target and its sites, such as example.org=shop.com,blog.net")
    return parse_target(target).domain, [site_named(site) for site in sites.split(",") if site.strip()]


def collect_rarely() -> None:
    """Records hold no cycles, and what was loaded stays: searching it for garbage takes a twelfth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def _search(store: "Store") -> None:
    """The phase before judging: what repeats over many sites."""
    from linkcrawler.commands.screen import progress
    from pipelines.patterns.search import find_patterns
    from pipelines.patterns.settings import load_settings

    with progress("tracing") as show:
        found = await find_patterns(store, load_settings(), on_progress=show)
    if found.by_signal:
        click.echo("beyond the page: " + ", ".join(f"{n} {name}" for name, n in sorted(found.by_signal.items())))
    if found.skipped_buckets:
        click.echo(f"{found.skipped_buckets} groups of like texts were too large to compare in full")


async def _classify(
    store_url: str, everything: bool, wanted: str | None, part: str | None, search: str, owned: dict[str, set[str]]
) -> None:
    from linkcrawler.commands.opening import filled_store
    from linkcrawler.commands.screen import progress
    from pipelines.evidence import load_signals
    from pipelines.patterns.owning import owned_by_projects, store_owned
    from pipelines.stores.ids import ALL_IDS, shard
    from pipelines.verdicts.archive import caution, find_model
    from pipelines.verdicts.classification import classify
    from pipelines.verdicts.model import load_model

    within = shard(part) if part else ALL_IDS
    model = find_model(wanted) if wanted else load_model()
    if wanted and (warning := caution(model)):
        click.echo(warning, err=True)
    signals = load_signals(model)
    collect_rarely()
    async with filled_store(store_url) as store:
        await store_owned(store, await owned_by_projects(store) | owned)
        if search != "skip":
            await _search(store)
        if search == "only":
            return
        with progress("classifying") as show:
            judged = await classify(store, model, signals, everything=everything, within=within, on_progress=show)
    modes = ", ".join(f"{judged[mode]} {mode}" for mode in sorted(Mode))
    click.echo(f"{judged.total()} links judged by model {model.id}: {modes}" if judged else "no link is due")
