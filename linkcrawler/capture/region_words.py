"""The vocabulary of regions: what a single element says, by its tag, role, class and id, of where it stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

import msgspec

from linkcrawler.config import expression, load
from linkcrawler.vocabulary import Region

MOST = 0.6
"""Share of the page's unlinked text above which an element cannot be a mere part of it."""

MAX_NAME_CHARS = 400
"""Characters of class and id that are looked at; real names are far shorter."""

MAX_KNOWN = 1 << 14
"""Single names whose meaning is remembered."""

_OF_ONE_PAGE = re.compile(r"\d{3}")
"""Names with such a number are those of one post, comment or menu entry: they do not come again."""
_CASE_CHANGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^\w\s]+|_+")
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""A name that is written as :func:`split_names` writes it."""
_LETTER_FIRST = re.compile(r"[a-z](?![?*+{])(?:[^|()]|\([^()]*\))*")
"""An expression that begins with a letter, whatever else it fits."""
_STAR = re.compile(r"(?<![\])])\*")
_AROUND_LABELS = " :*-–—[](){}|·•\t\n\r\u00a0\u3000【】"
_FILE = "regions.toml"
_EXAMPLE = '[[words]] region = "footer"  names = ["colophon", "site-?info"]'


class WordList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The names that speak for one region, as small regular expressions."""

    region: Region
    names: tuple[str, ...]
    weak: bool = False
    """Weak words are followed in the main text and where nothing else spoke, not against another region."""
    most: float = MOST
    """Share of the page's unlinked text from which on the names do not count."""


class RegionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of config/regions.toml."""

    ignored: tuple[str, ...]
    words: tuple[WordList, ...]
    roles: dict[str, Region]
    tags: dict[str, Region]
    ad_labels: tuple[str, ...]
    """Texts that, alone above or before a link, say that it is an advertisement."""
    ad_prefixes: tuple[str, ...]
    """Beginnings of a link's own text that say so."""
    ad_sizes: tuple[str, ...]
    """Sizes in pixels that the advertising trade has agreed on; pictures of articles come in others."""


class Sign(NamedTuple):
    """What one element says of the region of everything in it."""

    region: Region
    rule: str
    """``word:name``, ``role:name``, ``tag:name``, or the name of a rule of shape or place."""
    weak: bool = False
    most: float = MOST


_Told = tuple[tuple[int, str], ...]
"""The lists that know a name, each by its number and with the part of the name that it knows: up to the first that is
not of the menus, which do not count in headers and footers."""


@dataclass(frozen=True, slots=True)
class RegionWords:
    """The vocabulary, ready to be asked."""

    ignored: re.Pattern[str]
    rows: re.Pattern[str]
    """Those of the ignored that are several names in a row."""
    words: tuple[tuple[WordList, re.Pattern[str]], ...]
    """Each list with the pattern of its names."""
    all_words: re.Pattern[str]
    """The names of all lists: two in three of those that pages use are in none."""
    roles: dict[str, Region]
    tags: dict[str, Region]
    ad_labels: frozenset[str]
    ad_prefixes: tuple[str, ...]
    ad_sizes: frozenset[str]
    _known: dict[str, tuple[str, _Told]] = field(default_factory=dict, init=False, compare=False, repr=False)
    """How single names are split and what they said, as pages spell them: pages of all sites share most of theirs."""

    def sign(self, tag: str, role: str, names: str) -> Sign | None:
        """The sign of an element with this tag, role and these class and id names; None if it says nothing.

        Names go before roles and roles before tags: a ``<footer class="comment-meta">`` belongs to a comment.
        """
        if names:
            told = self._told_by_all(names)
            if told and tag in ("header", "footer"):
                # A page header may be called after the menu that it holds.
                told = tuple(found for found in told if self.words[found[0]][0].region is not Region.NAV)
            if told:
                at, word = min(told, key=itemgetter(0))
                listed = self.words[at][0]
                return Sign(listed.region, f"word:{word}", listed.weak, listed.most)
        if role in self.roles:
            return Sign(self.roles[role], f"role:{role}")
        return Sign(self.tags[tag], f"tag:{tag}") if tag in self.tags else None

    def _told_by_all(self, names: str) -> _Told:
        known = self._known
        row = [known.get(name) or self._learnt(name) for name in names.split()]
        found = tuple([one for _, told in row for one in told])
        if found and self.rows.search(spread := " ".join([split for split, _ in row])):
            return self._telling(spread)
        return found

    def _learnt(self, name: str) -> tuple[str, _Told]:
        """A single name as :func:`split_names` has it, and what it tells; both are kept if it may come again."""
        split = split_names(name)
        learnt = split, self._telling(split)
        if not _OF_ONE_PAGE.search(name):
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[name] = learnt
        return learnt

    def _telling(self, padded: str) -> _Told:
        """What names tell that are split, with blanks around each."""
        if not self.all_words.search(padded):
            return ()
        padded = self.ignored.sub("", padded)
        found: _Told = ()
        for at, (listed, pattern) in enumerate(self.words):
            if match := pattern.search(padded):
                found += ((at, match.group().strip("- ")),)
                if listed.region is not Region.NAV:
                    break
        return found

    def is_ad_label(self, text: str) -> bool:
        """Whether a short text is nothing but a word for advertising."""
        return text[:60].strip(_AROUND_LABELS).casefold() in self.ad_labels

    def has_ad_prefix(self, text: str) -> bool:
        """Whether a text begins with a mark for advertising such as ``[PR]``."""
        return text[:60].lstrip().casefold().startswith(self.ad_prefixes)


