"""Questions about addresses that several signals ask: is this host listed, what is it called, whose name is in it?"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from linkcrawler import urls
from linkcrawler.domains import site_of

_NAMESPACES = frozenset(("blogspot", "wordpress", "tumblr", "livejournal", "over-blog", "typepad", "wixsite", "weebly"))
"""Platforms whose users own the name before theirs; the public suffix list knows only some of their domains."""
_JOINERS = re.compile(r"[\W_]+")
_LOWER = bytes(range(256)).lower()
_NO_NAME = bytes(code for code in range(128) if not chr(code).isalnum())
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_CAMPAIGN = re.compile(r"(?<=[?&;])(?:utm_\w+|ref|source|src|from|branding|mtm_campaign|pk_campaign)=[^&;#]*")
_BENT = re.compile(r"[à-ž]")
_PLAIN_PATH = re.compile(r"https?://[\w.-]+(/[\w/.~%+@:;,=-]*)(?:\?|\Z)", re.ASCII)
"""As almost all addresses are: read in a tenth of the time that urlsplit takes."""
_KNOWN_HOSTS = 1 << 14
"""Answers that a set keeps: the same hosts come again and again."""
_WORDS = re.compile(r"[a-z0-9\u00c0-\u024f]+|[^\W\d_a-z\u00c0-\u024f]+")
"""Latin words, and runs of other scripts: names stand between them without a space."""
MIN_BRAND = 4
"""Letters that a name must have before finding it elsewhere says anything."""
FREE_BRAND = 6
"""Letters from which on a name is told wherever it stands; shorter ones hide in other words (``vice``: services)."""
_REST = 3
"""Letters that a compound must have beside a short name, unless they are these:"""
_ENDINGS = frozenset(("tv", "fm", "hq"))
_NO_PAPERS = (
    "wordpress", "letterpress", "cypress", "compress", "compost", "outpost", "signpost", "sometimes", "lifetimes",
    "depress", "suppress", "impress", "postgres", "postgresql", "poster", "posters", "postman",
)  # fmt: skip


class HostSet:
    """Hosts, each standing for itself and its sub-domains; an entry may narrow itself to a path (``host/path``)."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._hosts: set[str] = set()
        self._paths: dict[str, list[str]] = {}
        self._known: dict[str, tuple[tuple[str, str], ...]] = {}
        for entry in entries:
            host, _, path = entry.partition("/")
            if path:
                self._paths.setdefault(host, []).append(f"/{path}")
            else:
                self._hosts.add(host)

    def match(self, host: str, path: str = "") -> str:
        """The entry that holds ``host``; empty if none does."""
        entries = self._known.get(host)
        if entries is None:
            if len(self._known) >= _KNOWN_HOSTS:
                self._known.clear()
            entries = self._known[host] = tuple(self._entries(host))
        for entry, start in entries:
            if not start or path.lower().startswith(start):
                return entry
        return ""

    def _entries(self, host: str) -> Iterator[tuple[str, str]]:
        """The entries that may hold the host, each with what the path must begin with."""
        while "." in host:
            if host in self._hosts:
                yield host, ""
            for start in self._paths.get(host, ()):
                yield host + start, start
            host = host.partition(".")[2]


class AddressPattern:
    """An expression that is tried once on each address or part of one: the same ones come again and again."""

    def __init__(self, expression: re.Pattern[str]) -> None:
        known = lru_cache(maxsize=_KNOWN_HOSTS)
        self.search: Callable[[str], re.Match[str] | None] = known(expression.search)
        self.match: Callable[[str], re.Match[str] | None] = known(expression.match)


@lru_cache(maxsize=1 << 14)
def host_of(url: str) -> str:
    """As :func:`linkcrawler.urls.host_of`: several signals ask it of one address."""
    return urls.host_of(url)


