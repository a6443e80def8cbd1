"""Which placement speaks for a link that has several on its page."""

from linkcrawler.records import Link, Placement
from linkcrawler.vocabulary import HYPERLINKS, Region

# The order in which a reader meets them: running text first, page furniture last.
_READING_ORDER = {
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


def lead_placement(link: Link) -> Placement:
    """The placement whose anchor, rel, region and context are shown for the link.

    Elements that a reader can follow come before markup such as canonical or iframe; then the order of regions above,
    then visible text before images, then the order on the page. A link without placements gets an empty one.
    """
    if not link.placements:
        return Placement(href="", target_url=link.target_url, target=link.target)
    return min(link.placements, key=_rank) if len(link.placements) > 1 else link.placements[0]


def _rank(placement: Placement) -> tuple[bool, int, bool, int]:
    return (
        placement.kind not in HYPERLINKS,
        _READING_ORDER[placement.region],
        not placement.anchor,
        placement.position,
    )
