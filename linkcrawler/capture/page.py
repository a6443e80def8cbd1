"""One page, from bytes to what is kept of it.

Three stages. Every page gets the cheap pass: all outgoing links, counts, hash; its tags are scanned where that tells
them surely. Only where its bytes name a target, or a link leads to one, is it parsed and are placements looked for; and
only where there are placements are words and facts gathered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml.etree import _Element
from xxhash import xxh3_64_hexdigest

from linkcrawler.capture.document import Document, cleaned, cut_dense, parse_cleaned
from linkcrawler.capture.facts import page_facts
from linkcrawler.capture.metadata import header_directives
from linkcrawler.capture.outlinks import Outlinks, outlinks
from linkcrawler.capture.owners import Owners
from linkcrawler.capture.placements import MAX_PLACEMENTS, Describer, Finder, all_mentions
from linkcrawler.capture.redirectors import Redirectors
from linkcrawler.capture.regions import Regions
from linkcrawler.capture.scan import Scan, scan
from linkcrawler.capture.structured import json_ld
from linkcrawler.capture.visible import Seen, visible_text
from linkcrawler.capture.vocabulary import CaptureVocabulary
from linkcrawler.dating.published import page_dates
from linkcrawler.dating.written import locale_of
from linkcrawler.records import Page, Placement
from linkcrawler.targets import Target, TargetIndex, index
from linkcrawler.urls import Base, host_of
from linkcrawler.vocabulary import Refusal
from linkcrawler.walk import Walk

_DATES = ("published", "published_source", "modified", "modified_source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What is kept of one page."""

    page: Page
    placements: tuple[Placement, ...] = ()
    """In document order. None for a target on the page's own site. Mentions stand in ``page.mentions``."""
    outlinks: tuple[str, ...] = ()
    """Canonical http(s) addresses that the page leads to, each once, in document order, without the page itself."""
    hosts: frozenset[str] = frozenset()
    """Hosts of the outlinks."""
    hrefs: Mapping[str, str] = field(default_factory=dict)
    """The first href of each outlink that is not written canonically; resolve it against ``base_url``."""
    base_url: str = ""
    first: Mapping[str, _Element | int] = field(default_factory=dict, compare=False, repr=False)
    """The first element with each href, within the parsed page; or where its tag begins in ``utf8``."""
    utf8: bytes = field(default=b"", compare=False, repr=False)
    """The page as it was read."""
    refused: Mapping[Refusal, int] = field(default_factory=dict)
    """Links that gave no outlink: ``len(outlinks)`` and these add up to the ``<a href>`` and ``<area href>`` seen."""


def capture_page(
    body: bytes,
    url: str,
    *,
    targets: Sequence[Target],
    vocabulary: CaptureVocabulary,
    status: int = 200,
    content_type: str = "",
    last_modified: datetime | None = None,
    robots_tags: Sequence[str] = (),
    fetched: datetime | None = None,
    own_links: bool = False,
) -> Capture:
    """Read the page at canonical ``url``. Never raises because of what the bytes hold.

    ``content_type``, ``last_modified`` and ``robots_tags`` (each line of X-Robots-Tag) are the response headers;
    ``fetched`` is the time of the visit.
    A site's links to itself are no backlinks: they make placements only if ``own_links`` is set.
    """
    utf8, cut = cleaned(body, _charset(content_type))
    watched = index(tuple(targets))
    if not own_links:
        watched = watched.without(url)
    document, base, links, may_lead = _read(utf8, url, watched, vocabulary.redirectors)
    cut = cut or document.truncated or links.refused[Refusal.BUDGET] > 0
    facts: dict[str, Any] = {}
    placements: tuple[Placement, ...] = ()
    described: Page | None = None
    if may_lead and document.root is not None:
        dense = cut_dense(document)
        walk = Walk(document.root)
        locale = locale_of(document.root.get("lang", ""), host_of(url))
        seen = Seen(walk)
        finder = Finder(watched, vocabulary.redirectors, base)
        placements, described = _described(walk, seen, finder, Owners(seen, fetched, locale), vocabulary, url)
        if described and placements:
            dates = page_dates(walk, url=url, fetched=fetched.date() if fetched else None, last_modified=last_modified)
            facts |= {name: getattr(dates, name) for name in _DATES}
        if described:
            cut = cut or dense or described.truncated
            said = dict.fromkeys((*described.meta_robots, *header_directives(robots_tags)))
            facts["meta_robots"] = tuple(said)
    facts |= {
        "status": status,
        "content_hash": _content_hash(body),
        "internal_links": links.internal,
        "external_links": links.external,
        "external_domains": len(links.domains),
        "truncated": cut,
        "last_modified": last_modified,
    }
    return Capture(
        page=replace(described, **facts) if described else Page(url=url, **facts),
        placements=placements,
        outlinks=links.urls,
        hosts=links.hosts,
        hrefs=links.spelled,
        base_url=document.base_url,
        first=links.first,
        utf8=utf8,
        refused=dict(links.refused),
    )


