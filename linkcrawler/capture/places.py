"""Where links stand and what they say, in short: what links of one kind have in common, for the order of a crawl."""

from collections.abc import Iterable, Iterator, Mapping

from lxml.etree import _Element

MOST_ANCESTORS = 3
LONGEST_ANCHOR = 24
"""Characters; a longer anchor is a title of its own, which no other link shares."""

_NO_DIGITS = {ord(digit): None for digit in "0123456789"}


def places(
    elements: Mapping[str, _Element], hrefs: Mapping[str, str], urls: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Tag path and anchor of the first placement of each of the ``urls``, outlinks of a page; the rest as in Capture.

    The path names up to three elements, innermost first, up to the nearest that has a class, as ``li/ul.menu``; the
    anchor is its own text in lower case, ``…`` if it is long.
    """
    for url in urls:
        found = elements.get(hrefs.get(url, url))
        yield (_trail(found), _anchor(found)) if found is not None else ("", "")


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
    return text.lower() if len(text) <= LONGEST_ANCHOR else "…"
