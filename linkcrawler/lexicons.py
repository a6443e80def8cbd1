"""Finds the phrases of config/lexicons/ in text: whole words, longest first, case folded by the language's rules.

One file per language, checked when it is read. A phrase is a run of words; a later word that ends in ``*`` stands
for every word that begins so (inflection). Languages written without spaces are matched by substring. A phrase of scope
``label`` counts only where it is about all of a short text ("Anzeige" above a box, not "Anzeige" in a sentence).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from linkcrawler.config import config_dir, load
from linkcrawler.errors import ConfigError

Kind = Literal[
    "disclosure", "paid", "not_paid", "affiliate", "guest", "bio", "press", "directory", "partner", "credit",
    "citation",
    "source", "blogroll", "reference", "exchange", "group", "share", "account", "legal", "pingback", "comment",
    "shop", "offer", "own", "recommend", "author", "writer", "more",
]  # fmt: skip

LABEL_SLACK = 3
"""Words that a label may have beside its phrase, as in "Anzeige: Muster GmbH"."""

_WORDS = re.compile(r"\w+|[#@©®*]|\[\w+\]")
_NO_LETTER = re.compile(r"[^\x00-\x7f\w]")
_PARTED = bytes(code if code > 127 or chr(code).isalnum() or chr(code) == "_" else 32 for code in range(256))
_BLANKS = _PARTED.lower()
"""Folds ASCII and parts words of UTF-8 by blanks: three times as fast as the expression above, where no sign is one."""
_KEPT = 1 << 12
"""Answers about short texts that a reader keeps: anchors and headings come again and again."""
_SHORT = 60
_STEM = 3
_NOTHING: dict[str, str] = {}
_NEXT = b"A"
"""Parts texts: no word of a folded text is written so."""
_ALONE, _STEMMED = b"\0alone", b"\0stem"
"""Where a phrase of one word, and one whose second word is a stem, is kept."""
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
    later: tuple[tuple[bytes, bool], ...]
    """The words after the second, each with whether it is a stem."""
    label: bool
    hit: Hit

    def goes_on(self, words: list[bytes], at: int) -> bool:
        """Whether the words after the second stand from ``at`` on."""
        if self.later and at + len(self.later) > len(words):
            return False
        for offset, (want, stem) in enumerate(self.later, at):
            if not (words[offset].startswith(want) if stem else words[offset] == want):
                return False
        return True


class _Matcher:
    """Finds phrases in words (UTF-8), looked up by their first two words, so that few have to be compared."""

    def __init__(self, phrases: Collection[_Phrase], slack: int) -> None:
        self._slack = slack
        self._by_first: dict[bytes, dict[bytes, list[_Phrase]]] = {}
        for phrase in sorted(phrases, key=_longest_first):
            second = phrase.words[1].encode() if len(phrase.words) > 1 else _ALONE
            key = _STEMMED if len(phrase.words) > 1 and _is_stem(phrase.words[1]) else second
            self._by_first.setdefault(phrase.words[0].encode(), {}).setdefault(key, []).append(phrase)
        self._telling = _telling(phrases)

    def find(self, words: list[bytes]) -> list[Hit]:
        """Hits in order of appearance; of overlapping phrases the longest, and all that are equally long."""
        if self._telling.isdisjoint(words):
            return []
        found: list[Hit] = []
        free = 0
        by_first, last = self._by_first, len(words) - 1
        for at in [at for at, word in enumerate(words) if word in by_first]:
            seconds = by_first[words[at]]
            following = words[at + 1] if at < last else b""
            # Most words that begin a phrase are common ones, and go on with another word than the phrase does.
            if at < free or not (following in seconds or _ALONE in seconds or _STEMMED in seconds):
                continue
            for phrase in self._begun(seconds, following):
                if at + len(phrase.words) < free:
                    break
                if phrase.label and len(words) > len(phrase.words) + self._slack:
                    continue
                if phrase.goes_on(words, at + 2):
                    found.append(phrase.hit)
                    free = at + len(phrase.words)
        return found

    def _begun(self, seconds: dict[bytes, list[_Phrase]], following: bytes) -> list[_Phrase]:
        """Phrases whose second word fits, longest first."""
        fitting = seconds.get(following, [])
        if _STEMMED in seconds:
            stems = [phrase for phrase in seconds[_STEMMED] if following.startswith(phrase.words[1][:-1].encode())]
            fitting = sorted([*fitting, *stems], key=_longest_first)
        return fitting + seconds[_ALONE] if _ALONE in seconds else fitting


def _longest_first(phrase: _Phrase) -> tuple[int, str]:
    return -len(phrase.words), phrase.hit.phrase


def _telling(phrases: Collection[_Phrase]) -> frozenset[bytes]:
    """A word of each phrase, the one that is rarest among phrases: a text that has none of them has no phrase."""
    plain = [[word for word in phrase.words if not _is_stem(word)] for phrase in phrases]
    common = Counter(word for words in plain for word in words)
    return frozenset(min(words, key=lambda word: (common[word], -len(word))).encode() for words in plain)


def _longest_words(phrases: Iterable[_Phrase], kinds: frozenset[str]) -> Iterator[bytes]:
    """The longest whole word of each phrase of these kinds that has letters; empty if only a stem has some."""
    for phrase in phrases:
        if phrase.hit.kind in kinds and any(map(str.isalpha, phrase.hit.phrase)):
            yield max((word.strip("[]#@©®*") for word in phrase.words if not _is_stem(word)), key=len).encode()


class Reader:
    """Finds the phrases of some languages in texts."""

    def __init__(self, spaced: Collection[_Phrase], unspaced: Collection[_Phrase], first: str) -> None:
        """Phrases of languages that part words by spaces and of others; ``first``: whose rules fold the case."""
        self._first = first
        self._phrases = (*spaced, *unspaced)
        self._spaced = _Matcher(spaced, LABEL_SLACK)
        self._unspaced = _Matcher(unspaced, LABEL_SLACK * 3) if unspaced else None
        self._kept: dict[str, dict[str, str]] = {}
        self._longest: dict[frozenset[str], frozenset[bytes]] = {}

    def find(self, text: str) -> list[Hit]:
        """Phrases in the order of their appearance within a script."""
        if text.isascii():
            return self._spaced.find(_words(text if self._first != "tr" else fold(text, "tr")))
        found = self._spaced.find(_words(fold(text, self._first)))
        # Scripts without spaces lie beyond the letters of Europe: most texts have none of them.
        if self._unspaced:
            found += self._unspaced.find([sign.encode("utf-8", "surrogatepass") for sign in text.casefold()])
        return found

    def may_hold(self, lines: Sequence[str], kinds: frozenset[str]) -> list[str]:
        """Those of the ``lines`` (without line ends) that have to be searched for phrases of these kinds with letters.

        All lines are read at once, in less than half the time that asking each takes.
        """
        if kinds not in self._longest:
            self._longest[kinds] = frozenset(_longest_words(self._phrases, kinds)) | {_NEXT}
        if self._unspaced or b"" in self._longest[kinds]:
            return list(lines)
        whole = _NO_LETTER.sub(" ", fold("\n".join(lines), self._first)).replace("\n", f" {_NEXT.decode()} ")
        at, found = 0, {}
        for word in filter(self._longest[kinds].__contains__, whole.encode().translate(_PARTED).split()):
            if word == _NEXT:
                at += 1
            else:
                found[at] = lines[at]
        return list(found.values())

    def kinds_in(self, text: str) -> dict[str, str]:
        """The kinds of phrases in ``text``, each with the first phrase of its kind; not to be changed."""
        if len(text) > _SHORT:
            found = self.find(text)
            return _first_of_kind(found) if found else _NOTHING
        known = self._kept.get(text)
        if known is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            known = self._kept[text] = _first_of_kind(self.find(text))
        return known


class Lexicons:
    """The lexicons of all languages. English is read beside the page's own: templates are full of it."""

    def __init__(self, files: Iterable[_File]) -> None:
        self._files = {file.language: file for file in files}
        self._phrases = {code: tuple(_phrases(file)) for code, file in self._files.items()}
        self._by_domain = {domain: file.language for file in self._files.values() for domain in file.domains}
        self._by_page: dict[tuple[str, str], Reader] = {}
        self._readers: dict[tuple[str, ...], Reader] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def kinds_of(self, language: str) -> frozenset[str]:
        """The kinds of phrases that a language has."""
        return frozenset(entry.kind for entry in self._files[language].entry)

    def languages_of(self, language: str, host: str = "") -> tuple[str, ...]:
        """What to read on a page: its declared language, that of its country domain, and English.

        All languages if the page declares none and its domain tells none.
        """
        at_home = self._by_domain.get(host.rpartition(".")[2], "")
        known = [code for code in (language, at_home) if code in self._files]
        return tuple(dict.fromkeys((*known, "en"))) if known or language else self.languages

    def find(self, text: str, language: str) -> tuple[Hit, ...]:
        """Phrases of the page's language and of English in ``text``; of all languages if it is not known."""
        return self.find_in(text, self.languages_of(language))

    def find_in(self, text: str, languages: tuple[str, ...]) -> tuple[Hit, ...]:
        """Phrases of these languages in ``text``, each once, in order of appearance within a script."""
        return tuple(dict.fromkeys(self.reader(languages).find(text)))

    def reader_of(self, language: str, host: str) -> Reader:
        """What finds the phrases of a page, see :meth:`languages_of`."""
        key = language, host.rpartition(".")[2]
        known = self._by_page.get(key)
        if known is None:
            if len(self._by_page) >= _KEPT:
                self._by_page.clear()
            known = self._by_page[key] = self.reader(self.languages_of(language, host))
        return known

    def reader(self, languages: tuple[str, ...]) -> Reader:
        """What finds the phrases of these languages, the first of which folds the case."""
        known = self._readers.get(languages)
        if known is None:
            spaced, unspaced = (
                [phrase for code in languages if self._files[code].spaced is way for phrase in self._phrases[code]]
                for way in (True, False)
            )
            known = self._readers[languages] = Reader(spaced, unspaced, languages[0])
        return known


