"""What stores leave to be decided on links that are already read, the same for every backend.

The appearance is computed as links are read, so conditions on it are, too; and a server without aggregation has its
links counted here.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from linkcrawler.domains import domain_of
from linkcrawler.errors import UsageError
from linkcrawler.records import Link, Verdict
from pipelines.patterns.syndication import act_in
from pipelines.queries.placements import block_of, lead_placement
from pipelines.queries.standing import standing_of
from pipelines.stores.fold import timestamp
from pipelines.stores.link_filter import FACETS, Counted, LinkFilter
from pipelines.stores.words import words_of

TIMES = ("first_seen", "last_seen")


def signals_of(verdict: Verdict) -> str:
    """The names of the signals that fired, joined by spaces."""
    return " ".join(dict.fromkeys(item.signal for item in verdict.evidence))


def fits_appearance(link: Link, where: LinkFilter) -> bool:
    """Whether the link meets the conditions that no store can decide by itself."""
    found = link.appearance
    return (
        where.added in ("", found.added)
        and (where.appeared_from is None or _reaches(where.appeared_from, found.not_before))
        and (where.appeared_to is None or _reaches(found.not_after, where.appeared_to))
    )


def unasked(where: LinkFilter) -> LinkFilter:
    """The filter without what :func:`remaining` sees to; links that cannot have appeared in time are still left out."""
    first_from = max((time for time in (where.first_seen_from, where.appeared_from) if time), default=None)
    kept = replace(where, first_seen_from=first_from, one_per=(), after=None, limit=0)
    return replace(kept, appeared_from=None, appeared_to=None, added="")


def _reaches(early: datetime | None, late: datetime | None) -> bool:
    return early is not None and late is not None and early <= late


def sort_value(link: Link, field: str) -> str | float:
    """What a cursor says of the link's place: times as fixed-width text."""
    if field in TIMES:
        return timestamp(getattr(link, field))
    if field == "confidence":
        return link.verdict.confidence if link.verdict else -1.0
    return link.id if field == "id" else value_of(link, field)


def value_of(link: Link, field: str) -> str:
    """The value of a field that links are counted by; empty if the link has none."""
    return _VALUES[field](link)


_VALUES: Mapping[str, Callable[[Link], str]] = {
    "mode": lambda link: standing.mode if (standing := standing_of(link)) else "",
    "channel": lambda link: standing.channel if (standing := standing_of(link)) else "",
    "status": lambda link: link.status,
    "region": lambda link: lead_placement(link).region,
    "kind": lambda link: lead_placement(link).kind,
    "rel": lambda link: " ".join(lead_placement(link).rel),
    "language": lambda link: link.page.language if link.page else "",
    "target": lambda link: link.target,
    "source_domain": lambda link: domain_of(link.source_url),
    "source_url": lambda link: link.source_url,
    "target_url": lambda link: link.target_url,
    "anchor": lambda link: words_of(lead_placement(link).anchor),
    "model": lambda link: link.verdict.model if link.verdict else "",
    "month": lambda link: f"{link.first_seen:%Y-%m}",
}


def checked_facets(fields: Sequence[str]) -> tuple[str, ...]:
    """The fields. UsageError if links cannot be counted by one of them."""
    for field in fields:
        if field not in FACETS:
            raise UsageError(f"links are not counted by {field!r}; expected one of {', '.join(FACETS)}")
    return tuple(fields)


async def counted(links: AsyncIterator[Link], fields: Sequence[str], top: int) -> list[Counted]:
    """How many links have which values, most links first; ``top`` 0: all."""
    counts: Counter[tuple[str, ...]] = Counter()
    async for link in links:
        counts[tuple(str(value_of(link, field)) for field in fields)] += 1
    return ranked(counts, top)


def ranked(counts: Mapping[tuple[str, ...], int], top: int) -> list[Counted]:
    found = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return found[:top] if top else found


async def remaining(links: AsyncIterator[Link], where: LinkFilter) -> AsyncIterator[Link]:
    """Of all links in order those whose appearance fits, then ``one_per``, cursor and limit.

    Memory grows with the domains, blocks or texts of ``one_per``: which link is first is only known from the start.
    """
    seen: set[tuple[str, str]] = set()
    left = where.limit
    async for link in links:
        if not fits_appearance(link, where):
            continue
        keys = {(name, key) for name in where.one_per if (key := _key(link, name))}
        if keys & seen:
            continue
        seen |= keys
        if where.after and not _comes_after(link, where, where.after):
            continue
        yield link
        left -= 1
        if left == 0:
            return


def _key(link: Link, name: str) -> str:
    if name == "domain":
        return domain_of(link.source_url)
    if name == "text":
        return act_in(link.verdict.evidence) if link.verdict else ""
    return "\n".join((domain_of(link.source_url), link.target_url, *block_of(lead_placement(link))))


def _comes_after(link: Link, where: LinkFilter, after: tuple[object, str]) -> bool:
    place: tuple[object, str] = (sort_value(link, where.sort_field), link.id)
    return place < after if where.descending else place > after
