"""Whose box a placement stands in: the header of a comment or post with its date, or the text of an author box."""

import re
from datetime import datetime
from typing import NamedTuple

from lxml.etree import _Element

from linkcrawler.capture.region_words import split_names
from linkcrawler.capture.visible import Seen, fold, visible_text
from linkcrawler.dating.ugc import comment_date
from linkcrawler.dating.written import Locale
from linkcrawler.vocabulary import Region

MAX_OWNER_CHARS = 300
MAX_CLIMB = 40
_MAX_SEARCHED = 400
"""Elements of a comment in which its header is looked for; headers stand at its beginning."""

_BOX_TAGS = frozenset(("li", "div", "article", "section", "tr", "dl", "dd", "table", "td"))
_HEADER_TAGS = ("cite", "header", "a", "span", "div", "strong", "b", "p", "td", "h4", "h5")
_ONE_COMMENT = re.compile(
    r"[ -](?:comment|reply|message|post|answer|review|komment(?:ar)?|commentaire|comentario|entry)[ -]"
)
_MANY = re.compile(r"[ -](?:comments|replies|list|thread|area|wrap(?:per)?|section|respond|form|body|text|content)[ -]")
_PERSON = re.compile(
    r"[ -](?:author|user(?:name)?|fn|vcard|name|nick(?:name)?|commenter|poster|byline|meta(?:data)?|head(?:er)?|autor"
    r"|auteur)[ -]"
)
_ISO_DATE = re.compile(
    r"(?:19|20)\d\d-[01]\d-[0-3]\d"
    r"(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?"
)


class Owner(NamedTuple):
    """Text of the box's header, and its date, with time of day where it has one (ISO 8601); both may be empty."""

    text: str = ""
    date: str = ""


class Owners:
    """Answers for one page, each comment read once."""

    def __init__(self, seen: Seen, fetched: datetime | None, locale: Locale) -> None:
        self._seen = seen
        self._fetched = fetched
        self._locale = locale
        self._comments: dict[_Element, Owner] = {}

    def of(self, element: _Element, region: Region) -> Owner:
        """The owner of a placement that stands in ``region``; empty outside comments and author boxes."""
        if region is Region.COMMENT:
            box = _comment_box(element)
            if box is None:
                return Owner()
            if box not in self._comments:
                self._comments[box] = Owner(self._header(box), _date(box) or self._shown_date(box))
            return self._comments[box]
        if region is Region.BIO:
            return Owner(self._text(self._author_box(element)))
        return Owner()

    def _shown_date(self, box: _Element) -> str:
        """The day that a reader is shown: "3 May 2021" or, counted from the visit, "2 days ago"."""
        day = comment_date(box, self._fetched, locale=self._locale)
        return day.isoformat() if day else ""

    def _author_box(self, element: _Element) -> _Element:
        """The largest enclosing element that is still short: a box holds one person."""
        box = element
        for climbed, ancestor in enumerate(element.iterancestors()):
            if climbed > MAX_CLIMB or ancestor.tag in ("body", "main", "article"):
                break
            if len(self._text(ancestor)) >= MAX_OWNER_CHARS:
                break
            box = ancestor
        return box

    def _header(self, box: _Element) -> str:
        for searched, inner in enumerate(box.iter(*_HEADER_TAGS)):
            if searched > _MAX_SEARCHED:
                break
            if inner is not box and (inner.tag in ("cite", "header") or _PERSON.search(_names(inner))):
                text = self._text(inner)
                if text:
                    return text
        return ""

    def _text(self, element: _Element) -> str:
        return fold(visible_text(self._seen.steps(element), max_nodes=200).text)[:MAX_OWNER_CHARS]


def _names(element: _Element) -> str:
    names = f"{element.get('id', '')} {element.get('class', '')} {element.get('itemprop', '')}"
    return split_names(names) if names.strip() else ""


def _comment_box(element: _Element) -> _Element | None:
    for climbed, ancestor in enumerate(element.iterancestors()):
        if climbed > MAX_CLIMB or ancestor.tag == "body":
            return None
        if ancestor.get("itemtype", "").endswith(("/Comment", "/Answer", "/Review")):
            return ancestor
        if ancestor.tag in _BOX_TAGS:
            names = _names(ancestor)
            if _ONE_COMMENT.search(names) and not _MANY.search(names):
                return ancestor
    return None


def _date(box: _Element) -> str:
    for searched, inner in enumerate(box.iter("time", "meta", "abbr", "span", "a", "div")):
        if searched > _MAX_SEARCHED:
            break
        for attribute in ("datetime", "content", "title", "data-time", "data-date"):
            found = _ISO_DATE.search(inner.get(attribute, "")[:80])
            if found:
                return found[0]
    return ""