def _phrases(file: _File) -> Iterator[_Phrase]:
    for entry in file.entry:
        for text in entry.phrases:
            words = tuple(_pattern_words(text, file.language)) if file.spaced else tuple(text.casefold())
            if not words or _is_stem(words[0]) or any(_is_stem(word) and len(word) <= _STEM for word in words):
                raise ConfigError(
                    f"{config_dir() / 'lexicons' / file.language}.toml: phrase {text!r} has no word, begins with a "
                    f"stem, or has a stem of fewer than {_STEM} letters; a right entry looks like: {_EXAMPLE}"
                )
            later = tuple((word.removesuffix("*").encode(), _is_stem(word)) for word in words[2:])
            yield _Phrase(words, later, entry.scope == "label", Hit(entry.kind, text))


def _first_of_kind(hits: list[Hit]) -> dict[str, str]:
    return {hit.kind: hit.phrase for hit in reversed(hits)} if hits else _NOTHING


def _words(text: str) -> list[bytes]:
    """What :data:`_WORDS` finds, as UTF-8; of ASCII in lower case."""
    if "*" in text or "#" in text or "@" in text or "[" in text or "©" in text or "®" in text:
        return [word.encode() for word in _WORDS.findall(text.lower() if text.isascii() else text)]
    if not text.isascii():
        text = _NO_LETTER.sub(" ", text)
    return text.encode().translate(_BLANKS).split()


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
    return Lexicons(files)
