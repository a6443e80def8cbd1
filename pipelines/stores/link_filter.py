"""Which links are meant: one object that every store understands, whoever asks (command line, Python, web)."""

import re
from dataclasses import dataclass
from datetime import datetime

from linkcrawler.vocabulary import HYPERLINKS, Reason

UNCLASSIFIED = "unclassified"
"""As a filter's mode: links without a verdict."""
HYPERLINK = "hyperlink"
"""As a filter's kind: what a reader can follow."""
NO_REL = "none"
"""As a filter's rel: links without any of nofollow, sponsored and ugc."""
QUALIFIED = ("nofollow", "sponsored", "ugc")

LOST_REASONS = (Reason.REMOVED.value, Reason.RETARGETED.value, Reason.ROLLED_OFF.value)
NO_LINK = "-"
"""The id of no link."""

SORTS = (
    "id", "first_seen", "last_seen", "confidence", "source_domain", "source_url", "target_url", "anchor",
)  # fmt: skip
"""Fields that links can be ordered by; those that are equal in it by id. By confidence: only links with a verdict."""

ONE_PER = ("domain", "block", "text")
"""Of the links of one source domain, one block that repeats on a site, or one text that was copied to other sites:
only the first, in the order asked for, of those that fit the filter."""

FACETS = (
    "mode", "channel", "status", "region", "kind", "rel", "language", "target", "source_domain", "target_url",
    "anchor", "model", "month",
)  # fmt: skip
"""What links can be counted by. ``month``: of the first sighting; ``rel``: all tokens, joined by spaces."""

Counted = tuple[tuple[str, ...], int]
"""The values of some fields, empty where a link has none, and how many links have them."""

_HOST_LIKE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFilter:
    """Every field left empty lets everything pass. Anchor, rel, region, kind and heading are those of the placement
    that speaks for the link, see :func:`pipelines.queries.placements.lead_placement`."""

    ids: tuple[str, ...] = ()
    source_urls: tuple[str, ...] = ()
    """Exact addresses."""
    target: str = ""
    target_url: str = ""
    """Beginning or part of the address, see :func:`beginnings`."""
    source_url: str = ""
    source_domain: str = ""
    source_host: str = ""
    mode: str = ""
    """A Mode, or :data:`UNCLASSIFIED`; a person's word goes before the verdict, here and in ``channel``."""
    channel: str = ""
    overruled: bool = False
    """Only links of which a person has said something."""
    min_confidence: float | None = None
    """Of the verdict, 0 to 1; inclusive."""
    max_confidence: float | None = None
    signal: str = ""
    """A signal that must be among the evidence."""
    model: str = ""
    """Beginning of the version of the model that judged."""
    region: str = ""
    kind: str = ""
    """A Kind, or ``hyperlink`` for what a reader can follow."""
    rel: str = ""
    """One rel token, or :data:`NO_REL`."""
    status: str = ""
    lost_reason: str = ""
    """Only lost links whose newest loss has this reason, out of :data:`LOST_REASONS`, as far as events are derived."""
    language: str = ""
    anchor: str = ""
    """Words in a row, see :mod:`pipelines.stores.words`."""
    text: str = ""
    """Words in a row, of an anchor or a piece of context of any placement."""
    heading: str = ""
    """Words in a row, of a heading above the placement."""
    first_seen_from: datetime | None = None
    """Inclusive, as all bounds are."""
    first_seen_to: datetime | None = None
    last_seen_from: datetime | None = None
    last_seen_to: datetime | None = None
    appeared_from: datetime | None = None
    """The link cannot have appeared before this."""
    appeared_to: datetime | None = None
    """The link had certainly appeared by this."""
    added: str = ""
    """``with_page``, ``later`` or ``unknown``."""
    one_per: tuple[str, ...] = ()
    """Out of :data:`ONE_PER`."""
    sort: str = "id"
    """One of :data:`SORTS`, with a leading ``-`` in descending order."""
    after: tuple[object, str] | None = None
    """Only links that come after the one with this value of the sort field and this id."""
    limit: int = 0
    """0: all."""

    @property
    def sort_field(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def asks_appearance(self) -> bool:
        """Whether a condition rests on the appearance, which is computed as links are read."""
        return bool(self.appeared_from or self.appeared_to or self.added)


def kinds(where: LinkFilter) -> list[str]:
    """The kinds that a filter's kind lets pass."""
    return sorted(HYPERLINKS) if where.kind == HYPERLINK else [where.kind]


def beginnings(address: str) -> tuple[str, ...]:
    """How addresses begin that are meant; empty if ``address`` can be any part of one.

    With a scheme it is the beginning as it stands; a host, or host and path, begins with either scheme, with or
    without ``www.``; anything else (``/study``, ``utm_source``) may stand anywhere.

    >>> beginnings("https://example.org/a")
    ('https://example.org/a',)
    >>> beginnings("example.org")[0]
    'https://example.org/'
    """
    if "://" in address:
        return (address,)
    if not _HOST_LIKE.match(address):
        return ()
    bare = address.removeprefix("www.")
    bare = bare if "/" in bare else f"{bare}/"
    return tuple(f"{scheme}://{host}{bare}" for scheme in ("https", "http") for host in ("", "www."))


def of_host(host: str) -> tuple[str, ...]:
    """How the addresses of one host begin."""
    return tuple(f"{scheme}://{host}/" for scheme in ("https", "http"))


def just_after(beginning: str) -> str:
    """The least text that sorts after all that begin so.

    >>> just_after("ab")
    'ac'
    """
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)
