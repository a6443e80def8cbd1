"""Finds the phrases of config/lexicons/ in text: whole words, longest first, case folded by the language's rules.

One file per language, checked when it is read. A phrase is a run of words; a word that ends in ``*`` stands for every
word that begins so (inflection). Languages written without spaces are matched by substring. A phrase of scope
``label`` counts only where it is about all of a short text ("Anzeige" above a box, not "Anzeige" in a sentence).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec

from linkcrawler.config import config_dir, load
from linkcrawler.errors import ConfigError

Kind = Literal[
    "disclosure", "not_paid", "affiliate", "guest", "bio", "press", "directory", "partner", "credit", "citation",
    "source", "blogroll", "reference", "exchange", "group", "share", "account", "legal", "pingback", "comment",
    "shop", "offer", "own", "recommend", "author",
]  # fmt: skip

LABEL_SLACK = 3
"""Words that a label may have beside its phrase, as in "Anzeige: Muster GmbH"."""

_WORDS = re.compile(r"\w+|[#@©®*]|\[\w+\]")
_STEM = 3
_EXAMPLE = '[[entry]] kind = "credit", scope = "text", source = "P3", phrases = ["powered by"]'


class _Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    kind: Kind
    scope: Literal["label", "text"]
    source: str
    phrases: list[str]


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    language: str
    entry: list[_Entry]
    spaced: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text."""

    kind: str
    phrase: str
    """The lexicon's phrase, not the page's spelling of it."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    kind: str
    label: bool
    text: str

    def matches(self, words: list[str], at: int) -> bool:
        if at + len(self.words) > len(words):
            return False
        return all(
            word.startswith(want[:-1]) if want[-1] == "*" and len(want) > 1 else word == want
            for want, word in zip(self.words, words[at : at + len(self.words)], strict=True)
        )


class Lexicon:
    """The phrases of one language."""

    def __init__(self, file: _File) -> None:
        self.language = file.language
        self._spaced = file.spaced
        self._first: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        for phrase in sorted(self._phrases(file), key=lambda phrase: (-len(phrase.words), phrase.text)):
            first = phrase.words[0]
            if first[-1] == "*" and len(first) > 1:
                self._stems.setdefault(first[:_STEM], []).append(phrase)
            else:
                self._first.setdefault(first, []).append(phrase)

    def _phrases(self, file: _File) -> Iterator[_Phrase]:
        for entry in file.entry:
            for text in entry.phrases:
                words = tuple(_pattern_words(text, file.language)) if file.spaced else tuple(text.casefold())
                short = any(word[-1] == "*" and 1 < len(word) <= _STEM for word in words)
                if not words or short:
                    raise ConfigError(
                        f"{config_dir() / 'lexicons' / file.language}.toml: phrase {text!r} has no word, or a stem of "
                        f"fewer than {_STEM} letters; a right entry looks like: {_EXAMPLE}"
                    )
                yield _Phrase(words, entry.kind, entry.scope == "label", text)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Phrases in order of appearance; of overlapping ones the longest."""
        if not self._spaced:
            return tuple(self._scan(list(text.casefold()), letters=True))
        return tuple(self._scan(_WORDS.findall(fold(text, self.language)), letters=False))

    def _scan(self, words: list[str], *, letters: bool) -> Iterator[Hit]:
        first, stems, skip_to = self._first, self._stems, 0
        slack = LABEL_SLACK * (3 if letters else 1)
        for at, word in enumerate(words):
            if at < skip_to:
                continue
            candidates = first.get(word)
            if candidates is None and (candidates := stems.get(word[:_STEM])) is None:
                continue
            for phrase in candidates if word not in first else (*candidates, *stems.get(word[:_STEM], ())):
                if phrase.label and len(words) > len(phrase.words) + slack:
                    continue
                if phrase.matches(words, at):
                    skip_to = at + len(phrase.words)
                    yield Hit(phrase.kind, phrase.text)
                    break


class Lexicons:
    """The lexicons of all languages. English is read beside the page's own: templates are full of it."""

    def __init__(self, lexicons: tuple[Lexicon, ...]) -> None:
        self._by_language = {lexicon.language: lexicon for lexicon in lexicons}
        self._find = lru_cache(maxsize=1 << 14)(self._read)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_language))

    def find(self, text: str, language: str) -> tuple[Hit, ...]:
        """Phrases of the page's language and of English in ``text``; of all languages if it is not known."""
        return self._find(text, language) if text else ()

    def _read(self, text: str, language: str) -> tuple[Hit, ...]:
        wanted: tuple[str, ...] = ("en",) if language else self.languages
        if language in self._by_language and language != "en":
            wanted = (language, "en")
        return tuple(dict.fromkeys(hit for one in wanted for hit in self._by_language[one].find(text)))


def fold(text: str, language: str) -> str:
    """Case folded; Turkish has its own pair of i."""
    if language == "tr":
        text = text.replace("İ", "i").replace("I", "ı")
    return text.casefold()


def _pattern_words(text: str, language: str) -> list[str]:
    return re.findall(r"\w+\*?|[#@©®]|\[\w+\]", fold(text, language))


def load_lexicons() -> Lexicons:
    """Read every file of config/lexicons/. Raises ConfigError naming file, place and a right entry."""
    names = sorted(path.name for path in (config_dir() / "lexicons").glob("*.toml"))
    files = [load(f"lexicons/{name}", _File, _EXAMPLE) for name in names]
    for name, file in zip(names, files, strict=True):
        if name != f"{file.language}.toml":
            raise ConfigError(
                f"config/lexicons/{name}: language is {file.language!r}; name the file {file.language}.toml"
            )
    return Lexicons(tuple(map(Lexicon, files)))
