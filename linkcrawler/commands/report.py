"""``linkcrawler report``: what the store holds, passive and active side by side."""

import asyncio

import click

from linkcrawler.commands.options import json_option, store_option


@click.command(short_help="Sum up, active and passive side by side.")
@store_option
@click.option("--target", default="", help="Only links to this watched target.")
@click.option("--top", type=click.IntRange(min=0), default=10, show_default=True, help="How many target pages to list.")
@json_option
def report(store_url: str, target: str, top: int, as_json: bool) -> None:
    """Sum up the links: how many came to stand there actively, passively, or undetermined.

    \b
    Examples:
      linkcrawler report
      linkcrawler report --target example.org --json | jq .decisions
    """
    asyncio.run(_report(store_url, target, top, as_json))


async def _report(store_url: str, target: str, top: int, as_json: bool) -> None:
    from linkcrawler.commands.opening import filled_store
    from linkcrawler.credentials import without_password
    from linkcrawler.errors import StoreError, UsageError
    from pipelines.reports.report import summarise
    from pipelines.stores.protocol import HYPERLINK, LinkFilter
    from pipelines.verdicts.model import load_model

    model = load_model()
    async with filled_store(store_url) as store:
        summary = await summarise(store.links(LinkFilter(target=target, kind=HYPERLINK)), model, top=top)
        if not summary.links["total"] and not target:
            raise StoreError(
                f"no link in {without_password(store_url)} is one that a reader can follow; "
                "linkcrawler links --kind any lists what other markup names the target"
            )
        if not summary.links["total"]:
            known = (await summarise(store.links(LinkFilter(kind=HYPERLINK)), model, top=0)).targets
            raise UsageError(
                f"--target {target}: no link to it in {without_password(store_url)}; "
                f"there are links to {', '.join(known)}"
            )
    if as_json:
        import msgspec

        print(msgspec.json.format(msgspec.json.encode(summary)).decode())
        return
    from linkcrawler.commands.screen import screen
    from pipelines.reports.report_text import print_report

    print_report(summary, screen())
