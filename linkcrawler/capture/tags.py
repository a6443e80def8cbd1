"""The tags of a page, cut out one by one as the HTML standard's tokenizer cuts them: those that lead somewhere.

What is met is either certain or not understood. Certain is what libxml2 reads by the standard since 2.14: it tells tags
apart as browsers do, and keeps every ``<a>``, ``<area>`` and ``<base>`` that it meets.

``_tags.c`` does the same in a seventh of the time, and of broken tags too, where it could be compiled.
"""

import re
from collections.abc import Callable

Cut = tuple[list[tuple[str, int]], str | None, list[int]]
"""Each ``<a>`` and ``<area>`` that has an href, with it, and where its tag begins, in document order; the href of the
first ``<base>`` that has one; where each ``</html>`` begins."""

_SPACE = r"[ \t\n\f\r]"
_AFTER_NAME = r"(?=[ \t\n\f\r/>])"
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^ \t\n\f\r"'<>][^ \t\n\f\r<>]*+(?=[ \t\n\f\r>])(?![ ]=)|(?=>))"""
_EQUALS = rf"""=(?:(?<=[^ \t\n\f\r/"']=)|(?<=[^ \t\n\f\r/"'] =)){_SPACE}*+"""
"""The sign between a name and its value; anywhere else it would be part of a name."""
_MOSTLY = r"""(?:[ ][^ \t\n\f\r<>=/"']++="[^"]*+")*+"""
"""Attributes as nearly all are written: a twentieth of the time of a scan."""
_REST = rf"(?![ ]=){_MOSTLY}[^<>=]*+(?:{_EQUALS}{_VALUE}[^<>=]*+)*+>"
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
_NEXT = re.compile(rf"{_NO_LINKS}(?:{_LINK}|()</{_HTML}[^<>\"']*+>|(\Z)|())".encode())
"""Up to and with the next link or base: whether it is a base, its href as written, whether it has one without a value;
the end of ``<html>``; the end of the page; or what is not understood."""
TAG = re.compile(rf"<([a-zA-Z]{_NAME})({_REST})".encode())
"""A tag that opens an element: its name, and what follows with its end."""


def cut(utf8: bytes, said: Callable[[bytes], str]) -> Cut | None:
    """The tags of a page that lead somewhere; None where any tag is not understood.

    ``said`` is asked what an attribute says that is written, with its quotes, as given.
    """
    base: str | None = None
    links: list[tuple[str, int]] = []
    html_ends: list[int] = []
    known: dict[bytes, str] = {}
    for found in _NEXT.finditer(utf8):
        _, is_base, written, bare, html_end, end, unclear = found.groups()
        if end is not None:
            return links, base, html_ends
        if unclear is not None:
            return None
        if html_end is not None:
            html_ends.append(found.start(5))
            continue
        if written is None:
            if bare is None:
                continue
            written = b""
        if (href := known.get(written)) is None:
            href = known[written] = said(written)
        if not is_base:
            links.append((href, found.start(1)))
        elif base is None:
            base = href
    return None
