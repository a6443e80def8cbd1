"""Short texts in which a page declares something about its links, each with the part of the page it stands in."""

import re
from collections.abc import Iterable

from linkcrawler.capture.main_text import TextBlock
from linkcrawler.lexicons import Lexicons, Reader
from linkcrawler.vocabulary import Region

NOTICE_KINDS = frozenset(("disclosure", "paid", "not_paid", "affiliate", "guest", "press", "directory", "exchange"))
"""Kinds of phrases that declare how links or whole texts came onto the page."""

MAX_NOTICES = 16
MAX_PER_SCOPE = 6
MAX_NOTICE_CHARS = 240

# Users' words, menus and bios declare nothing in the page's name.
_SCOPES = {Region.BODY: "body", Region.LIST: "body", Region.FOOTER: "footer", Region.HEADER: "header"} | dict.fromkeys(
    (Region.SIDEBAR, Region.AD, Region.RELATED, Region.OTHER), "aside"
)

# Looks at one character on either side: a pattern with nested repetition took 9 s for 0.4 MB of full stops.
_SENTENCE_END = re.compile(r"(?<=[.!?。！？…])(?=\s|[^\x00-\x7f])")


def notices(
    title: str, top: Iterable[TextBlock], rest: Iterable[TextBlock], lexicons: Lexicons, language: str
) -> tuple[str, ...]:
    """``scope: text`` for each declaring sentence: scope title, header (about the title), body, footer or aside.

    ``top`` are the blocks about the title, ``rest`` all blocks of the page. Each text once, at most
    :data:`MAX_PER_SCOPE` a scope.
    """
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    reader = lexicons.reader(lexicons.languages_of(language))
    scopes = {title: "title"}
    for scope, text in (
        *(("header", block.text) for block in top),
        *((_SCOPES[block.region], block.text) for block in rest if block.region in _SCOPES),
    ):
        scopes.setdefault(text, scope)
    for text in reader.may_hold([*scopes], NOTICE_KINDS):
        scope = scopes[text]
        for sentence in sentences(text):
            if counts.get(scope, 0) >= MAX_PER_SCOPE or len(found) >= MAX_NOTICES:
                break
            if sentence not in found and declares(sentence, reader):
                found[sentence] = scope
                counts[scope] = counts.get(scope, 0) + 1
    return tuple(f"{scope}: {_cut(sentence)}" for sentence, scope in found.items())


def declares(text: str, reader: Reader) -> bool:
    """Whether the text holds a declaring phrase; one without letters ("###", "-30-") marks an end, it says nothing."""
    return any(hit.kind in NOTICE_KINDS and any(map(str.isalpha, hit.phrase)) for hit in reader.find(text))


def sentences(text: str) -> list[str]:
    """Rough sentences: enough to keep a notice short, whatever the language."""
    if len(text) <= MAX_NOTICE_CHARS:
        return [text]
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_NOTICE_CHARS else text[:MAX_NOTICE_CHARS].rsplit(" ", 1)[0] + "…"
