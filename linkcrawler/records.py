"""What passes between the parts: frozen records without behaviour beyond naming themselves.

    Page       the facts of one page, as one visit found them
    Placement  one element on the page that points at a target
    Sighting   the placements of one link, as one visit found them
    Visit      one fetch of a page and what came of it: its Page and its Sightings
    Link       what the store knows of one link: its newest sighting, its dates, its verdict
    Evidence, Verdict   what the post-processing stage says of a link
    Override            what a person says of it instead
    DuePage    a page that is known to link, and when it is to be visited again
    Event      something that happened to a link, as its visits or its verdicts tell

Times are aware datetimes in UTC, cut to milliseconds (the precision that MongoDB keeps). All records are plain
dataclasses: Scrapy's exporters and msgspec read them as they are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from linkcrawler.vocabulary import Channel, EventKind, Kind, Mode, Outcome, Reason, Region

LONGEST_ETAG = 500
"""Characters; no server is known to need more, and it is stored with every visit."""


def in_milliseconds(time: datetime) -> datetime:
    """The time in UTC at the precision that every backend keeps."""
    time = time.astimezone(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The words around a placement, as a reader sees them, whitespace folded."""

    sentence: str = ""
    """The sentence that holds the anchor; empty where the placement stands in no running text."""
    before: str = ""
    """Text of the same block (and earlier ones, if short) that precedes the anchor; whole words, bounded."""
    after: str = ""
    heading: tuple[str, ...] = ()
    """Headings above the placement, outermost first."""
    block: str = ""
    """The whole text of the nearest block element (paragraph, list item, cell), bounded."""
    owner: str = ""
    """Text of the author box or comment header that the placement belongs to; empty elsewhere."""
    owner_date: str = ""
    """Date of the comment or post that holds the placement, ISO 8601; empty if none is shown."""
    within: tuple[str, ...] = ()
    """What encloses it, outermost first, out of: list table cell figure caption quote code footnote heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One element on the page that points at a target."""

    kind: Kind = Kind.A
    href: str
    """The attribute's value as the page has it."""
    target_url: str
    """Canonical destination, redirectors resolved."""
    target: str
    """The watched target that it matches, as the user wrote it."""
    via: tuple[str, ...] = ()
    """The redirector addresses that it passes through, in order; empty for a direct link."""
    rel: tuple[str, ...] = ()
    """Lower-cased rel tokens in source order."""
    anchor: str = ""
    """Visible text; for an image link its alt text."""
    title: str = ""
    image: bool = False
    """True if the anchor holds an image and no text."""
    hidden: bool = False
    """True if the page's own markup keeps the element from being shown."""
    region: Region = Region.OTHER
    region_rule: str = ""
    """Name of the rule that decided the region."""
    context: Context = Context()
    position: int = 0
    """0-based order among the placements that the page has for its targets."""
    markup: str = ""
    """Class and id words of the element and its ancestors, nearest first, bounded: what rules looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The facts of one page. Fields beyond the first block are filled only where the page holds a target."""

    url: str
    """Canonical address of the response."""
    status: int = 200
    content_hash: str = ""
    """BLAKE2b-64 of the body, hex."""
    internal_links: int = 0
    external_links: int = 0
    external_domains: int = 0
    truncated: bool = False
    """True if something was cut: the body, the depth, the number of links."""

    title: str = ""
    description: str = ""
    language: str = ""
    """Primary language subtag in lower case, such as ``de``."""
    canonical_url: str = ""
    meta_robots: tuple[str, ...] = ()
    """What the page tells indexers, in its robots meta tags and X-Robots-Tag headers."""
    author: str = ""
    author_urls: tuple[str, ...] = ()
    byline: str = ""
    """Text of the byline and the kicker above the title, bounded."""
    publisher: str = ""
    site_name: str = ""
    article_types: tuple[str, ...] = ()
    """schema.org types and ``og:`` type, those of texts first; types of page furniture are left out."""
    labels: tuple[str, ...] = ()
    """Sections, categories and tags that the page files itself under, at most 12."""
    engine: str = ""
    """What runs the page, out of the words of config/engines.toml (wordpress, discourse, mediawiki, phpbb ...)."""
    services: tuple[str, ...] = ()
    """Embedded services, out of the words of config/engines.toml (comments:disqus, ads:taboola ...)."""
    notices: tuple[str, ...] = ()
    """Short texts that declare something about the page's links, each ``scope: text`` with scope title, header,
    body, footer or aside (sidebar, advertising, teasers)."""
    lead: str = ""
    """The first words of the main text, bounded: where datelines and editors' notes stand."""
    tail: str = ""
    """The last words of the main text, bounded: where boilerplate, bios and release contacts stand."""
    copyright: str = ""
    nofollow_share: float = 0.0
    """Share of external links with nofollow, sponsored or ugc, 0 to 1."""
    sponsored_share: float = 0.0
    main_words: int = 0
    """Words of the main text."""
    simhash: str = ""
    """64-bit simhash of the main text, 16 hex digits; empty below 50 words."""
    owner_ids: tuple[str, ...] = ()
    """Analytics, tag-manager and advertising account ids and imprint marks, each ``scheme:value``."""
    endpoints: tuple[str, ...] = ()
    """What the page offers to machines, each ``kind address``: feed, hub (WebSub), webmention, pingback; at most 12."""
    mentions: tuple[Placement, ...] = ()
    """Where the text names a target without linking to it, in document order, at most twenty."""
    published: date | None = None
    published_source: str = ""
    modified: date | None = None
    modified_source: str = ""
    last_modified: datetime | None = None
    """The Last-Modified response header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The placements of one link, as one visit found them."""

    source_url: str
    target_url: str
    target: str
    seen_at: datetime
    placements: tuple[Placement, ...]
    """At least one, in document order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One fetch of a page and what came of it."""

    url: str
    """Canonical address that was asked for."""
    at: datetime
    outcome: Outcome
    status: int = 0
    detail: str = ""
    """The redirect's destination, the error's name, the content type: what the outcome needs to be understood."""
    page: Page | None = None
    """Present if the outcome is ``ok`` or ``truncated`` and the server sent the page: not with status 304."""
    sightings: tuple[Sighting, ...] = ()
    """With status 304 those of the visit that the page has not changed since."""
    outline: str = ""
    """The page's outgoing links in order, see :func:`linkcrawler.outline.outline`; empty if nobody looked."""
    etag: str = ""
    """The ETag response header: what the next visit may ask with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A known source page, and what the next visit may ask with."""

    url: str
    next_due: datetime
    last_visit: datetime
    etag: str = ""
    last_modified: str = ""
    """Of the newest visit that brought the page, ISO 8601; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a link, after ``after`` and by ``at``."""

    id: str
    """Digest of what it says: the same event is the same on every machine."""
    kind: EventKind
    reason: Reason | None = None
    at: datetime
    """Time of the visit that shows it, or of the judgement."""
    after: datetime | None = None
    """Time of the newest visit before, that still showed otherwise; None if there is none."""
    link: str
    source_url: str
    target_url: str
    target: str
    before: str = ""
    """What changed, as it was: the anchor, the rel tokens, the region, the canonical address, mode and channel."""
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """The interval in which a link must have appeared: after ``not_before``, by ``not_after``."""

    not_before: datetime | None = None
    not_before_source: str = ""
    not_after: datetime | None = None
    not_after_source: str = ""
    added: str = "unknown"
    """``with_page``, ``later`` or ``unknown``."""
    conflict: str = ""
    """What was distrusted and why; empty if the sources agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One signal that fired for a link."""

    signal: str
    """Name of the signal, as in config/signals.toml."""
    channel: Channel
    """The channel that it speaks for."""
    weight: float
    """Log-odds that it adds to its channel (negative: it speaks against)."""
    detail: str = ""
    """What was found: the phrase, the attribute, the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the post-processing stage says of a link, and why."""

    mode: Mode
    channel: Channel
    confidence: float
    """Probability that the mode is right, 0 to 1, as calibrated by the model."""
    evidence: tuple[Evidence, ...] = ()
    """Strongest first."""
    model: str = ""
    """Version of the model and digest of the configuration that judged."""
    judged_at: datetime
    state: str = ""
    """The ``Link.state`` that was judged; once the link's differs, a new verdict is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a person says of a link. It stands beside the verdict, which goes on being judged, and goes before it."""

    mode: Mode
    channel: Channel
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What the store knows of one link."""

    id: str
    source_url: str
    target_url: str
    target: str
    first_seen: datetime
    last_seen: datetime
    status: str = "live"
    """``live``, ``lost`` (a later successful visit did not find it) or ``unverified`` (the page could not be read)."""
    placements: tuple[Placement, ...] = ()
    """Those of the newest sighting."""
    page: Page | None = None
    """Facts of the source page at its newest visit that could read it, whole or truncated."""
    appearance: Appearance = Appearance()
    verdict: Verdict | None = None
    override: Override | None = None
    state: str = ""
    """Names what a verdict rests on: the content of the newest sighting and of the page facts, the times that bound
    the appearance, and how often something beyond the page had the link judged anew."""
