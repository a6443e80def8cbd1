"""Who wrote the page: the names, the pages they point to, and the byline as a reader sees it."""

import re
from functools import lru_cache

from lxml.etree import _Element
from lxml.html import fragment_fromstring

from linkcrawler.capture.main_text import TextBlock
from linkcrawler.capture.metadata import Metadata
from linkcrawler.capture.region_words import split_names
from linkcrawler.capture.structured import Node, texts, types_of
from linkcrawler.urls import join
from linkcrawler.walk import Walk

MAX_KNOWN = 1 << 11
"""Names of elements about titles that are remembered: the pages of a site share theirs."""
MAX_URLS = 12
MAX_MARKED = 20
MAX_NAME_CHARS = 200
MAX_ONE_NAME_CHARS = 80
MAX_BYLINE_CHARS = 400
"""Of kicker, byline and their neighbours together."""

_BYLINE = re.compile(
    r"(?<=[- ])(?:by-?line[a-z]*|[a-z]*authors?|autor(?:en|in)?|auteurs?|autore|verfasser|kicker|eyebrow|overline|"
    r"dachzeile|spitzmarke|supertitle|pretitle|kategorie|written-by|posted-by|contributors?|credits?|source|quelle|"
    r"vcard|firma)(?=[- ])"
)
_AUTHOR_TAGS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "sailthru.author")
_BY = re.compile(r"^(?:by|von|par|por|di|door|av|af|od|przez|автор|text|autor(?:in)?)\b:?\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.|@")


def author_of(metadata: Metadata, marked: list[_Element]) -> str:
    """Names of the authors, comma-separated: schema.org first, then meta tags, then what the text marks as author."""
    names = declared_names(metadata)
    if not names:
        names = [_name_in(element) for element in marked[:3]]
    return ", ".join(dict.fromkeys(name for name in names if name))[:MAX_NAME_CHARS]


def declared_names(metadata: Metadata) -> list[str]:
    """Names of the authors in schema.org data, else in meta tags; addresses left out."""
    names = _people(texts(_authors(metadata), "name", "alternateName") + _plain(metadata))
    return names or _people(metadata.all_meta(*_AUTHOR_TAGS))


def author_urls_of(metadata: Metadata, marked: list[_Element], base: str) -> tuple[str, ...]:
    """Addresses that the page gives as its author's: schema.org ``url`` and ``sameAs``, meta tags, rel=author."""
    found: list[str] = []
    for person in _authors(metadata):
        found += texts(person.get("url"), "@id") + texts(person.get("sameAs"))
        found += texts(metadata.linked(person.get("worksFor")), "url")
    names = set(declared_names(metadata))
    for node in metadata.nodes:
        if "Person" in types_of(node) and names & set(texts(node.get("name"))):
            found += texts(node.get("url"), "@id") + texts(node.get("sameAs"))
    found += [value for value in metadata.all_meta("article:author", "author") if value.startswith("http")]
    found += [element.get("href") or "" for element in marked]
    urls = (join(base, address) for address in found if address and not address.startswith("#"))
    return tuple(dict.fromkeys(url[:500] for url in urls if url))[:MAX_URLS]


def _authors(metadata: Metadata) -> list[Node]:
    return metadata.linked(metadata.article().get("author"))


def _plain(metadata: Metadata) -> list[str]:
    value = metadata.article().get("author")
    return [name for name in (value if isinstance(value, list) else [value])[:20] if isinstance(name, str)]


def _people(names: list[str]) -> list[str]:
    plain = [_text(fragment_fromstring(name, create_parent=True)) if "<" in name else name for name in names[:20]]
    return [_BY.sub("", name) for name in plain if name and not _ADDRESS.search(name)]


def _name_in(element: _Element) -> str:
    named = element.find(".//*[@itemprop='name']")
    text = _text(element if named is None else named)
    return _BY.sub("", text) if len(text) <= MAX_ONE_NAME_CHARS else ""


def _text(element: _Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def marked_authors(walk: Walk) -> list[_Element]:
    """Elements that carry ``rel=author`` or ``itemprop=author``, at most :data:`MAX_MARKED`."""
    related, marked = walk.carriers["rel"], walk.carriers["itemprop"]
    linked = [found for found in related if _says_author(found.get("rel", "")) and found.tag != "link"]
    named = [found for found in marked if _says_author(found.get("itemprop", "")) and found.tag != "meta"]
    return (linked + named)[:MAX_MARKED]


def _says_author(words: str) -> bool:
    return "author" in (lowered := words.lower()) and "author" in lowered.split()


@lru_cache(maxsize=MAX_KNOWN)
def _names_byline(names: str) -> bool:
    return _BYLINE.search(split_names(names)) is not None


def byline_of(blocks: list[TextBlock]) -> str:
    """Text of kicker and byline out of the blocks about the title, told by their class words."""
    found: list[str] = []
    for block in blocks:
        node: _Element | None = block.element
        for _ in range(3):
            if node is None or node.tag in ("body", "article", "main"):
                break
            if _names_byline(f"{node.get('id', '')} {node.get('class', '')} {node.get('rel', '')}"):
                found.append(block.text)
                break
            node = node.getparent()
    return " | ".join(dict.fromkeys(found))[:MAX_BYLINE_CHARS]
