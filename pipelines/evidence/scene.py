"""What signals look at: one placement on its page, with everything that several of them need worked out once."""

import re
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from linkcrawler import urls
from linkcrawler.domains import site_of
from linkcrawler.lexicons import Lexicons
from linkcrawler.records import Context, Page, Placement
from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import (
    MIN_BRAND,
    arguments,
    holds_any,
    host_of,
    label_of,
    path_of,
    plain_path_of,
    squeeze,
    without_campaign,
)

Hits = dict[str, str]
"""Kind of phrase -> the phrase found."""
Read = list[tuple[str, Hits]]
"""Texts, each with what was found in it."""

NEAR_CHARS = 90
"""How far before and after the anchor a phrase still speaks of this link and not of its neighbour."""

CLOSE_WORDS = 14
"""Markup words that still describe the element's own box, not the page's layout."""

LEAD_CHARS = 60
_ADDRESS_CHARS = 400

_CLAUSE_END = re.compile(r"[.!?:|•·»«–—。！？：\r\n](?=\s*\S)")
_ASCII_ENDS = (".", ":", "!", "?", "|", "\r", "\n")
_BRACKETED = re.compile(r"\s?[(\[*]\s?([^)\]*]{2,30})[)\]*]")
_IN_BRACKETS = re.compile(r"[\[(【*]\s?([^\])】*]{2,30}?)\s?[\])】*]")
"""What a title adds about its text: "Roses for clay [advertisement]"."""
_WORD = re.compile(r"[a-z0-9]+")
_BLANKS = bytes(code if code > 127 or chr(code).isalnum() else 32 for code in range(256)).lower()
_NOTHING: Hits = {}
# Where what the end of the main text says cannot be about the link.
_FURNITURE = frozenset((Region.NAV, Region.HEADER, Region.FOOTER, Region.SIDEBAR, Region.AD, Region.RELATED))


class Destination(NamedTuple):
    """What was read out of a target's address, for all links to it."""

    host: str
    site: str
    label: str
    name: str
    """The label, squeezed."""
    path: str
    query: dict[str, str]
    deep: bool
    """The path has a folder: it is a particular page."""
    subdomain: str
    """What the host has before its site; empty if nothing."""
    beyond_host: str
    """Path and query in lower case, without what only tells where visitors come from; bounded."""
    handed_over: str
    """The query, decoded and without that too: where share buttons carry an address."""
    carried: str
    """The same, or the decoded path where there is no query."""
    letters: str
    """Host and path, squeezed."""


@lru_cache(maxsize=1 << 14)
def destination_of(url: str) -> Destination:
    host, path = host_of(url), path_of(url)
    site, label, beyond = site_of(host), label_of(host), url.partition(host)[2] if host else ""
    handed_over = unquote(without_campaign(f"?{url.partition('?')[2]}"))[1:]
    return Destination(
        host=host,
        site=site,
        label=label,
        name=squeeze(label),
        path=path,
        query=dict(arguments(url)),
        deep="/" in path.strip("/"),
        subdomain=host.removesuffix(site).rstrip("."),
        beyond_host=without_campaign(beyond[:_ADDRESS_CHARS].lower()),
        handed_over=handed_over,
        carried=handed_over or unquote(beyond),
        letters=squeeze(host + path),
    )


class Scene(msgspec.Struct, frozen=True, gc=False):
    """A placement, its page, and what was read out of both. A struct: made for every link, in a fifth of the time."""

    page: Page
    placement: Placement
    region: Region
    """Of the placement; two signals in three ask for it."""
    page_host: str
    page_label: str
    page_names: tuple[str, ...]
    """What the page goes by, squeezed: its registered name, its site's name, its publisher's; none is very short."""
    page_path: str
    host: str
    """Of the target; likewise ``label``, ``path``, ``query``."""
    label: str
    path: str
    query: dict[str, str]
    target: Destination
    same_site: bool
    """The target stands on the page's own site (a user's folder on a hosting platform counts as a site)."""
    anchor: Hits
    """This and the other fields of :data:`PHRASES` hold what phrases stand in a text."""
    lead: Hits
    """Phrases in the clause right before the anchor."""
    tag: Hits
    """Phrases in the brackets right after the anchor, as in "this shop (advertisement)"."""
    near: Hits
    """Phrases in the sentence, or in the words about the anchor where there is none."""
    block: Hits
    heading: Hits
    owner: Hits
    title: Hits
    """Title, byline and the notices about the headline."""
    notice: Hits
    """Notices of the page's main text."""
    filed: Hits
    """The sections and tags of the page; on some sites those of its neighbours are among them."""
    disclosures: tuple[str, ...]
    """The notices that hold a disclosure."""
    tail: Hits
    """The end of the main text; empty for links in page furniture."""
    markup: frozenset[str]
    """Words of class and id names about the element."""
    close: frozenset[str]
    """Those of the element and its nearest ancestors."""

    @property
    def words(self) -> str:
        """The running words that hold the anchor, or what stands for them."""
        context = self.placement.context
        return context.sentence or context.block


PHRASES = frozenset(("anchor", "lead", "tag", "near", "block", "heading", "owner", "title", "notice", "filed", "tail"))


