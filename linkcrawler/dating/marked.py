"""Dates that the page's markup declares: JSON-LD, meta elements, microdata and time elements."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from lxml import etree

from linkcrawler.dating.reading import Reading
from linkcrawler.dating.stamps import Stamp, read_stamp
from linkcrawler.dating.written import Locale, fold
from linkcrawler.walk import Walk

MAX_JSON_CHARS = 1_000_000
MAX_JSON_NODES = 5_000
MAX_SCRIPTS = 2_000
MAX_METAS = 400
MAX_TIMES = 400

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Recipe|Book|Chapter|Thesis|Question|HowTo)$")
_PAGE_TYPE = re.compile(r"Page$|CreativeWork$|Dataset$|SoftwareApplication$|Product$|Event$")
# What hangs below these keys is another work than the page.
_OTHER_WORKS = frozenset((
    "comment", "review", "hasPart", "itemListElement", "isPartOf", "relatedLink", "video", "image", "associatedMedia",
    "author", "publisher", "citation", "isBasedOn", "about", "mentions", "suggestedAnswer", "acceptedAnswer",
    "primaryImageOfPage", "logo", "subjectOf",
))  # fmt: skip
_DATE_IN_JSON = re.compile(r'"(datePublished|dateCreated|dateModified)"\s*:\s*"([^"\\]{6,60})"')

_META_PUBLISHED = re.compile(
    r"publish(?:ed)?(?:ing)?-?(?:time|date|at|on|$)|pub-?date|date-?publish|publication-?date|issued|created?(?:-?date|$)"
    r"|date-?created|date-?posted|post-?date|posted-?on|release-?date|original-?(?:publication-?)?date|display-?date|online-date|first-?pub"
)
_META_MODIFIED = re.compile(r"modif|updated?|last-?mod|revis|changed|edited")
_META_PLAIN = re.compile(r"(?:^|-)(?:date|timestamp)$|^date-")
_META_OTHER = re.compile(
    r"expir|unpublish|valid|event|image|video|copyright|birth|start|end-|crawl|access|publisher|refresh"
)
_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_TIME_PUBLISHED = re.compile(
    r"publi[sc]|pubdate|pub-date|entry-(?:date|time)|posted|post-date|created|dateline|date-line|article-?date"
)
_TIME_MODIFIED = re.compile(r"updat|modif|edited|revis")


@dataclass(frozen=True, slots=True)
class Marked:
    """A declared date and the method that found it."""

    stamp: Stamp
    source: str
    modified: bool = False
    near: bool = False
    """True if it stands at the headline."""

    @property
    def day(self) -> date:
        return self.stamp.day


def json_ld_dates(walk: Walk, title: str, locale: Locale) -> Iterator[Marked]:
    """Dates of the work that the page is about, from its JSON-LD; best first."""
    works = [work for text in _json_texts(walk) for work in _works(text)]
    works.sort(key=lambda work: _work_rank(work, fold(title)))
    for work in works:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            if stamp := read_stamp(_first(work.get(key)), locale):
                yield Marked(stamp, f"json-ld {key}")
                break
        if stamp := read_stamp(_first(work.get("dateModified")), locale):
            yield Marked(stamp, "json-ld dateModified", modified=True)


def _json_texts(walk: Walk) -> Iterator[str]:
    for script in walk.elements("script")[:MAX_SCRIPTS]:
        if "ld+json" in script.get("type", "").lower() and (text := script.text):
            yield text[:MAX_JSON_CHARS]


def _works(text: str) -> Iterator[dict[str, Any]]:
    """The nodes of one JSON-LD block that may be the page's own work; dates alone where the JSON is broken."""
    try:
        pending = [json.loads(text.strip().removeprefix("<![CDATA[").removesuffix("]]>"), strict=False)]
    except (ValueError, RecursionError):
        yield dict(reversed(_DATE_IN_JSON.findall(text)))
        return
    for _ in range(MAX_JSON_NODES):
        if not pending:
            return
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(reversed(node))
        elif isinstance(node, dict):
            if "datePublished" in node or "dateCreated" in node or "dateModified" in node:
                yield node
            pending.extend(v for k, v in node.items() if isinstance(v, dict | list) and k not in _OTHER_WORKS)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _work_rank(work: dict[str, Any], title: str) -> tuple[int, int]:
    types = " ".join(map(str, work["@type"])) if isinstance(work.get("@type"), list) else str(work.get("@type", ""))
    kind = 0 if _ARTICLE.search(types) else 1 if _PAGE_TYPE.search(types) or not types else 2
    headline = work.get("headline") or work.get("name")
    own = isinstance(headline, str) and len(headline) > 8 and fold(headline)[:50].strip() in title
    return kind, 0 if own else 1


def meta_dates(walk: Walk, locale: Locale) -> Iterator[Marked]:
    """Dates that meta elements declare, in document order; ``meta plain`` where the name is just a date."""
    for element in walk.elements("meta")[:MAX_METAS]:
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        value = element.get("content") or element.get("datetime")
        if not name or not value:
            continue
        source, modified = _meta_source(name[:200])
        if source and (stamp := read_stamp(value, locale)):
            yield Marked(stamp, source, modified=modified)


@lru_cache(maxsize=1 << 10)
def _meta_source(name: str) -> tuple[str, bool]:
    """The method that a meta element's name makes, empty if it tells no date, and whether it is that of a change.

    Pages of all sites share most of their names.
    """
    name = _NOT_ALNUM.sub("-", name.lower()).strip("-")
    modified = _META_MODIFIED.search(name) is not None
    if _META_OTHER.search(name):
        return "", False
    if modified or _META_PUBLISHED.search(name):
        return f"meta {name}"[:60], modified
    return "meta plain" if _META_PLAIN.search(name) else "", False


def element_dates(reading: Reading, locale: Locale) -> Iterator[Marked]:
    """Dates in attributes of microdata and time elements outside comments, in document order."""
    for element in reading.dated()[:MAX_TIMES]:
        stamp = _element_stamp(element, locale) if element.tag != "meta" else None
        if stamp is None or "comment" in (kinds := reading.kinds(element)):
            continue
        if source := _element_source(element, aside="aside" in kinds or "link" in kinds):
            near = reading.headline is not None and -400 <= reading.place(element) - reading.headline[1] <= 1500
            yield Marked(stamp, source, source == "time modified", near and "aside" not in kinds)


def _element_source(element: etree._Element, *, aside: bool) -> str:
    prop, words = element.get("itemprop", "").lower(), _element_words(element)
    if "datemodified" in prop or _TIME_MODIFIED.search(words):
        return "time modified"
    if "datepublished" in prop or "datecreated" in prop:
        return "microdata"
    if element.tag not in ("time", "abbr") and not element.get("datetime"):
        return ""
    if "pubdate" in element.attrib or _TIME_PUBLISHED.search(words):
        return "time aside" if aside else "time published"
    return "time aside" if aside else "time"


def _element_stamp(element: etree._Element, locale: Locale) -> Stamp | None:
    for attribute in ("datetime", "content", "title"):
        if value := element.get(attribute):
            return read_stamp(value, locale)
    return read_stamp(element.text, locale) if element.text and element.text.strip() else None


def _element_words(element: etree._Element) -> str:
    parent = element.getparent()
    around = parent.get("class", "") if parent is not None and len(parent) <= 3 else ""
    return f"{element.get('class', '')} {element.get('id', '')} {around}".lower()
