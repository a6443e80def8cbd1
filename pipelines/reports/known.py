"""What others say of a link, in words. Their days are bounds: no visit of ours stands behind them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from linkcrawler.records import Link
from pipelines.reports.terminal import printable
from pipelines.stores.seeds import KnownSeed


def known_lines(link: Link, seeds: Sequence[KnownSeed], titles: Mapping[str, str]) -> Iterator[str]:
    """``seeds``: earliest bound first. ``titles``: what people call an origin."""
    for seed in seeds:
        if not seed.row:
            yield f"Its page was named by {printable(seed.origin)}: {printable(seed.source)}."
            continue
        where = f"{seed.source}, line {seed.row}"
        days = [f"since {seed.since}" if seed.since else "", f"still there on {seed.last}" if seed.last else ""]
        days.append(f"lost by {seed.lost}" if seed.lost else "")
        told = ", ".join(filter(None, days)) or "without a day"
        yield f"Known to {titles.get(seed.origin, printable(seed.origin))} {told} ({printable(where)})."
    bound = min(filter(None, (seed.since or seed.last for seed in seeds)), default=None)
    if bound and _earlier(bound, link):
        yield f"By their word it stood there by {bound}, earlier than we can tell; no visit of ours shows it."


def _earlier(bound: date, link: Link) -> bool:
    late = link.appearance.not_after or link.first_seen
    return bound < late.date()
