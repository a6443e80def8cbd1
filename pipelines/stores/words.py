"""What text search goes by, the same in every store: whole words in a row, case and punctuation do not count.

A word is a run of letters, digits and the marks that belong to them, after NFKC and case folding. Scripts that are
written without spaces have one word a character, so that a row of characters is found wherever it stands.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linkcrawler.errors import UsageError
from linkcrawler.records import Placement

# Han, kana, Thai, Lao, Myanmar, Khmer: no spaces between words. Then the marks that `\w` leaves out.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_WORD = re.compile(f"[{_UNSPACED}]|(?:(?![_{_UNSPACED}])[\\w{_MARKS}])+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand in a row."""

    words: tuple[str, ...]
    open_end: bool = False
    """Whether the last one is the beginning of a word only."""

    @property
    def needle(self) -> str:
        """What padded text (see :func:`padded`) holds if the phrase is in it."""
        return f" {' '.join(self.words)}{'' if self.open_end else ' '}"


def words_of(text: str) -> str:
    """The words, parted by spaces.

    >>> words_of("Our  PARTNERS: 50% (off)")
    'our partners 50 off'
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def phrase(text: str, name: str = "text") -> Phrase:
    """The phrase that a person means; ``*`` at the end leaves the last word open. UsageError if it has no word."""
    words = tuple(words_of(text).split())
    if not words:
        raise UsageError(f"{name} {text!r} holds no word: text is searched by whole words, such as 'our partners'")
    return Phrase(words, open_end=text.rstrip().endswith("*"))


def padded(pieces: Iterable[str]) -> str:
    """Pieces of words, one a line, so that each word has a space on either side."""
    return "\n".join(f" {piece} " for piece in pieces)


def searchable(placements: Sequence[Placement]) -> str:
    """The words of all anchors and contexts, padded; a piece that another one holds is left out."""
    pieces: list[str] = []
    for placement in placements:
        context = placement.context
        texts = (context.block, context.before, context.sentence, context.after, *context.heading, placement.anchor)
        for piece in map(words_of, dict.fromkeys(texts)):
            if piece and not any(f" {piece} " in f" {kept} " for kept in pieces):
                pieces.append(piece)
    return padded(pieces)
