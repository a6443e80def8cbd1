"""Places of the web without an end: addresses that grow, calendars, sessions, pages that say the same for ever."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from linkcrawler.urls import host_of

MOST_SEGMENTS = 20
MOST_REPEATS = 3
"""Of one path segment, or of a run of segments, in one address (Heritrix allows two)."""
YEARS_AHEAD = 1
"""Calendars announce next year; what is later is generated."""

_NUMBERS = re.compile(r"\d+")
_CODES = re.compile(r"[0-9a-f]{8,}|[A-Za-z0-9_-]{24,}")
_RUNS = re.compile(rf"(/[^/]+(?:/[^/]+)*?)\1{{{MOST_REPEATS},}}(?=/|\Z)")
_YEAR = re.compile(r"(?<!\d)(20\d\d|21\d\d)(?=[/-](?:0?[1-9]|1[0-2])(?!\d))")
_SESSION = re.compile(r"(?i)^(?:phpsessid|jsessionid|aspsessionid\w*|session_?id|sid|zenid|oscsid|cfid|cftoken)$")
_SESSION_VALUE = re.compile(r"(?i)^[0-9a-z.!-]{16,}$")
_SESSION_PATH = re.compile(r"(?i);jsessionid=[^/?#;]*")
_TEXTS = re.compile(rb">([^<>]{20,})<")


def endless(url: str, year: int) -> bool:
    """Whether an address looks generated without an end; ``year`` is the present one."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MOST_SEGMENTS:
        return True
    if len(segments) > MOST_REPEATS:
        words = [segment for segment in segments if not segment.isdecimal()]
        if max(map(words.count, words), default=0) > MOST_REPEATS or _RUNS.search(parts.path.rstrip("/")):
            return True
    return any(int(found) > year + YEARS_AHEAD for found in _YEAR.findall(f"{parts.path}?{parts.query}"))


def without_session(url: str) -> str:
    """The address without the number that a server gave this visitor: each visit would make all pages new.

    >>> without_session("https://example.org/a?b=1&PHPSESSID=0123456789abcdef0123")
    'https://example.org/a?b=1'
    """
    if ";" in url:
        url = _SESSION_PATH.sub("", url)
    head, mark, query = url.partition("?")
    if not mark or "s" not in query.lower():
        return url
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not (_SESSION.match(name) and _SESSION_VALUE.match(value))]
    if len(kept) == len(pairs):
        return url
    return f"{head}?{urlencode(kept)}" if kept else head


def shape_of(url: str) -> str:
    """What addresses of one kind share: the host, the path without its numbers and codes, the names of arguments.

    >>> shape_of("https://example.org/2024/05/post-17?page=3&id=9")
    'example.org/0/0/post-0?id&page'
    """
    parts = urlsplit(url)
    path = _NUMBERS.sub("0", _CODES.sub("x", parts.path))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.netloc}{path}" + (f"?{'&'.join(names)}" if names else "")


class Novelty:
    """Watches whether the pages of one shape, and of one host, still say anything new.

    A page is new if it holds a hit, or if a fifth of its texts (numbers left out) did not stand on earlier pages of
    its group. The first pages of a group are not read, which spares the small ones. Memory is bounded: groups that
    were not met for long are forgotten.
    """

    GRACE = 10
    SHAPE_PATIENCE, HOST_PATIENCE = 40, 1000
    """Pages without anything new until a group is given up."""
    NEW_SHARE = 0.2
    MOST_GROUPS, MOST_TEXTS = 10_000, 500

    def __init__(self) -> None:
        self._groups: OrderedDict[str, _Group] = OrderedDict()

    def note(self, url: str, body: bytes, *, hit: bool) -> None:
        """Take a page into account."""
        texts: set[int] | None = None
        for name in (shape_of(url), host_of(url)):
            group = self._groups.setdefault(name, _Group())
            self._groups.move_to_end(name)
            group.pages += 1
            if hit:
                group.dry = 0
            elif group.pages > self.GRACE:
                if texts is None:
                    texts = {hash(text.translate(None, b"0123456789")) for text in _TEXTS.findall(body)}
                new = texts - group.texts
                group.dry = 0 if new and len(new) >= self.NEW_SHARE * len(texts) else group.dry + 1
                if len(group.texts) < self.MOST_TEXTS:
                    group.texts |= new
        while len(self._groups) > self.MOST_GROUPS:
            self._groups.popitem(last=False)

    def exhausted(self, url: str) -> bool:
        """Whether the group of an address was given up."""
        return self._dry(host_of(url)) >= self.HOST_PATIENCE or self._dry(shape_of(url)) >= self.SHAPE_PATIENCE

    def _dry(self, name: str) -> int:
        group = self._groups.get(name)
        return group.dry if group else 0


@dataclass(slots=True)
class _Group:
    pages: int = 0
    dry: int = 0
    """Pages in a row without anything new."""
    texts: set[int] = field(default_factory=set)