class Source:
    """What was read out of a page, for all its placements."""

    def __init__(self, page: Page, lexicons: Lexicons) -> None:
        self.page = page
        self.host = urls.host_of(page.url)
        self.site = site_of(self.host)
        self.label = label_of(self.host)
        self.names = _names(page, self.host)
        self.path = plain_path_of(page.url).lower()
        self._kinds_in = lexicons.reader_of(page.language, self.host).kinds_in
        about = [notice for notice in page.notices if notice.startswith(("title:", "header:"))]
        marks = _IN_BRACKETS.findall(page.title)
        said = (page.title, page.byline, page.author, *about, *marks)
        self.headline = [(text, self.hits(_said(text))) for text in said]
        self.body = [(text, self.hits(_said(text))) for text in page.notices if text.startswith("body:")]
        self.notices = Notices.of(self.headline, self.body)
        self.filed = self.hits(" | ".join(page.labels))

    @cached_property
    def tail(self) -> Hits:
        return self.hits(self.page.tail)

    def hits(self, text: str) -> Hits:
        if not text:
            return _NOTHING
        found = self._kinds_in(text)
        return {"disclosure": found["paid"], **found} if "paid" in found else found

    def notices_without(self, context: Context) -> "Notices":
        """What the page says of itself beside what stands at the link, which is counted there."""
        left = ([one for one in texts if not _holds(one[0], context)] for texts in (self.headline, self.body))
        return Notices.of(*left)


class Notices(NamedTuple):
    title: Hits
    notice: Hits
    disclosures: tuple[str, ...]

    @classmethod
    def of(cls, headline: Read, body: Read) -> "Notices":
        title, notice = (_merge([hits for _, hits in texts]) for texts in (headline, body))
        if "disclosure" not in title and "disclosure" not in notice:
            return cls(title, notice, ())
        return cls(title, notice, tuple(text for text, hits in (*headline[3:], *body) if "disclosure" in hits))


def look(page: Page, placement: Placement, lexicons: Lexicons) -> Scene:
    """Work out the scene of one placement."""
    return look_from(Source(page, lexicons), placement)


def look_from(source: Source, placement: Placement) -> Scene:
    """As :func:`look`, where the page was read before."""
    context, hits = placement.context, source.hits
    target = destination_of(placement.target_url)
    near = context.sentence or f"{context.before[-NEAR_CHARS:]} {placement.anchor} {context.after[:NEAR_CHARS]}"
    near_hits = hits(near)
    block_hits = near_hits if context.block == near else hits(context.block)
    notices = source.notices
    if "disclosure" in near_hits or "disclosure" in block_hits:
        notices = source.notices_without(context)
    markup, close = _marked(placement.markup)
    return Scene(
        page=source.page,
        placement=placement,
        region=placement.region,
        page_host=source.host,
        page_label=source.label,
        page_names=source.names,
        page_path=source.path,
        host=target.host,
        label=target.label,
        path=target.path,
        query=target.query,
        target=target,
        same_site=target.site == source.site,
        anchor=hits(placement.anchor or placement.title),
        lead=hits(_last_clause(context.before)),
        tag=hits(_bracketed(context.after)),
        near=near_hits,
        block=block_hits,
        heading=hits(context.heading[-1]) if context.heading else _NOTHING,
        owner=hits(context.owner) if context.owner else _NOTHING,
        title=notices.title,
        notice=notices.notice,
        filed=source.filed,
        disclosures=notices.disclosures,
        tail=_NOTHING if placement.region in _FURNITURE else source.tail,
        markup=markup,
        close=close,
    )


def _marked(markup: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of markup, and those of its beginning."""
    plain = markup.isascii()
    words = markup.encode().translate(_BLANKS).decode().split() if plain else _WORD.findall(markup.lower())
    return frozenset(words), frozenset(words[:CLOSE_WORDS])


def _names(page: Page, host: str) -> tuple[str, ...]:
    squeezed = (squeeze(label_of(host)), squeeze(page.site_name), squeeze(page.publisher))
    return tuple(dict.fromkeys(name for name in squeezed if len(name) >= MIN_BRAND))


def _last_clause(before: str) -> str:
    """What introduces the anchor: the words since the last stop, at most :data:`LEAD_CHARS`."""
    text = before[-LEAD_CHARS:].rstrip(" «»:-–—•|([")
    if text.isascii() and not holds_any(text, _ASCII_ENDS):
        return text.strip()
    return _CLAUSE_END.split(text)[-1].strip()


def _bracketed(after: str) -> str:
    found = _BRACKETED.match(after)
    return found[1] if found else ""


def _holds(notice: str, context: Context) -> bool:
    """Whether the notice is the link's own sentence or block, or holds it; a page's title and byline are no notices."""
    said = _said(notice)
    if said == notice:
        return False
    return any(text and (text in said or said in text) for text in (context.sentence, context.block))


def _said(notice: str) -> str:
    if ": " not in notice:
        return notice
    scope, _, text = notice.partition(": ")
    return text if scope in ("title", "header", "body", "footer", "aside") else notice


def _merge(found: list[Hits]) -> Hits:
    told = [hits for hits in found if hits]
    if len(told) < 2:
        return told[0] if told else _NOTHING
    merged: Hits = {}
    for hits in reversed(told):
        merged.update(hits)
    return merged
