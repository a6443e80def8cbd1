"""Finds the phrases of config/lexicons/ in text: whole words, longest first, case folded by the language's rules.

One file per language, checked when it is read. A phrase is a run of words; a word that ends in ``*`` stands for every
word that begins so (inflection). Languages written without spaces are matched by substring. A phrase of scope
``label`` counts only where it is about all of a short text ("Anzeige" above a box, not "Anzeige" in a sentence).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
    domains: list[str] = []
    """Country domains where the language is at home: pages declare the wrong language often enough."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text."""

    kind: str
    phrase: str
    """The lexicon's phrase, not the page's spelling of it."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    rest: tuple[tuple[str, bool], ...]
    """The words after the first, each with whether it is a stem."""
    label: bool
    hit: Hit

    def follows(self, words: list[str], at: int) -> bool:
        """Whether the rest of the phrase stands after the word at ``at``."""
        if at + len(self.rest) >= len(words):
            return False
        for offset, (want, stem) in enumerate(self.rest, at + 1):
            if not (words[offset].startswith(want) if stem else words[offset] == want):
                return False
        return True


class Lexicon:
    """The phrases of one language."""

    def __init__(self, file: _File) -> None:
        self.language = file.language
        self.domains = tuple(file.domains)
        self.kinds = frozenset(entry.kind for entry in file.entry)
        self._spaced = file.spaced
        self._slack = LABEL_SLACK if file.spaced else LABEL_SLACK * 3
        self._first: dict[str, tuple[_Phrase, ...]] = {}
        self._stems: dict[str, tuple[_Phrase, ...]] = {}
        for phrase in sorted(_phrases(file), key=lambda phrase: (-len(phrase.words), phrase.hit.phrase)):
            first = phrase.words[0]
            table, key = (self._stems, first[:_STEM]) if _is_stem(first) else (self._first, first)
            table[key] = (*table.get(key, ()), phrase)

    def find(self, text: str) -> list[Hit]:
        """Phrases in order of appearance; of overlapping ones the longest."""
        words = _WORDS.findall(fold(text, self.language)) if self._spaced else list(text.casefold())
        first, stems = self._first, self._stems
        starts = [(at, word) for at, word in enumerate(words) if word in first or word[:_STEM] in stems]
        found: list[Hit] = []
        free = 0
        for at, word in starts:
            if at < free:
                continue
            begun = (phrase for phrase in stems.get(word[:_STEM], ()) if word.startswith(phrase.words[0][:-1]))
            for phrase in (*first.get(word, ()), *begun):
                if phrase.label and len(words) > len(phrase.words) + self._slack:
                    continue
                if phrase.follows(words, at):
                    found.append(phrase.hit)
                    free = at + len(phrase.words)
                    break
        return found


class Lexicons:
    """The lexicons of all languages. English is read beside the page's own: templates are full of it."""

    def __init__(self, lexicons: tuple[Lexicon, ...]) -> None:
        self._by_language = {lexicon.language: lexicon for lexicon in lexicons}
        self._by_domain = {domain: lexicon.language for lexicon in lexicons for domain in lexicon.domains}

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_language))

    def kinds_of(self, language: str) -> frozenset[str]:
        """The kinds of phrases that a language has."""
        return self._by_language[language].kinds

    def languages_of(self, language: str, host: str = "") -> tuple[str, ...]:
        """What to read on a page: its declared language, that of its country domain, and English.

        All languages if the page declares none and its domain tells none.
        """
        at_home = self._by_domain.get(host.rpartition(".")[2], "")
        known = [code for code in (language, at_home) if code in self._by_language]
        return tuple(dict.fromkeys((*known, "en"))) if known or language else self.languages

    def find(self, text: str, language: str) -> tuple[Hit, ...]:
        """Phrases of the page's language and of English in ``text``; of all languages if it is not known."""
        return self.find_in(text, self.languages_of(language))

    def find_in(self, text: str, languages: tuple[str, ...]) -> tuple[Hit, ...]:
        """Phrases of these languages in ``text``, each once."""
        if not text:
            return ()
        return tuple(dict.fromkeys(hit for code in languages for hit in self._by_language[code].find(text)))


def _phrases(file: _File) -> Iterator[_Phrase]:
    for entry in file.entry:
        for text in entry.phrases:
            words = tuple(_pattern_words(text, file.language)) if file.spaced else tuple(text.casefold())
            if not words or any(_is_stem(word) and len(word) <= _STEM for word in words):
                raise ConfigError(
                    f"{config_dir() / 'lexicons' / file.language}.toml: phrase {text!r} has no word, or a stem of "
                    f"fewer than {_STEM} letters; a right entry looks like: {_EXAMPLE}"
                )
            rest = tuple((word.removesuffix("*"), _is_stem(word)) for word in words[1:])
            yield _Phrase(words, rest, entry.scope == "label", Hit(entry.kind, text))


def _is_stem(word: str) -> bool:
    return len(word) > 1 and word[-1] == "*"


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
