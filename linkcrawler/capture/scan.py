"""The links of a page without its tree: its tags are cut out one by one, as the HTML standard's tokenizer cuts them.

What is met is either certain or not understood, and a page with anything that is not understood is parsed as a whole
(seven real pages in a hundred). Certain is what libxml2 reads by the standard since 2.14: it tells tags apart as
browsers do, and keeps every ``<a>``, ``<area>`` and ``<base>`` that it meets. On pages of 150 KB it takes 0.4 ms where
building, reading and freeing the tree takes 1.5.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from lxml import etree

from linkcrawler.urls import join

MAX_SCANNED_BYTES = 1 << 20
"""A larger page is parsed in a thread, where nobody waits for it."""
_BY_THE_STANDARD = etree.LIBXML_VERSION >= (2, 14)

_SPACE = r"[ \t\n\f\r]"
_AFTER_NAME = r"(?=[ \t\n\f\r/>])"
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^ \t\n\f\r"'<>][^ \t\n\f\r<>]*+(?=[ \t\n\f\r>])|(?=>))"""
_EQUALS = rf"""=(?:(?<=[^ \t\n\f\r/"']=)|(?<=[^ \t\n\f\r/"'] =)){_SPACE}*+"""
"""The sign between a name and its value; anywhere else it would be part of a name."""
_MOSTLY = r"""(?:[ ][^ \t\n\f\r<>=/"']++="[^"]*+")*+"""
"""Attributes as nearly all are written: a twentieth of the time of a scan."""
_REST = rf"{_MOSTLY}[^<>=]*+(?:{_EQUALS}{_VALUE}[^<>=]*+)*+>"
"""Of a tag, behind any whole name or value."""
_BETWEEN = r"""(?:[ \t\n\f\r/]++|(?<=["']))"""


def _any_case(word: str) -> str:
    """A pattern for it that begins with a class of characters: those that cannot match are passed over at once."""
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


def _unread(name: str) -> str:
    """An element whose content is no markup, from its name to its end tag."""
    word = _any_case(name)
    end = f"</{word}{_AFTER_NAME}"
    content = rf"(?:[^<]++|(?!{end})<)*+"
    if name == "script":
        # Once a script has held "<!--", another "<script" in it would take the next end tag for its own.
        content = rf"(?:[^<]++|(?!{end}|<!--)<)*+(?:[^<]++|(?!{end}|<{word})<)*+"
    return rf"{word}{_AFTER_NAME}{_REST}(?<!/>){content}{end}[^<>\"']*+>"


_UNREAD = "|".join(map(_unread, ("script", "style", "title", "textarea", "iframe", "xmp", "noembed", "noframes")))
_HREF = _any_case("href")
_LINKS = f"{_any_case('a')}(?:{_any_case('rea')})?"
_HTML = _any_case("html") + _AFTER_NAME
_OWN_RULES = (
    rf"(?:{_LINKS}|{_any_case('html')}|{_any_case('base')}|{_any_case('plaintext')}|"
    rf"{_any_case('s')}(?:{_any_case('cript')}|{_any_case('tyle')})|"
    rf"{_any_case('t')}(?:{_any_case('itle')}|{_any_case('extarea')})|{_any_case('iframe')}|{_any_case('xmp')}|"
    rf"{_any_case('no')}(?:{_any_case('embed')}|{_any_case('frames')})){_AFTER_NAME}"
)
_NAME = rf"[^ \t\n\f\r<>=/]*+{_AFTER_NAME}"
_NO_LINKS = rf"""[^<]*+(?:<(?:
    /(?:[a-gi-zA-GI-Z]|(?!{_HTML})[hH])[^<>"']*+>
    |[cdefgjklmoqruvwyzCDEFGJKLMOQRUVWYZ]{_NAME}{_REST}
    |(?!{_OWN_RULES})[abhinpstxABHINPSTX]{_NAME}{_REST}
    |(?=[hstxinHSTXIN])(?:{_HTML}{_REST}(?<!/>)|{_UNREAD})
    |!--(?!-?>)[^-]*+(?:-(?!-!?>)[^-]*+)*+-->
    |(?:!(?!--)|\?|/(?![a-zA-Z]))[^<>]*+>
    |(?![a-zA-Z/!?])
    )[^<]*+)*+""".replace("\n    ", "")
_OTHERS = rf"(?:{_BETWEEN}(?!{_HREF}[ \t\n\f\r=/>])[^ \t\n\f\r/<>=]++(?: ?={_SPACE}*+{_VALUE})?+)*+"
_LINK = (
    rf"()<(?:({_any_case('base')})|{_LINKS}){_AFTER_NAME}{_OTHERS}"
    rf"(?:{_BETWEEN}{_HREF}(?: ?={_SPACE}*+({_VALUE})|(?=[ >])()){_REST}|[ \t\n\f\r/]*+>)"
)
_END = rf"(?:</{_HTML}[^<>\"']*+>{_NO_LINKS})*+(\Z)"
"""The parser drops what follows the end of ``<html>``: the scan leaves pages to it that have links there."""
_NEXT = re.compile(f"{_NO_LINKS}(?:{_LINK}|{_END}|())".encode())
"""Up to and with the next link or base: whether it is a base, its href as written, whether it has one without a value;
the end of the page; or what is not understood."""
TAG = re.compile(rf"<([a-zA-Z]{_NAME})({_REST})".encode())
"""A tag that opens an element: its name, and what follows with its end."""

_PLAIN_VALUE = re.compile(r"[^&\r]*+(?:&(?:amp;|[A-Za-z0-9]++=)[^&\r]*+)*+")
"""Followed by ``=``, what looks like a reference in an attribute is none."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a page leads to, as its Document would have it."""

    base_url: str
    """Address that relative links start from."""
    links: list[tuple[str, int]] = field(repr=False)
    """Each ``<a>`` and ``<area>`` that has an href, with it, and where its tag begins, in document order."""
    root: None = None
    truncated: Literal[False] = False


def scan(utf8: bytes, url: str) -> Scan | None:
    """The links of the page at ``url``, the same as those of its tree; None if only the tree can tell."""
    if not _BY_THE_STANDARD or len(utf8) > MAX_SCANNED_BYTES:
        return None
    base: str | None = None
    links: list[tuple[str, int]] = []
    known: dict[bytes, str] = {}
    for found in _NEXT.finditer(utf8):
        _, is_base, written, bare, end, unclear = found.groups()
        if written is None:
            if end is not None:
                return Scan(base or url, links) if links else None
            if bare is None:
                if unclear is not None:
                    return None
                continue
            written = b""
        href = known.get(written)
        if href is None:
            href = known[written] = _value(written)
        if not is_base:
            links.append((href, found.start(1)))
        elif base is None:
            base = join(url, href) or url
    return None


def _value(written: bytes) -> str:
    """What an attribute says that is written so, with its quotes."""
    text = (written[1:-1] if written[:1] in (b'"', b"'") else written).decode()
    if "&" not in text and "\r" not in text:
        return text
    return text.replace("&amp;", "&") if _PLAIN_VALUE.fullmatch(text) else _parsed(written)


@lru_cache(maxsize=1 << 12)
def _parsed(written: bytes) -> str:
    parser = etree.HTMLParser(encoding="utf-8", collect_ids=False)
    return next(etree.fromstring(b"<a href=" + written + b">", parser).iter("a")).get("href", "")
