"""Four things that can be said of a link beside its mode, each from evidence of its own. Pure.

    initiator      who set the link off
    consideration  what was given for it
    control        who wrote the words around it
    disclosure     how the page declares the arrangement

So a link can be prompted yet freely chosen: initiator ``target_side`` (the outreach log has an answered mail),
consideration ``none``, control ``linking_site``. What the evidence does not tell is ``unknown``; a missing disclosure
is reported as ``none`` and says nothing of the other three.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from linkcrawler.records import Evidence, Placement
from linkcrawler.vocabulary import MODE_OF, Channel, Mode, Region
from pipelines.evidence.hosts import arguments


class Initiator(StrEnum):
    LINKING_AUTHOR = "linking_author"
    TARGET_SIDE = "target_side"
    THIRD_PARTY = "third_party"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class Consideration(StrEnum):
    NONE = "none"
    MONEY = "money"
    COMMISSION = "commission"
    PRODUCT = "product"
    RECIPROCAL = "reciprocal"
    MEMBERSHIP = "membership"
    UNKNOWN = "unknown"


class Control(StrEnum):
    LINKING_SITE = "linking_site"
    TARGET = "target"
    USER = "user"
    TEMPLATE = "template"
    UNKNOWN = "unknown"


class Disclosure(StrEnum):
    TEXT = "text"
    REL = "rel"
    SCHEMA = "schema"
    LEGAL = "legal"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Axes:
    initiator: Initiator
    consideration: Consideration
    control: Control
    disclosure: tuple[Disclosure, ...]
    """In the order above; ``none`` alone if the page declares nothing of this link."""


_BY_CHANNEL: dict[Channel, tuple[Initiator, Consideration, Control]] = {
    Channel.EDITORIAL_CITATION: (Initiator.LINKING_AUTHOR, Consideration.NONE, Control.LINKING_SITE),
    Channel.RESOURCE_LIST: (Initiator.LINKING_AUTHOR, Consideration.NONE, Control.LINKING_SITE),
    Channel.USER_DISCUSSION: (Initiator.THIRD_PARTY, Consideration.NONE, Control.USER),
    Channel.REFERENCE_WORK: (Initiator.LINKING_AUTHOR, Consideration.NONE, Control.LINKING_SITE),
    Channel.GUEST_POST: (Initiator.TARGET_SIDE, Consideration.UNKNOWN, Control.TARGET),
    Channel.SPONSORED: (Initiator.TARGET_SIDE, Consideration.MONEY, Control.UNKNOWN),
    # The programme is the target's, the choice of the product the author's.
    Channel.AFFILIATE: (Initiator.LINKING_AUTHOR, Consideration.COMMISSION, Control.LINKING_SITE),
    Channel.PRESS_RELEASE: (Initiator.TARGET_SIDE, Consideration.UNKNOWN, Control.TARGET),
    Channel.DIRECTORY_LISTING: (Initiator.UNKNOWN, Consideration.UNKNOWN, Control.TEMPLATE),
    Channel.SELF_PROMOTION: (Initiator.TARGET_SIDE, Consideration.NONE, Control.TARGET),
    Channel.PARTNER_SPONSOR: (Initiator.UNKNOWN, Consideration.UNKNOWN, Control.LINKING_SITE),
    Channel.RECIPROCAL_EXCHANGE: (Initiator.UNKNOWN, Consideration.RECIPROCAL, Control.LINKING_SITE),
    Channel.EMBEDDED_CREDIT: (Initiator.TARGET_SIDE, Consideration.PRODUCT, Control.TEMPLATE),
    Channel.OWNED_PROPERTY: (Initiator.TARGET_SIDE, Consideration.NONE, Control.TARGET),
    Channel.FUNCTIONAL: (Initiator.MACHINE, Consideration.NONE, Control.TEMPLATE),
    Channel.AUTOMATIC: (Initiator.MACHINE, Consideration.NONE, Control.TEMPLATE),
    Channel.UNCLEAR: (Initiator.UNKNOWN, Consideration.UNKNOWN, Control.UNKNOWN),
}
"""What a channel means by its definition; evidence for one link may know better."""

_INITIATORS = {
    "outreach-placed": Initiator.TARGET_SIDE,
    "outreach-placed-on-site": Initiator.TARGET_SIDE,
    "outreach-replied": Initiator.TARGET_SIDE,
    "owned-listed": Initiator.TARGET_SIDE,
    "pingback": Initiator.MACHINE,
    "syndicated-text": Initiator.THIRD_PARTY,
}
_CONSIDERATIONS = {
    "rel-sponsored": Consideration.MONEY,
    "schema-advertorial": Consideration.MONEY,
    "said-not-paid": Consideration.NONE,
    "affiliate-network": Consideration.COMMISSION,
    "affiliate-key": Consideration.COMMISSION,
    "affiliate-tag": Consideration.COMMISSION,
    "affiliate-notice-beside": Consideration.COMMISSION,
    "exchange-words": Consideration.RECIPROCAL,
    "link-ring": Consideration.RECIPROCAL,
    "reciprocal-near": Consideration.RECIPROCAL,
}
_WORDS = (
    ("member", Consideration.MEMBERSHIP),
    ("mitglied", Consideration.MEMBERSHIP),
    ("sponsor", Consideration.MONEY),
    ("free sample", Consideration.PRODUCT),
    ("free product", Consideration.PRODUCT),
    ("sent me", Consideration.PRODUCT),
    ("kostenlos zur verfügung", Consideration.PRODUCT),
)
"""In what partner headings and disclosures say."""
_SAID = (
    "disclosed-beside", "disclosed-by-page", "disclosed-in-text", "declared-paid", "disclosed-and-named",
    "disclosed-and-nofollow",
)  # fmt: skip
_WORDED = frozenset((*_SAID, "partner-heading", "partner-words"))
_DISCLOSURES = {
    **dict.fromkeys(_SAID, Disclosure.TEXT),
    "affiliate-notice-beside": Disclosure.TEXT,
    "affiliate-notice-of-page": Disclosure.TEXT,
    "rel-sponsored": Disclosure.REL,
    "schema-advertorial": Disclosure.SCHEMA,
}
TELLING = frozenset((*_INITIATORS, *_CONSIDERATIONS, *_WORDED, *_DISCLOSURES))
"""Signals without which evidence says nothing of the axes."""
_LEGAL_KEY = "erid"
"""Russian law since 2022: the token of the advertisement in its address."""
_TEMPLATE_REGIONS = (Region.NAV, Region.HEADER, Region.FOOTER, Region.SIDEBAR, Region.RELATED)


def axes(channel: Channel, evidence: Iterable[Evidence], placement: Placement) -> Axes:
    """The four axes of a link that stands as ``channel``, from its evidence and its lead placement.

    Of several signals for one axis the heaviest decides.
    """
    pieces = sorted(evidence, key=lambda item: (-item.weight, item.signal))
    addresses = (placement.href, placement.target_url, *placement.via)
    initiator, consideration, control = _BY_CHANNEL[channel]
    if placement.region in _TEMPLATE_REGIONS and control is Control.LINKING_SITE:
        control = Control.TEMPLATE
    if MODE_OF[channel] is Mode.UNDETERMINED:
        return Axes(initiator, consideration, control, disclosed(pieces, addresses))
    return Axes(
        next((_INITIATORS[item.signal] for item in pieces if item.signal in _INITIATORS), initiator),
        next(filter(None, map(_consideration, pieces)), consideration),
        control,
        disclosed(pieces, addresses),
    )


def _consideration(item: Evidence) -> Consideration | None:
    if item.weight <= 0:
        return None
    if item.signal in _WORDED:
        said = item.detail.casefold()
        return next((kind for word, kind in _WORDS if word in said), None)
    return _CONSIDERATIONS.get(item.signal)


class Fired(Protocol):
    """What is asked of a piece of evidence."""

    @property
    def signal(self) -> str: ...
    @property
    def weight(self) -> float: ...


def disclosed(evidence: Iterable[Fired], addresses: Iterable[str]) -> tuple[Disclosure, ...]:
    """How the page declares a link with these addresses: what it is written as, where it leads, what lies between."""
    found = {_DISCLOSURES[item.signal] for item in evidence if item.signal in _DISCLOSURES and item.weight > 0}
    if any(_LEGAL_KEY in address and _LEGAL_KEY in dict(arguments(address)) for address in addresses):
        found.add(Disclosure.LEGAL)
    return tuple(kind for kind in Disclosure if kind in found) if found else (Disclosure.NONE,)
