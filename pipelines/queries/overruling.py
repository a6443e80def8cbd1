"""What a person says of a link: checked, kept as an override, and told as a label to train and measure with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linkcrawler.domains import domain_of
from linkcrawler.errors import UsageError
from linkcrawler.records import Link, Override, Placement, in_milliseconds
from linkcrawler.vocabulary import MODE_OF, Channel, Kind, Mode
from pipelines.queries.placements import lead_placement
from pipelines.reports.terminal import printable
from pipelines.stores.flat import iso

SURE = 3
"""As annotators rate it: whoever overrules a verdict knows."""


def override_of(link: Link, mode: str | None, channel: str | None, *, by: str, note: str, at: datetime) -> Override:
    """The override that says this mode and channel; what is not given follows from the other or from the verdict.

    Raises UsageError if they contradict each other, or if the channel does not follow.
    """
    said = Channel(channel) if channel else _channel(link, Mode(mode or ""))
    if mode and MODE_OF[said] != mode:
        raise UsageError(
            f"--channel {said} is {MODE_OF[said]}, not {mode}; channels of {mode} are {_channels(Mode(mode))}"
        )
    return Override(mode=MODE_OF[said], channel=said, by=by, at=in_milliseconds(at), note=note)


def several(wanted: str, links: Sequence[Link]) -> str:
    """The message where one link must be chosen."""
    lines = [
        f"  {link.id}  {printable(lead_placement(link).anchor)[:40] or '(no text)'} -> {printable(link.target_url)}"
        for link in links
    ]
    return f"{wanted} has {len(links)} links; name one by its id, or add --every:\n" + "\n".join(lines)


def label_of(link: Link) -> dict[str, Any]:
    """The label of an overruled link, in the form of :class:`pipelines.evaluation.labels.Label`, and who said so."""
    override, lead = link.override, lead_placement(link)
    assert override
    return {
        "id": link.id,
        "page_url": link.source_url,
        "file": f"{link.id}.html.gz",
        "href": lead.href,
        "nth": _nth(link, lead),
        "anchor": lead.anchor,
        "target": domain_of(link.target_url),
        "mode": override.mode,
        "channel": override.channel,
        "region": lead.region,
        "conf": SURE,
        "by": override.by,
        "at": iso(override.at),
        "note": override.note,
    }


def _channel(link: Link, mode: Mode) -> Channel:
    if link.verdict and MODE_OF[link.verdict.channel] is mode:
        return link.verdict.channel
    if mode is Mode.UNDETERMINED:
        return Channel.UNCLEAR
    raise UsageError(f"{link.id}: which {mode} channel? Add --channel, one of {_channels(mode)}")


def _channels(mode: Mode) -> str:
    return ", ".join(sorted(channel for channel in Channel if MODE_OF[channel] is mode))


def _nth(link: Link, lead: Placement) -> int:
    """Among the page's links with that href, which all are placements of this link."""
    same = [one for one in link.placements if one.kind is Kind.A and one.href == lead.href]
    return same.index(lead) if lead in same else 0
