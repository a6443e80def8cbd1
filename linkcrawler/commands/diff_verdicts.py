"""``linkcrawler diff-verdicts``: what changed between two sets of verdicts, and through which evidence."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linkcrawler.commands.options import store_option
from linkcrawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.verdicts.differences import Difference, Judged, Tally

    Pairs = AsyncIterator[tuple[Judged | None, Judged | None]]

SIGNALS_SHOWN = 20
MOVES_SHOWN = 4
"""Pieces of evidence that are told of a link; JSON has all."""


@click.command("diff-verdicts", short_help="Say what changed between two sets of verdicts.")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@store_option
@click.option(
    "--limit", type=click.IntRange(min=0), default=20, show_default=True, help="How many links to tell, 0: all."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a changed link, then one with the counts.")
def diff_verdicts(before: str, after: str, store_url: str, limit: int, as_json: bool) -> None:
    """Compare two exports (``links --format jsonl``), or two models over the links of one store.

    Tells the links whose mode or channel changed, and the evidence that was gained, lost or weighs differently.
    Models are files or versions of config/models/; nothing is written to the store.

    \b
    Examples:
      linkcrawler diff-verdicts may.jsonl june.jsonl
      linkcrawler diff-verdicts hand config/model.json --store mongodb://localhost/links
    """
    asyncio.run(_diff(before, after, store_url, limit, as_json))


async def _diff(before: str, after: str, store_url: str, limit: int, as_json: bool) -> None:
    from pipelines.verdicts.differences import Tally

    tally, told = Tally(), 0
    async for one, other in _pairs(before, after, store_url):
        difference = tally.add(one, other)
        if difference and (as_json or not limit or told < limit):
            told += 1
            click.echo(json.dumps(_record(difference)) if as_json else _story(difference))
    if as_json:
        click.echo(json.dumps(_counts(tally)))
    else:
        _print(tally, told)


async def _pairs(before: str, after: str, store_url: str) -> "Pairs":
    from pipelines.verdicts.differences import paired
    from pipelines.verdicts.replay import read_export, replayed

    exports = [Path(name) for name in (before, after) if name.endswith(".jsonl")]
    if len(exports) == 2:
        for path in exports:
            if not path.is_file():
                raise UsageError(f"{path}: no such file; `linkcrawler links --format jsonl` writes one")
        for pair in paired(*map(read_export, exports)):
            yield pair
        return
    if exports:
        raise UsageError(f"{before} {after}: expected two exports (.jsonl) or two models, not one of each")
    from linkcrawler.commands.opening import filled_store
    from pipelines.verdicts.archive import caution, find_model

    models = find_model(before), find_model(after)
    for warning in filter(None, map(caution, models)):
        click.echo(warning, err=True)
    async with filled_store(store_url) as store:
        async for judged in replayed(store, *models, datetime.now(UTC)):
            yield judged


def _story(difference: "Difference") -> str:
    from pipelines.reports.terminal import printable

    before, after = difference.before, difference.after
    lines = [
        f"{before.id} {before.source_url} -> {before.target_url}",
        f"{_verdict(before)} -> {_verdict(after)}",
    ]
    for move in difference.moves[:MOVES_SHOWN]:
        weights = " -> ".join("none" if weight is None else f"{weight:+.2f}" for weight in (move.before, move.after))
        lines.append(
            f"{move.kind} {move.signal}: {weights} {move.channel}" + (f" ({move.detail})" if move.detail else "")
        )
    if len(difference.moves) > MOVES_SHOWN:
        lines.append(f"and {len(difference.moves) - MOVES_SHOWN} more")
    if not difference.moves:
        lines.append("the evidence is the same: priors or calibration differ")
    return "\n".join(f"  {printable(line)}" if at else printable(line) for at, line in enumerate(lines))


def _verdict(judged: "Judged") -> str:
    return f"{judged.mode}, {judged.channel} ({judged.confidence:.2f})" if judged.mode else "unclassified"


def _record(difference: "Difference") -> dict[str, Any]:
    import msgspec

    record: dict[str, Any] = msgspec.to_builtins(difference)
    for side in ("before", "after"):
        record[side].pop("evidence")
    return record


def _counts(tally: "Tally") -> dict[str, Any]:
    return {
        "same": tally.same,
        "mode_changed": {f"{one} -> {other}": count for (one, other), count in sorted(tally.mode_changed.items())},
        "channel_changed": {
            f"{one} -> {other}": count for (one, other), count in sorted(tally.channel_changed.items())
        },
        "only_a": tally.only_before,
        "only_b": tally.only_after,
        "signals": {signal: dict(sorted(tally.signals[signal].items())) for signal in sorted(tally.signals)},
    }


def _print(tally: "Tally", told: int) -> None:
    counts = _counts(tally)
    changed = tally.mode_changed.total() + tally.channel_changed.total()
    if told < changed:
        click.echo(f"... and {changed - told} more links: --limit 0 tells all")
    click.echo(
        f"{tally.same + changed} links in both: {tally.same} the same, {tally.mode_changed.total()} of another mode, "
        f"{tally.channel_changed.total()} of another channel; "
        f"{tally.only_before} only in A, {tally.only_after} only in B"
    )
    for what in ("mode_changed", "channel_changed"):
        for change, count in sorted(counts[what].items(), key=lambda entry: -entry[1]):
            click.echo(f"  {count} {change}")
    ranked = sorted(tally.signals.items(), key=lambda entry: (-entry[1].total(), entry[0]))[:SIGNALS_SHOWN]
    if ranked:
        click.echo("through, in so many of the changed links:")
    for signal, kinds in ranked:
        click.echo(f"  {signal}: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
