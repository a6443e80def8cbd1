"""Places of the web without an end: addresses that grow, calendars, sessions, pages that say the same for ever."""

import re
from array import array
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from linkcrawler.urls import host_of

MOST_SEGMENTS = 20
MOST_REPEATS = 3
"""Of one path segment, or of a run of segments, in one address (Heritrix allows two)."""
YEARS_AHEAD = 1
"""Calendars announce next year; what is later is generated."""

_NUMBERS = re.compile(r"\d+")
_CODES = re.compile(r"[0-9a-f]{8,}|[A-Za-z0-9_-]{24,}")
_RUNS = re.compile(rf"(/[^/]+(?:/[^/]+)*?)\1{{{MOST_REPEATS},}}(?=/|\Z)")
_YEAR = re.compile(r"(2(?<![\w-]2)[01]\d\d)[/-](?:0?[1-9]|1[0-2])(?:[/-](?:0?[1-9]|[12]\d|3[01]))?(?=[/?&#]|\Z)")
"""The year of a month or day that fills whole segments: ``/2038/04/``, ``=2038-04-01``, not ``agenda-2030/1-intro``."""
_SESSION = re.compile(
    r"""(?ix)
    (?:phpsessid|jsessionid|aspsessionid\w*|zenid|oscsid|cfid|cftoken) = [0-9a-z.!,-]{16,}
    # These also name stories and searches: the value must be a number or code that nobody chose.
    | (?:sid|session_?id) = (?: [0-9a-f]{16,}
                              | [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
                              | (?=(?:[a-z]*\d+[a-z]+){2})[0-9a-z]{16,} )
    """
)
_SESSION_PATH = re.compile(r"(?i);jsessionid=[^/?#;]*")
_TEXTS = re.compile(rb">\s*+([^<]{20,80})[^<]*+")
"""How each text begins: what comes later seldom tells two apart, and takes long to read where it is a script."""


def endless(url: str, year: int) -> bool:
    """Whether an address looks generated without an end; ``year`` is the present one."""
    _, path, query = _parts(url)
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > MOST_SEGMENTS:
        return True
    if len(segments) - len(set(segments)) >= MOST_REPEATS:
        words = [segment for segment in segments if not segment.isdecimal()]
        if max(map(words.count, words), default=0) > MOST_REPEATS or _RUNS.search(path.rstrip("/")):
            return True
    return max(map(int, _YEAR.findall(f"{path}?{query}")), default=0) > year + YEARS_AHEAD


def without_session(url: str) -> str:
    """The address without the number that a server gave this visitor: each visit would make all pages new.

    >>> without_session("https://example.org/a?b=1&PHPSESSID=0123456789abcdef0123")
    'https://example.org/a?b=1'
    """
    if ";" in url:
        url = _SESSION_PATH.sub("", url)
    head, mark, query = url.partition("?")
    if not mark or ("id" not in query.lower() and "cftoken" not in query.lower()):
        return url
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _SESSION.fullmatch(pair)]
    if len(kept) == len(pairs):
        return url
    return f"{head}?{'&'.join(kept)}" if kept else head


def shape_of(url: str) -> str:
    """What addresses of one kind share: the host, the path without its numbers and codes, the names of arguments.

    >>> shape_of("https://example.org/2024/05/post-17?page=3&id=9")
    'example.org/0/0/post-0?id&page'
    """
    authority, path, query = _parts(url)
    path = _NUMBERS.sub("0", _CODES.sub("x", path))
    names = sorted({name for name, _ in parse_qsl(query, keep_blank_values=True)}) if query else ()
    return f"{authority}{path}" + (f"?{'&'.join(names)}" if names else "")


def _parts(url: str) -> tuple[str, str, str]:
    """Authority, path and query of a canonical address (a fifth of the time that urlsplit takes)."""
    location, _, query = url.partition("?")
    authority, slash, path = location.partition("://")[2].partition("/")
    return authority, slash + path, query


