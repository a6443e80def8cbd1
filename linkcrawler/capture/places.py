"""Where links stand and what they say, in short: what links of one kind have in common, for the order of a crawl."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from lxml.etree import _Element

from linkcrawler.capture.tags import TAG

MOST_ANCESTORS = 3
LONGEST_ANCHOR = 24
"""Characters; a longer anchor is a title of its own, which no other link shares."""

_NO_DIGITS = {ord(digit): None for digit in "0123456789"}

_FARTHEST = 16_384
"""Bytes before a link in which its ancestors are looked for."""
_SLASH = ord("/")
_CLASS = re.compile(rb"""[ \t\n\f\r"']class=["']?[ \t\n\f\r]*([^ \t\n\f\r"'>]+)""", re.IGNORECASE)
_FIRST_CHILD = re.compile(rb"[^<]*+(?:<!--.*?-->[^<]*+)*+<([a-zA-Z][^ \t\n\f\r/><\"'=]*)", re.DOTALL)
_VOID = frozenset(
    (b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source", b"wbr")
)
_IMPLIED = ("body", "html")
"""Elements that a page has whether it opens them or not."""
_ENDS_ITSELF = frozenset((b"p", b"li", b"dt", b"dd", b"tr", b"td", b"th", b"option", b"a"))
"""One that is open at the beginning of another of its kind is closed by it."""


def places(
    links: Mapping[str, _Element | int], hrefs: Mapping[str, str], urls: Iterable[str], utf8: bytes = b""
) -> Iterator[tuple[str, str]]:
    """Tag path and anchor of the first placement of each of the ``urls``, outlinks of a page; the rest as in Capture.

    The path names up to three elements, innermost first, up to the nearest that has a class, as ``li/ul.menu``; the
    anchor is its own text in lower case, ``…`` if it is long. What is read off the bytes of a page is what its tree
    says, but for one link in a hundred.
    """
    for url in urls:
        found = links.get(hrefs.get(url, url))
        if found is None:
            yield "", ""
        elif isinstance(found, int):
            yield _trail_before(utf8, found), _anchor_behind(utf8, found)
        else:
            yield _trail(found), _anchor(found)


def _trail(element: _Element) -> str:
    names: list[str] = []
    ancestor = element.getparent()
    while ancestor is not None and len(names) < MOST_ANCESTORS:
        kind = ancestor.get("class")
        if kind and (words := kind.split(None, 1)):
            names.append(f"{ancestor.tag}.{words[0].translate(_NO_DIGITS)}")
            break
        names.append(str(ancestor.tag))
        ancestor = ancestor.getparent()
    return "/".join(names)


def _anchor(element: _Element) -> str:
    text = (element.text or "").strip()
    if not text:
        return f"<{element[0].tag}>" if len(element) else ""
    return _shortened(text)


def _shortened(text: str) -> str:
    return text.lower() if len(text) <= LONGEST_ANCHOR else "…"


def _trail_before(utf8: bytes, at: int) -> str:
    names: list[str] = []
    last = b"a"
    before, farthest = at, max(0, at - _FARTHEST)
    while (before := utf8.rfind(b"<", farthest, before)) >= 0:
        if utf8[before + 1] == _SLASH:
            before = _opening(utf8, before, farthest)
            continue
        tag = TAG.match(utf8, before)
        if tag is None:
            continue
        name, rest = tag[1].lower(), tag[2]
        if name in _VOID or (name == last and name in _ENDS_ITSELF) or rest.endswith(b"/>"):
            continue
        last = name
        if kind := _CLASS.search(rest):
            names.append(f"{name.decode()}.{kind[1].decode().translate(_NO_DIGITS)}")
            break
        names.append(name.decode())
        if len(names) == MOST_ANCESTORS:
            break
    else:
        if at <= _FARTHEST:
            names = [*(name for name in names if name not in _IMPLIED), *_IMPLIED][:MOST_ANCESTORS]
    return "/".join(names)


def _opening(utf8: bytes, end: int, farthest: int) -> int:
    """Where the element begins whose end tag stands at ``end``; ``end`` itself where nothing opens it."""
    end_tag = utf8[end : utf8.find(b">", end) + 1]
    opening = b"<" + end_tag[2:-1]
    at, depth = end, 1
    while depth:
        before = utf8.rfind(opening, farthest, at)
        if before < 0:
            return end
        depth += utf8.count(end_tag, before, at) - (utf8[before + len(opening)] in b" \t\n\f\r/>")
        at = before
    return at


def _anchor_behind(utf8: bytes, at: int) -> str:
    tag = TAG.match(utf8, at)
    if tag is None or tag[1].lower() in _VOID:
        return ""
    text = unescape(utf8[tag.end() : utf8.find(b"<", tag.end())].decode("utf-8", "replace")).strip()
    if text:
        return _shortened(text)
    child = _FIRST_CHILD.match(utf8, tag.end())
    return f"<{child[1].decode().lower()}>" if child else ""
