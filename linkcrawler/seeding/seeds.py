"""Where a crawl starts: addresses from a file, from the command line, or from standard input."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from linkcrawler.errors import UsageError
from linkcrawler.urls import MAX_URL_CHARS, canonicalize, spelling

_SOURCE = re.compile(r"(store|sitemap|feed|opml):(.+)", re.IGNORECASE)
_NEXT_URL = re.compile(r",(?=\s*(?:https?://|store:|sitemap:|feed:|opml:))", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BARE = re.compile(r"[^\s/:?#@]+\.[^\s/:?#@]+([/:?#]|\Z)")


@dataclass(frozen=True, slots=True)
class Seed:
    """An address to start from."""

    url: str
    """Canonical."""
    spelled: str = ""
    """As the list has it, where that differs."""


@dataclass(frozen=True, slots=True)
class SeedSource:
    """What names addresses to start from."""

    kind: str
    """``store``, ``sitemap``, ``feed`` or ``opml``."""
    where: str
    """Canonical address of a sitemap (of a site: robots.txt names its sitemaps), of a feed (of a page: it names its
    feeds); address or file of an OPML list; of the store ``new``, ``all`` or the name of an origin."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a seed list that is no address."""

    number: int
    text: str
    problem: str


def parse_seed(text: str) -> Seed:
    """The address that a line means; a bare ``example.org/path`` means https.

    Raises ValueError with the problem if the line is no http(s) address.
    """
    if _BARE.match(text):
        text = f"https://{text}"
    elif not _SCHEME.match(text):
        raise ValueError("no address")
    url = canonicalize(text)
    if url is None:
        raise ValueError("not an http or https address with a host name")
    if len(url) > MAX_URL_CHARS:
        raise ValueError(f"longer than {MAX_URL_CHARS} characters")
    return Seed(url, spelling(url, text, url))


def _parse_source(kind: str, where: str) -> SeedSource:
    if kind == "opml" and "://" not in where and not Path(where).is_file():
        raise ValueError("no such file, and no address")
    if kind == "store" or (kind == "opml" and "://" not in where):
        return SeedSource(kind, where)
    return SeedSource(kind, parse_seed(where).url)


def parse_seeds(lines: Iterable[str]) -> Iterator[Seed | SeedSource | BadLine]:
    """Read one address or source (``sitemap:https://example.org/``) a line; blank lines and ``#`` comments are passed
    over."""
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("\ufeff")
        if not text or text.startswith("#"):
            continue
        try:
            source = _SOURCE.match(text)
            yield _parse_source(source[1].lower(), source[2].strip()) if source else parse_seed(text)
        except ValueError as error:
            yield BadLine(number, text[:200], str(error))


def read_seeds(source: str) -> list[Seed | SeedSource | BadLine]:
    """Read what ``-a seeds=`` names: a file, ``-`` for standard input, or addresses and sources separated by commas.

    Raises UsageError if the file cannot be read, or if not one line is an address or a source.
    """
    seeds = list(parse_seeds(_lines(source)))
    bad = [seed for seed in seeds if isinstance(seed, BadLine)]
    if len(bad) == len(seeds):
        first = f"; line {bad[0].number} reads {bad[0].text!r} ({bad[0].problem})" if bad else ""
        raise UsageError(
            f"seeds {source!r} hold no address to start from{first}: expected one http(s) address a line, "
            "such as https://example.org/blog/"
        )
    return seeds


def _lines(source: str) -> Iterable[str]:
    if source == "-":
        return sys.stdin
    if _SOURCE.match(source) or re.match(r"https?://", source, re.IGNORECASE):
        return _NEXT_URL.split(source)
    try:
        return Path(source).read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(
            f"seeds file {source!r} cannot be read ({error.strerror}): expected a text file with one address a line, "
            "or the addresses themselves; write for example -a seeds=seeds.txt or -a seeds=https://example.org/"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"seeds file {source!r} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