def split_names(names: str) -> str:
    """Class and id names in lower case, their parts joined by hyphens, blanks around each name.

    >>> split_names("SiteFooter__top u-wide")
    ' site-footer-top  u-wide '
    """
    if _PLAIN.fullmatch(names):
        return f" {names} "
    if names.isspace():
        return ""
    pieces = _SEPARATORS.sub("-", _CASE_CHANGE.sub("-", names[:MAX_NAME_CHARS])).lower().split()
    return " ".join(f" {piece} " for piece in pieces)


def compile_words(file: RegionFile) -> RegionWords:
    """Turn the file into patterns that match whole parts of names."""
    return RegionWords(
        ignored=_pattern("ignored", file.ignored),
        rows=_pattern("ignored", tuple(name for name in file.ignored if r"\s" in name) or ("(?!)",)),
        words=tuple((entry, _pattern(f"words.{entry.region}", entry.names)) for entry in file.words),
        all_words=_any_of("words", (name for entry in file.words for name in entry.names)),
        roles=file.roles,
        tags=file.tags,
        ad_labels=frozenset(file.ad_labels),
        ad_prefixes=file.ad_prefixes,
        ad_sizes=frozenset(file.ad_sizes),
    )


def load_region_words() -> RegionWords:
    """Read config/regions.toml. Raises ConfigError if it does not have the declared shape."""
    return compile_words(load(_FILE, RegionFile, _EXAMPLE))


def _pattern(where: str, names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<=[- ])(?:" + "|".join(_parts(where, names)) + r")(?=[- ])")


def _any_of(where: str, names: Iterable[str]) -> re.Pattern[str]:
    """A pattern that fits what that of all the names fits, in half the time: they are asked by their first letter."""
    by_letter: dict[str, list[str]] = {}
    for part in _parts(where, names):
        begins = _LETTER_FIRST.fullmatch(part)
        by_letter.setdefault(part[0] if begins else "", []).append(part[1:] if begins else part)
    groups = (f"{letter}(?:{'|'.join(parts)})" for letter, parts in sorted(by_letter.items(), reverse=True))
    return re.compile(r"(?<=[- ])(?:" + "|".join(groups) + r")(?=[- ])")


def _parts(where: str, names: Iterable[str]) -> list[str]:
    # "=name" must be a whole name: blanks stand around names, hyphens only within.
    parts = (f"(?<= ){name[1:]}(?= )" if name[0] == "=" else name for name in names)
    return [expression(_FILE, where, _STAR.sub("[a-z0-9]*", part)).pattern for part in parts]
