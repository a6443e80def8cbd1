"""``linkcrawler report``: what the store holds, passive and active side by side."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcrawler.commands.options import json_option, store_option
from linkcrawler.commands.screen import print_json
from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.reports.report import Summary
    from pipelines.stores.protocol import Store


@click.command(short_help="Sum up, active and passive side by side.")
@store_option
@click.option("--target", default="", help="Only links to this watched target.")
@click.option("--top", type=click.IntRange(min=0), default=10, show_default=True, help="How many target pages to list.")
@json_option
@click.option(
    "--html",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page to look at, with charts; it needs no network.",
)
def report(store_url: str, target: str, top: int, as_json: bool, file: Path | None) -> None:
    """Sum up the links: how many came to stand there actively, passively, or undetermined.

    \b
    Examples:
      linkcrawler report
      linkcrawler report --target example.org --json | jq .decisions
      linkcrawler report --html report.html
    """
    if file and as_json:
        raise UsageError("--html FILE and --json are two forms of the report: give one of them")
    if not file:
        asyncio.run(_print(store_url, target, top, as_json))
        return
    if not file.parent.is_dir():
        raise UsageError(f"--html {file}: the folder {file.parent} does not exist; create it or name another file")
    page = asyncio.run(_page(store_url, target, top))
    try:
        file.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"--html {file}: cannot be written ({error.strerror}); name another file") from error


async def _print(store_url: str, target: str, top: int, as_json: bool) -> None:
    from linkcrawler.commands.opening import filled_store
    from pipelines.reports.report import summarise
    from pipelines.verdicts.model import load_model

    model = load_model()
    async with filled_store(store_url) as store:
        summary = await summarise(store, model, target=target, top=top)
        await _refuse_empty(summary, store, store_url, target)
    if as_json:
        print_json(summary)
        return
    from linkcrawler.commands.screen import screen
    from pipelines.reports.report_text import print_report

    print_report(summary, screen())


async def _page(store_url: str, target: str, top: int) -> str:
    from linkcrawler.commands.opening import filled_store
    from pipelines.reports.figures.collecting import figures_of
    from pipelines.reports.page.sections import sections_of
    from pipelines.reports.page.writing import write_page
    from pipelines.verdicts.model import load_model

    model = load_model()
    async with filled_store(store_url) as store:
        figures = await figures_of(store, model, target=target, top=top)
        await _refuse_empty(figures.summary, store, store_url, target)
        outcomes = await store.outcomes()
    title = f"Links to {', '.join(figures.summary.targets)}"
    return write_page(title, sections_of(figures, outcomes), at=datetime.now(UTC))


async def _refuse_empty(summary: "Summary", store: "Store", store_url: str, target: str) -> None:
    """Raises StoreError or UsageError if the report would be of no link."""
    from linkcrawler.credentials import without_password
    from linkcrawler.errors import StoreError

    if summary.links["total"]:
        return
    if not target:
        raise StoreError(
            f"no link in {without_password(store_url)} is one that a reader can follow; "
            "linkcrawler links --kind any lists what other markup names the target"
        )
    raise UsageError(
        f"--target {target}: no link to it in {without_password(store_url)}; "
        f"there are links to {', '.join(await store.targets())}"
    )