@lru_cache(maxsize=1 << 14)
def label_of(host: str) -> str:
    """The word that somebody registered: ``example`` of ``www.example.co.uk``; users of one platform told apart."""
    label = site_of(host).partition(".")[0]
    if label in _NAMESPACES:
        user = host.removesuffix(site_of(host)).rstrip(".").rpartition(".")[2]
        return label if user in ("", "www") else user
    return label


@lru_cache(maxsize=1 << 14)
def squeeze(text: str) -> str:
    """Letters and digits only, case folded, umlauts spelled out, no accents: how a name looks as a domain."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_NAME).decode()
    folded = text.casefold()
    if _BENT.search(folded):
        parts = unicodedata.normalize("NFKD", folded.translate(_UMLAUTS))
        folded = "".join(char for char in parts if not unicodedata.combining(char))
    return _JOINERS.sub("", folded)


@lru_cache(maxsize=1 << 14)
def arguments(url: str) -> tuple[tuple[str, str], ...]:
    """Query arguments, keys in lower case; a matrix-like tail (``;a=b``) is read too."""
    query = urlsplit(url).query.replace(";", "&")
    return tuple((key.lower(), value) for key, value in parse_qsl(query, keep_blank_values=True)[:40])


def holds_any(text: str, parts: Sequence[str]) -> bool:
    """Whether one of the parts stands in the text. A plain loop: half of what ``any`` takes for it."""
    for part in parts:  # noqa: SIM110
        if part in text:
            return True
    return False


def without_campaign(address: str) -> str:
    """The address without the arguments that only tell where its visitors come from."""
    return _CAMPAIGN.sub("", address) if "=" in address else address


def shared_stem(one: str, other: str, least: int) -> str:
    """Longest run of letters that two labels share; empty if it is shorter than ``least``."""
    best = ""
    for start in range(len(one) - least + 1):
        end = start + max(len(best) + 1, least)
        while end <= len(one) and one[start:end] in other:
            best = one[start:end]
            end += 1
    return best


def bears(text: str, name: str, common: frozenset[str] = frozenset()) -> bool:
    """Whether a label, an address or a phrase bears the name.

    A short name counts as a word of its own, also written apart, and at either end of a word whose rest is three
    letters or more and no ``common`` word; one of :data:`FREE_BRAND` letters wherever it stands.
    """
    name = squeeze(name)
    if not name or name in common:
        return False
    if len(name) >= FREE_BRAND:
        return name in squeeze(text)
    # However it is borne, its letters stand in a row; scripts in which that is not so are rare.
    if text.isascii() and name not in squeeze(text):
        return False
    return _bears_short(text, name, common)


@lru_cache(maxsize=1 << 14)
def _bears_short(text: str, name: str, common: frozenset[str]) -> bool:
    words = [squeeze(word) for word in _WORDS.findall(text.casefold())]
    if any(_joined(words[start:], name) for start in range(len(words))):
        return True
    rests = [word.removeprefix(name) for word in words if word.startswith(name)]
    rests += [word.removesuffix(name) for word in words if word.endswith(name)]
    return any(rest in _ENDINGS or (len(rest) >= _REST and rest not in common) for rest in rests)


def _joined(words: list[str], name: str) -> bool:
    """Whether the first words, written together, are the name."""
    rest = name
    for word in words:
        if not rest.startswith(word):
            return False
        rest = rest.removeprefix(word)
        if not rest:
            return True
    return False


@lru_cache(maxsize=1 << 14)
def news_word_of(label: str, news_words: frozenset[str]) -> str:
    """The news word at either end of the label or of a part of it; empty where another word holds it by chance."""
    parts = [part for part in label.split("-") if not part.endswith(_NO_PAPERS)]
    ends = (word for part in parts for word in news_words if part.startswith(word) or part.endswith(word))
    return max(ends, key=lambda word: (len(word), word), default="")


def plain_path_of(url: str) -> str:
    """For addresses that are asked about once."""
    plain = _PLAIN_PATH.match(url)
    return plain[1] if plain else urlsplit(url).path


path_of = lru_cache(maxsize=1 << 14)(plain_path_of)
