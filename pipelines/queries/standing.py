"""What a link counts as: a person's word goes before the verdict."""

from typing import NamedTuple

from linkcrawler.records import Link
from linkcrawler.vocabulary import Channel, Mode


class Standing(NamedTuple):
    mode: Mode
    channel: Channel


def standing_of(link: Link) -> Standing | None:
    """Mode and channel that lists and reports show; None if nobody has judged the link."""
    said = link.override or link.verdict
    return Standing(said.mode, said.channel) if said else None