def _read(
    utf8: bytes, url: str, watched: TargetIndex, redirectors: Redirectors
) -> tuple[Document | Scan, Base, Outlinks, bool]:
    """The page, its base address, its outgoing links, and whether it may lead to a target; if it may, it is parsed.

    The target test is exact for direct links, and by spelling for everything else.
    """
    named = watched.spelled_in(utf8)
    document = (None if named else scan(utf8, url)) or parse_cleaned(utf8, url)
    while True:
        base = Base(document.base_url)
        links = outlinks(document.links, base, url)
        leads = not watched.domains.isdisjoint(links.domains) or redirectors.hides_any(links.urls)
        may_lead = bool(watched.targets) and (named or leads)
        if isinstance(document, Document) or not may_lead:
            return document, base, links, may_lead
        document = parse_cleaned(utf8, url)


def _described(
    walk: Walk, seen: Seen, finder: Finder, owners: Owners, vocabulary: CaptureVocabulary, url: str
) -> tuple[tuple[Placement, ...], Page | None]:
    """The placements, and the facts of the page if there are any."""
    watched = finder.targets
    nodes = json_ld(walk)
    hits = list(islice(finder.hits(walk, nodes), MAX_PLACEMENTS + 1))
    steps = list(seen.steps(walk.root))
    wanted = {*walk.elements("a"), *(hit.pointer.element for hit in hits)}
    words = tuple(spelling for target in watched.targets for spelling in target.spellings)
    visible = visible_text(steps, wanted, words)
    named = all_mentions(visible, watched)
    if not hits and not named:
        return (), None
    regions = Regions(walk, vocabulary.regions, url)
    describer = Describer(walk.root, seen, regions, visible, owners)
    kept = hits[:MAX_PLACEMENTS]
    placements = tuple(describer.linked(hit, at) for at, hit in enumerate(kept))
    mentions = tuple(describer.mentioned(*pair, at) for at, pair in enumerate(named, len(kept)))
    page = page_facts(
        walk,
        steps,
        nodes,
        url=url,
        base=finder.base,
        regions=regions,
        signs=vocabulary.engines,
        lexicons=vocabulary.lexicons,
    )
    truncated = visible.truncated or len(hits) > MAX_PLACEMENTS
    return placements, replace(page, mentions=mentions, truncated=truncated)


def _content_hash(body: bytes) -> str:
    """16 hex digits. XXH3 takes a tenth of the time of SHA-1; nobody gains from a collision of two visits."""
    return xxh3_64_hexdigest(body)


@lru_cache(maxsize=256)
def _charset(content_type: str) -> str | None:
    """The charset of a Content-Type header."""
    if "charset" not in content_type.lower():
        return None
    message = Message()
    message["Content-Type"] = content_type.replace("\n", " ").replace("\r", " ")
    return message.get_content_charset()
