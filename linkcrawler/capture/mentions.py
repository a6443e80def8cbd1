"""The target's name in plain text, without a link."""

import re
from bisect import bisect_right
from typing import NamedTuple

from lxml.etree import _Element

from linkcrawler.capture.visible import VisibleText
from linkcrawler.targets import Target
from linkcrawler.urls import canonicalize

MAX_MENTIONS = 20
"""Mentions of one target that are kept of a page."""

_TRAILING = ".,;:!?…)]}>\"'»”’"


class Mention(NamedTuple):
    """A piece of visible text that names a target."""

    text: str
    url: str
    start: int
    element: _Element


def mentions(visible: VisibleText, target: Target, linked: list[tuple[int, int]]) -> list[Mention]:
    """Where ``visible`` names ``target`` outside the sorted ``linked`` spans. Mail addresses do not count."""
    found: list[Mention] = []
    if not visible.named:
        return found
    starts = [start for start, _ in linked]
    for match in _pattern(target).finditer(visible.text):
        at = bisect_right(starts, match.start())
        if at and match.start() < linked[at - 1][1]:
            continue
        text = match[0].rstrip(_TRAILING)
        url = canonicalize(text if "://" in text else f"https://{text}")
        element = _element_at(visible, match.start())
        if url and element is not None and target.matches(url):
            found.append(Mention(text, url, match.start(), element))
            if len(found) == MAX_MENTIONS:
                break
    return found


def _pattern(target: Target) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in target.spellings)
    return re.compile(
        rf"(?<![\w@./-])(?:https?://)?(?:[\w-]{{1,63}}\.){{0,4}}(?:{names})(?![\w-]|\.\w|@)(?:[/?#:][^\s<>\"]{{0,500}})?",
        re.IGNORECASE,
    )


def _element_at(visible: VisibleText, start: int) -> _Element | None:
    at = bisect_right(visible.named, start, key=lambda piece: piece[0])
    return visible.named[at - 1][1] if at else None
