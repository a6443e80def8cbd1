"""Every element of a page that points somewhere, with its kind and its raw addresses."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml.etree import _Element

from linkcrawler.capture.structured import Node, data_scripts, texts
from linkcrawler.vocabulary import Kind
from linkcrawler.walk import Walk

_TAGS = ("a", "area", "link", "iframe", "frame", "embed", "object", "form", "meta")
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?[\"']?(.*?)[\"']?\s*\Z", re.IGNORECASE | re.DOTALL)
_STATEMENTS = ("sameAs", "url", "citation")
_NAMED_BY_ITEMPROP = frozenset(statement.lower() for statement in _STATEMENTS)
_SOURCES = {
    "a": (Kind.A, "href"),
    "area": (Kind.AREA, "href"),
    "iframe": (Kind.IFRAME, "src"),
    "frame": (Kind.IFRAME, "src"),
    "embed": (Kind.EMBED, "src"),
    "object": (Kind.EMBED, "data"),
    "form": (Kind.FORM, "action"),
}


class Pointer(NamedTuple):
    """One element and one address in it."""

    kind: Kind
    href: str
    element: _Element


def pointers(walk: Walk, nodes: Iterable[Node]) -> Iterator[Pointer]:
    """All pointers in document order, the statements of the page's JSON-LD ``nodes`` last."""
    for element in walk.elements(*_TAGS):
        tag = element.tag
        if tag in _SOURCES:
            kind, attribute = _SOURCES[tag]
            href = element.get(attribute)
            if href is not None:
                yield Pointer(kind, href, element)
        elif tag == "link":
            yield from _of_link(element)
        elif tag == "meta":
            yield from _of_meta(element)
    said = [text for node in nodes for name in _STATEMENTS if name in node for text in texts(node[name], "url", "@id")]
    if said:
        script = data_scripts(walk)[0]
        for text in dict.fromkeys(said):
            yield Pointer(Kind.STRUCTURED_DATA, text, script)


def _of_link(element: _Element) -> Iterator[Pointer]:
    href = element.get("href")
    if href is None:
        return
    rel = (element.get("rel") or "").lower().split()
    for kind in (Kind.CANONICAL, Kind.ALTERNATE):
        if kind.value in rel:
            yield Pointer(kind, href, element)
            return
    if _NAMED_BY_ITEMPROP.intersection((element.get("itemprop") or "").lower().split()):
        yield Pointer(Kind.STRUCTURED_DATA, href, element)


def _of_meta(element: _Element) -> Iterator[Pointer]:
    content = element.get("content")
    if not content:
        return
    if (element.get("http-equiv") or "").strip().lower() == "refresh":
        matched = _REFRESH.match(content[:4096])
        if matched and matched[1]:
            yield Pointer(Kind.REFRESH, matched[1], element)
    elif _NAMED_BY_ITEMPROP.intersection((element.get("itemprop") or "").lower().split()):
        yield Pointer(Kind.STRUCTURED_DATA, content, element)
