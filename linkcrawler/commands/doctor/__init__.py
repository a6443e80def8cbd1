"""``linkcrawler doctor``: is this machine ready to crawl, and if not, what to do about it."""

import asyncio
import sys
from collections.abc import AsyncIterator

import click

from linkcrawler.commands.doctor.finding import Finding, Level
from linkcrawler.commands.options import json_option, store_option
from linkcrawler.commands.screen import print_json

_MARKS = {Level.OK: "ok  ", Level.WARN: "WARN", Level.FAIL: "FAIL"}


@click.command()
@store_option
@click.option(
    "--frontier",
    "frontier_url",
    metavar="URL",
    envvar="LINKCRAWLER_FRONTIER",
    default="none",
    show_envvar=True,
    help="The frontier that workers share: redis://HOST/DB, or none.",
)
@click.option("--site", metavar="URL", default="", help="Also say what this site's robots.txt allows us.")
@click.option(
    "--name", default="example.com", show_default=True, metavar="HOST", help="A public name that must be found."
)
@json_option
def doctor(store_url: str, frontier_url: str, site: str, name: str, as_json: bool) -> None:
    """Check versions, configuration, store, frontier, clocks, names and permissions; say what to fix.

    Exit status 1 if something fails, 0 with warnings only.

    \b
    Examples:
      linkcrawler doctor
      linkcrawler doctor --store mongodb://localhost/links --frontier redis://localhost/0
      linkcrawler doctor --site https://example.org/
    """
    found = asyncio.run(_all(_checks(store_url, frontier_url, site, name), tell=not as_json))
    if as_json:
        print_json(found)
    if any(finding.level is Level.FAIL for finding in found):
        sys.exit(1)


async def _checks(store_url: str, frontier_url: str, site: str, name: str) -> AsyncIterator[Finding]:
    """Every check in turn; none of them raises."""
    from linkcrawler.commands.doctor import frontier, machine, store, web

    for finding in machine.findings():
        yield finding
    async for finding in store.findings(store_url):
        yield finding
    async for finding in frontier.findings(frontier_url):
        yield finding
    async for finding in web.findings(name, site):
        yield finding


async def _all(checks: AsyncIterator[Finding], *, tell: bool) -> list[Finding]:
    found = []
    async for finding in checks:
        found.append(finding)
        if tell:
            print(f"{_MARKS[finding.level]}  {finding.what}: {finding.detail}")
            if finding.remedy:
                print(f"      {finding.remedy}")
    return found
