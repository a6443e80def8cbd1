"""What signals look at: one placement on its page, with everything that several of them need worked out once."""

import re
from dataclasses import dataclass

from linkcrawler.domains import site_of
from linkcrawler.lexicons import Lexicons
from linkcrawler.records import Context, Page, Placement
from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import MIN_BRAND, arguments, host_of, label_of, path_of, squeeze

Hits = dict[str, str]
"""Kind of phrase -> the phrase found."""

NEAR_CHARS = 90
"""How far before and after the anchor a phrase still speaks of this link and not of its neighbour."""

CLOSE_WORDS = 14
"""Markup words that still describe the element's own box, not the page's layout."""

LEAD_CHARS = 60

_CLAUSE_END = re.compile(r"[.!?:|•·»«–—。！？：\r\n](?=\s*\S)")
_BRACKETED = re.compile(r"\s?[(\[*]\s?([^)\]*]{2,30})[)\]*]")
_WORD = re.compile(r"[a-z0-9]+")
_NOTHING: Hits = {}
# Where what the end of the main text says cannot be about the link.
_FURNITURE = frozenset((Region.NAV, Region.HEADER, Region.FOOTER, Region.SIDEBAR, Region.AD, Region.RELATED))


@dataclass(frozen=True, slots=True)
class Scene:
    """A placement, its page, and what was read out of both."""

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
    same_site: bool
    """The target stands on the page's own site (a user's folder on a hosting platform counts as a site)."""
    anchor: Hits
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


def look(page: Page, placement: Placement, lexicons: Lexicons) -> Scene:
    """Work out the scene of one placement."""
    context = placement.context
    host, page_host = host_of(placement.target_url), host_of(page.url)
    near = context.sentence or f"{context.before[-NEAR_CHARS:]} {placement.anchor} {context.after[:NEAR_CHARS]}"
    languages = lexicons.languages_of(page.language, page_host)
    marked = _WORD.findall(placement.markup.lower())
    top = [page.title, page.byline, page.author]
    top += [notice for notice in page.notices if notice.startswith(("title:", "header:"))]
    rest = [notice for notice in page.notices if notice.startswith("body:")]

    def hits(text: str) -> Hits:
        if not text:
            return _NOTHING
        found = {hit.kind: hit.phrase for hit in reversed(lexicons.find_in(text, languages))}
        if "paid" in found:
            found.setdefault("disclosure", found["paid"])
        return found

    near_hits = hits(near)
    block_hits = near_hits if context.block == near else hits(context.block)
    if "disclosure" in near_hits or "disclosure" in block_hits:
        # What stands beside the link is counted there; as a notice of the page it would count again.
        top, rest = ([text for text in texts if not _holds(text, context)] for texts in (top, rest))
    title, notice = _merge([hits(_said(text)) for text in top]), _merge([hits(_said(text)) for text in rest])
    discloses = "disclosure" in title or "disclosure" in notice
    return Scene(
        page=page,
        placement=placement,
        region=placement.region,
        page_host=page_host,
        page_label=label_of(page_host),
        page_names=_names(page, page_host),
        page_path=path_of(page.url).lower(),
        host=host,
        label=label_of(host),
        path=path_of(placement.target_url),
        query=dict(arguments(placement.target_url)),
        same_site=site_of(host) == site_of(page_host),
        anchor=hits(placement.anchor or placement.title),
        lead=hits(_last_clause(context.before)),
        tag=hits(_bracketed(context.after)),
        near=near_hits,
        block=block_hits,
        heading=hits(context.heading[-1] if context.heading else ""),
        owner=hits(context.owner),
        title=title,
        notice=notice,
        filed=hits(" | ".join(page.labels)),
        disclosures=tuple(text for text in (*top[3:], *rest) if discloses and "disclosure" in hits(_said(text))),
        tail=_NOTHING if placement.region in _FURNITURE else hits(page.tail),
        markup=frozenset(marked),
        close=frozenset(marked[:CLOSE_WORDS]),
    )


def _names(page: Page, host: str) -> tuple[str, ...]:
    squeezed = (squeeze(label_of(host)), squeeze(page.site_name), squeeze(page.publisher))
    return tuple(dict.fromkeys(name for name in squeezed if len(name) >= MIN_BRAND))


def _last_clause(before: str) -> str:
    """What introduces the anchor: the words since the last stop, at most :data:`LEAD_CHARS`."""
    text = before[-LEAD_CHARS:].rstrip(" «»:-–—•|([")
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
    scope, colon, text = notice.partition(": ")
    return text if colon and scope in ("title", "header", "body", "footer", "aside") else notice


def _merge(found: list[Hits]) -> Hits:
    merged: Hits = {}
    for hits in reversed(found):
        merged.update(hits)
    return merged
