"""The facts of a page that evidence needs, gathered only where the page holds a target."""

from collections.abc import Iterable, Sequence
from itertools import islice

from lxml.etree import _Element

from linkcrawler.capture.authorship import author_of, author_urls_of, byline_of, marked_authors
from linkcrawler.capture.endpoints import endpoints
from linkcrawler.capture.engines import EngineSigns, sights_of
from linkcrawler.capture.fingerprint import simhash, words_of
from linkcrawler.capture.language import language_of
from linkcrawler.capture.main_text import TextBlock, text_blocks
from linkcrawler.capture.metadata import Metadata
from linkcrawler.capture.notices import notices
from linkcrawler.capture.ownership import owner_ids
from linkcrawler.capture.regions import Regions
from linkcrawler.capture.structured import Node
from linkcrawler.domains import domain_of
from linkcrawler.lexicons import Lexicons
from linkcrawler.records import Page
from linkcrawler.urls import Base
from linkcrawler.vocabulary import Refusal, Region
from linkcrawler.walk import Step, Walk

MAX_TITLE_CHARS = 300
MAX_TEXT_CHARS = 600
"""Of description, lead and tail."""
MAX_NAME_CHARS = 200
MAX_LINKS = 5_000
MAX_BLOCKS = 20_000

MAIN = (Region.BODY, Region.LIST)

TITLE_ZONE = 8
"""Blocks before and after the headline that count as being about the title: kicker, byline, date line, notice."""

_SHORT = 300


def page_facts(
    walk: Walk,
    steps: Iterable[Step],
    nodes: Sequence[Node],
    *,
    url: str,
    base: Base,
    regions: Regions,
    signs: EngineSigns,
    lexicons: Lexicons,
) -> Page:
    """A Page with everything but the facts of the visit (status, hash, link counts) and the dates.

    ``steps`` are those of the ``walk`` that are shown, ``nodes`` the page's JSON-LD; ``url`` is canonical, ``base``
    what relative addresses are resolved against.
    """
    metadata = Metadata(walk, nodes, base.url)
    blocks = list(islice(text_blocks(steps, regions), MAX_BLOCKS))
    headline = headline_at(blocks)
    main = "\n".join(block.text for block in blocks if block.region in MAIN)
    running = "\n".join(block.text for block in blocks[headline:] if is_running(block, regions))
    words = words_of(main)
    language = language_of(metadata.language(), words, main)
    top = title_zone(blocks, headline)
    marked = marked_authors(walk)
    sights = sights_of(walk, metadata, url)
    nofollow, sponsored = link_shares(walk, url, base)
    title = metadata.title()[:MAX_TITLE_CHARS]
    return Page(
        url=url,
        title=title,
        description=metadata.meta("description", "og:description")[:MAX_TEXT_CHARS],
        language=language,
        canonical_url=metadata.canonical_url(),
        meta_robots=metadata.robots(),
        author=author_of(metadata, marked),
        author_urls=author_urls_of(metadata, marked, base.url),
        byline=byline_of(top),
        publisher=metadata.publisher()[:MAX_NAME_CHARS],
        site_name=metadata.site_name()[:MAX_NAME_CHARS],
        article_types=metadata.article_types(),
        labels=metadata.labels(),
        engine=signs.engine(sights),
        services=signs.services_in(sights),
        notices=notices(title, top, blocks, lexicons, language),
        lead=_head(running or main),
        tail=_end(running or main),
        copyright=copyright_of(blocks),
        nofollow_share=nofollow,
        sponsored_share=sponsored,
        main_words=len(words),
        simhash=simhash(words),
        endpoints=endpoints(walk.carriers["rel"], base.url),
        owner_ids=owner_ids(walk, [block.text for block in blocks], verification(metadata)),
    )


def headline_at(blocks: list[TextBlock]) -> int:
    """Where the main headline stands: the h1 in the main text, else any h1, else the first lesser heading, else 0."""
    h1 = [at for at, block in enumerate(blocks) if block.element.tag == "h1"]
    lesser = [at for at, block in enumerate(blocks) if block.element.tag in ("h2", "h3") and block.region in MAIN]
    ranked = [at for at in h1 if blocks[at].region in MAIN] or h1 or lesser
    return ranked[0] if ranked else 0


def title_zone(blocks: list[TextBlock], headline: int) -> list[TextBlock]:
    """The short blocks about the main headline: kicker, byline, date line, notice."""
    near = blocks[max(headline - TITLE_ZONE, 0) : headline + TITLE_ZONE + 1]
    return [block for block in near if len(block.text) <= _SHORT]


def is_running(block: TextBlock, regions: Regions) -> bool:
    """Whether the block is text of the page's own, not a teaser that the region rules took for it."""
    return block.region in MAIN and (len(block.text) > _SHORT or not regions.mostly_links(block.element))


def copyright_of(blocks: list[TextBlock]) -> str:
    """The page's copyright line: the last short text with the sign or the word, those of the footer first."""
    short = [block for block in blocks if len(block.text) <= 2 * _SHORT]
    found = [block for block in short if "©" in block.text or "(c)" in block.text or "(C)" in block.text]
    found = found or [block for block in short if "copyright" in block.text.lower()]
    found.sort(key=lambda block: block.region is Region.FOOTER)
    if not found:
        return ""
    text = found[-1].text
    start = max(text.find("©"), 0)
    return text[start : start + MAX_NAME_CHARS]


def link_shares(walk: Walk, url: str, base: Base) -> tuple[float, float]:
    """Shares of links to other registered domains that carry nofollow, sponsored or ugc, and that carry sponsored."""
    own = domain_of(url)
    inside = ("#", "?", "/".join((*url.split("/", 3)[:3], "")))
    leading: dict[str, list[_Element]] = {}
    for element in walk.elements("a")[:MAX_LINKS]:
        href = element.get("href")
        if href and (href[:2] == "//" if href[0] == "/" else not href.startswith(inside)):
            leading.setdefault(href, []).append(element)
    outside = [
        element
        for (target, elements) in zip(base.resolve_all(leading), leading.values(), strict=True)
        if not isinstance(target, Refusal) and domain_of(target) != own
        for element in elements
    ]
    external, nofollow, sponsored = len(outside), 0, 0
    for element in outside:
        if rel := element.get("rel"):
            words = set(rel.lower().split())
            nofollow += bool(words & {"nofollow", "sponsored", "ugc"})
            sponsored += "sponsored" in words
    return (round(nofollow / external, 4), round(sponsored / external, 4)) if external else (0.0, 0.0)


def verification(metadata: Metadata) -> list[str]:
    """Values by which search engines know the site's owner."""
    names = ("google-site-verification", "msvalidate.01", "yandex-verification", "fb:app_id", "fb:pages")
    return metadata.all_meta(*names)[:6]


def _head(text: str) -> str:
    flat = " ".join(text[: 2 * MAX_TEXT_CHARS].split())
    return flat if len(flat) <= MAX_TEXT_CHARS else flat[:MAX_TEXT_CHARS].rsplit(" ", 1)[0]


def _end(text: str) -> str:
    flat = " ".join(text[-2 * MAX_TEXT_CHARS :].split())
    return flat if len(flat) <= MAX_TEXT_CHARS else flat[-MAX_TEXT_CHARS:].split(" ", 1)[-1]