class Novelty:
    """Watches whether the pages of one shape, and of one host, still say anything new.

    A page is new if it holds a hit, or if a fifth of its texts (numbers left out) did not stand on earlier pages of
    its group. The first pages of a group are not read, which spares the small ones. A host that has spent the patience
    for one shape, on one or on several together, gets little for the others. Memory is bounded: of a page, a
    sample of its texts is looked at; a group forgets the texts that it met longest ago, and so do groups.
    """

    GRACE = 10
    WARY_GRACE, WARY_PATIENCE = 5, 10
    """On a host that was caught repeating itself: four endless kinds side by side cost no more than two."""
    SHAPE_PATIENCE, HOST_PATIENCE = 40, 1000
    """Pages without anything new until a group is given up."""
    FRESH, GLANCE = 20, 4
    """Where so many pages in a row were new, each GLANCE-th is read until one is not: a page's texts take 0.15 ms."""
    NEW_SHARE = 0.2
    SAMPLE = 200
    """Texts of one page: those with the smallest hashes, so that the same text is in the sample of each page."""
    MOST_GROUPS, MOST_TEXTS, MOST_TEXTS_IN_ALL = 10_000, 500, 400_000
    """400,000 texts take 3 MB."""

    def __init__(self) -> None:
        self._groups: OrderedDict[str, _Group] = OrderedDict()
        self._given_up: set[str] = set()
        self._held = 0
        self._spent = Counter[str]()
        """Pages of a site that said nothing new, in groups where that is no accident."""

    def note(self, url: str, body: bytes, *, hit: bool) -> None:
        """Take a page into account."""
        shape = shape_of(url)
        site = shape.partition("/")[0]
        wary = self._spent[site] >= self.SHAPE_PATIENCE
        patience, grace = (self.WARY_PATIENCE, self.WARY_GRACE) if wary else (self.SHAPE_PATIENCE, self.GRACE)
        texts: list[int] | None = None
        for name, most in ((shape, patience), (host_of(url), self.HOST_PATIENCE)):
            group = self._groups.setdefault(name, _Group())
            self._groups.move_to_end(name)
            group.pages += 1
            spent = self._suspicious(group)
            if hit:
                group.dry = 0
            elif group.pages > grace and not (group.fresh >= self.FRESH and group.pages % self.GLANCE):
                texts = _sample(body, self.SAMPLE) if texts is None else texts
                before = len(group.texts)
                new = group.meet(texts, self.MOST_TEXTS)
                self._held += len(group.texts) - before
                if new and new >= self.NEW_SHARE * len(texts):
                    group.dry, group.fresh = 0, group.fresh + 1
                else:
                    group.dry, group.fresh = group.dry + 1, 0
            if name is shape:
                self._spent[site] += self._suspicious(group) - spent
            (self._given_up.add if group.dry >= most else self._given_up.discard)(name)
        while len(self._groups) > self.MOST_GROUPS or self._held > self.MOST_TEXTS_IN_ALL:
            name, group = self._groups.popitem(last=False)
            self._given_up.discard(name)
            self._held -= len(group.texts)
            if "/" in name:
                self._spent[name.partition("/")[0]] -= self._suspicious(group)
        self._spent = +self._spent if len(self._spent) > self.MOST_GROUPS else self._spent

    def exhausted(self, url: str) -> bool:
        """Whether the group of an address was given up."""
        return bool(self._given_up) and (host_of(url) in self._given_up or shape_of(url) in self._given_up)

    def _suspicious(self, group: "_Group") -> int:
        return group.dry if group.dry >= self.WARY_PATIENCE else 0


def _sample(body: bytes, size: int) -> list[int]:
    # All at once: a call for each of the 300 texts of a page took half of the time.
    texts = b"\0".join(_TEXTS.findall(body)).translate(None, b"0123456789").split(b"\0")
    return sorted(set(map(hash, texts)))[:size]


@dataclass(slots=True)
class _Group:
    pages: int = 0
    dry: int = 0
    """Pages in a row without anything new."""
    fresh: int = 0
    """Pages in a row that were read and said something new."""
    texts: "array[int]" = field(default_factory=lambda: array("q"))
    """Hashes of those met last, newest at the end. A dictionary of them takes twelve times the memory."""

    def meet(self, texts: list[int], most: int) -> int:
        """How many of a page's texts are new to the group; no text is given twice."""
        met = set(texts)
        others = [text for text in self.texts.tolist() if text not in met]
        new = len(texts) - (len(self.texts) - len(others))
        self.texts = array("q", (others + texts)[-most:])
        return new
