"""Which placement speaks for a link that has several on its page."""

from typing import Protocol

from linkcrawler.records import Link, Placement
from linkcrawler.vocabulary import HYPERLINKS, Region

# The order in which a reader meets them: running text first, page furniture last.
_READING_ORDER: dict[str, int] = {
    region: place
    for place, region in enumerate(
        (
            Region.BODY,
            Region.COMMENT,
            Region.LIST,
            Region.BIO,
            Region.AD,
            Region.RELATED,
            Region.SIDEBAR,
            Region.HEADER,
            Region.NAV,
            Region.FOOTER,
            Region.OTHER,
        )
    )
}


class Ranked(Protocol):
    """What decides which placement comes first."""

    @property
    def kind(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def anchor(self) -> str: ...
    @property
    def position(self) -> int: ...


def lead_placement(link: Link) -> Placement:
    """The placement whose anchor, rel, region and context are shown for the link.

    Elements that a reader can follow come before markup such as canonical or iframe; then the order of regions above,
    then visible text before images, then the order on the page. A link without placements gets an empty one.
    """
    if not link.placements:
        return Placement(href="", target_url=link.target_url, target=link.target)
    return min(link.placements, key=rank) if len(link.placements) > 1 else link.placements[0]


def rank(placement: Ranked) -> tuple[bool, int, bool, int]:
    return (
        placement.kind not in HYPERLINKS,
        _READING_ORDER[placement.region],
        not placement.anchor,
        placement.position,
    )


WRITTEN = frozenset((Region.BODY, Region.LIST, Region.COMMENT, Region.OTHER))
"""What people write anew on every page; the other regions come from a template."""


def block_of(lead: Placement) -> tuple[str, str, str]:
    """Region, anchor and words of a placement: where all three are the same on pages of a site, it is one block."""
    words = lead.context.sentence or lead.context.block if lead.region in WRITTEN else ""
    return lead.region, lead.anchor, words
