"""The closed word lists that code, database and output share (docs: the codebook of labels)."""

from enum import StrEnum


class Mode(StrEnum):
    """How a link came to stand where it stands. None of the three is better than another."""

    PASSIVE = "passive"
    ACTIVE = "active"
    UNDETERMINED = "undetermined"


class Channel(StrEnum):
    """How, more closely. Each channel belongs to one mode, see :data:`MODE_OF`."""

    EDITORIAL_CITATION = "editorial_citation"
    RESOURCE_LIST = "resource_list"
    USER_DISCUSSION = "user_discussion"
    REFERENCE_WORK = "reference_work"
    GUEST_POST = "guest_post"
    SPONSORED = "sponsored"
    AFFILIATE = "affiliate"
    PRESS_RELEASE = "press_release"
    DIRECTORY_LISTING = "directory_listing"
    SELF_PROMOTION = "self_promotion"
    PARTNER_SPONSOR = "partner_sponsor"
    RECIPROCAL_EXCHANGE = "reciprocal_exchange"
    EMBEDDED_CREDIT = "embedded_credit"
    OWNED_PROPERTY = "owned_property"
    FUNCTIONAL = "functional"
    AUTOMATIC = "automatic"
    UNCLEAR = "unclear"


_PASSIVE = ("editorial_citation", "resource_list", "user_discussion", "reference_work")
_UNDETERMINED = ("functional", "automatic", "unclear")

MODE_OF: dict[Channel, Mode] = {
    channel: Mode.PASSIVE if channel in _PASSIVE else Mode.UNDETERMINED if channel in _UNDETERMINED else Mode.ACTIVE
    for channel in Channel
}


class Region(StrEnum):
    """Where on the page a placement stands."""

    BODY = "body"
    LIST = "list"
    NAV = "nav"
    HEADER = "header"
    FOOTER = "footer"
    SIDEBAR = "sidebar"
    COMMENT = "comment"
    BIO = "bio"
    RELATED = "related"
    AD = "ad"
    OTHER = "other"


class Kind(StrEnum):
    """What markup makes the placement. Only ``a`` and ``area`` are links that a reader can follow in the text."""

    A = "a"
    AREA = "area"
    CANONICAL = "canonical"
    ALTERNATE = "alternate"
    IFRAME = "iframe"
    EMBED = "embed"
    FORM = "form"
    REFRESH = "refresh"
    STRUCTURED_DATA = "structured_data"
    MENTION = "mention"


HYPERLINKS = frozenset({Kind.A, Kind.AREA})
"""What a reader can follow: the links that every tool counts."""


METADATA_ONLY = "archive metadata"
"""``region_rule`` of a placement that an archive's metadata tell of: its region and its context are not known."""


class Outcome(StrEnum):
    """How a visit to a page ended. Only ``ok`` says anything about which links the page holds."""

    OK = "ok"
    NOT_HTML = "not_html"
    REDIRECTED = "redirected"
    GONE = "gone"
    HTTP_ERROR = "http_error"
    UNREACHABLE = "unreachable"
    ROBOTS = "robots"
    TRUNCATED = "truncated"


class EventKind(StrEnum):
    """What happened to a link."""

    APPEARED = "appeared"
    CHANGED = "changed"
    LOST = "lost"
    RETURNED = "returned"
    VERDICT_CHANGED = "verdict_changed"


class Reason(StrEnum):
    """Why, more closely. What befalls the page is told of each link that stood on it."""

    REMOVED = "removed"
    """Lost: a whole page without the link, and nothing says more."""
    RETARGETED = "retargeted"
    """Lost: its words now lead to another watched address."""
    ROLLED_OFF = "rolled_off"
    """Lost: newer items of a listing pushed it off the end."""
    ANCHOR = "anchor"
    """Changed, as are all that follow."""
    REL = "rel"
    REGION = "region"
    PAGE_GONE = "page_gone"
    PAGE_REDIRECTED = "page_redirected"
    PAGE_ROBOTS = "page_robots"
    PAGE_BACK = "page_back"
    """The page can be read again, and the link stands there."""
    PAGE_NOINDEX = "page_noindex"
    PAGE_INDEXABLE = "page_indexable"
    PAGE_CANONICAL = "page_canonical"
    """The page names another canonical address than before."""


class Refusal(StrEnum):
    """Why a URL or a record was not kept. Every one is counted, so that seen = kept + refused."""

    NOT_HTTP = "not_http"
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    OFF_SCOPE = "off_scope"
    ON_TARGET = "on_target"
    TOO_DEEP = "too_deep"
    DUPLICATE = "duplicate"
    BUDGET = "budget"
    TRAP = "trap"
    REPETITION = "repetition"
    """Pages like it said nothing new for long."""
    ROBOTS = "robots"
    DENIED_HOST = "denied_host"
    """The operator of the crawl leaves it alone."""
    PRIVATE_ADDRESS = "private_address"
    TOO_MANY_FAILURES = "too_many_failures"
    TOO_MANY_REDIRECTS = "too_many_redirects"
