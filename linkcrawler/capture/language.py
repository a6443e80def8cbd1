"""The language of a page: as it declares, or as its text reads."""

from collections.abc import Sequence

import pycld2

ENGLISH_SHARE = 0.04
"""Share of these words below which a text is not English: English prose has 15 to 25 %, other languages under 2."""
_ENGLISH = frozenset(("the", "of", "and", "to", "is", "that", "for", "with", "was", "are", "this", "from"))

_FEWEST_WORDS = 80
_FEWEST_CHARS = 60
_MOST_CHARS = 4000
_OLD_CODES = {"iw": "he", "jw": "jv", "un": ""}


def language_of(declared: str, words: Sequence[str], text: str) -> str:
    """The declared language, or that of the text where none is declared or templates were left in English."""
    if declared == "en" and len(words) >= _FEWEST_WORDS:
        share = sum(map(_ENGLISH.__contains__, words)) / len(words)
        return declared if share >= ENGLISH_SHARE else guess_language(text) or declared
    return declared or guess_language(text)


def guess_language(text: str) -> str:
    """ISO 639 code of the language of the text by its letters; empty where there are too few to tell.

    >>> guess_language("Die Brücke wurde im vergangenen Sommer für den Verkehr geöffnet und seither viel benutzt.")
    'de'
    """
    if len(text) < _FEWEST_CHARS:
        return ""
    text = text[:_MOST_CHARS]
    try:
        found = pycld2.detect(text.encode("utf-8", "replace"))
    except pycld2.error:
        # Control characters and what Unicode assigns to nothing are refused.
        text = "".join(char if char.isprintable() else " " for char in text)
        found = pycld2.detect(text.encode("utf-8", "replace"))
    code: str = found[2][0][1]
    return _OLD_CODES.get(code, code.partition("-")[0])
