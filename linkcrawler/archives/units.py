"""Work units of ``scrapy crawl archive``: a stretch of one file each, so that any number of workers share the files.

A unit goes from its offset to the first record that begins a stretch further on. What reads it admits the next
one as its child before it is acknowledged: a crawl that is killed goes on in the middle of a file.
"""

import gzip
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from linkcrawler.errors import UsageError
from linkcrawler.frontier.protocol import Candidate
from linkcrawler.urls import canonicalize, digest, spelling

STRETCH = 32 << 20
"""Compressed bytes by default; what a worker that dies has read of them is read again."""
COMMON_CRAWL = "https://data.commoncrawl.org/"
"""What the lists of Common Crawl leave out."""
LOCAL = "archive"
"""Scheme of a unit that no web server is asked for."""
NEXT_PRIORITY = 1
"""A file that was begun is read to its end before the next."""

_ARCHIVE = re.compile(r"\.(?:warc|wat|arc)(?:\.(?:gz|zst|lz4|wat|wet))*\Z", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_STORED = re.compile(r"s3://[^/]+/.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a file, or a list of files at a web address."""

    source: str
    """Absolute path, http(s) address or s3:// address."""
    offset: int = 0

    @property
    def on_web(self) -> bool:
        return bool(_WEB.match(self.source))

    @property
    def is_list(self) -> bool:
        return not is_archive(self.source)

    def after(self, offset: int) -> "Unit":
        """The unit that goes on from there."""
        return replace(self, offset=offset)

    def candidate(self) -> Candidate:
        """As the frontier keeps it. A file of one's own is a host of its own, which has no delay to keep."""
        priority = NEXT_PRIORITY if self.offset else 0
        if not self.on_web:
            name = digest(self.source, str(self.offset))
            return Candidate(f"{LOCAL}://{name}/{quote(self.source)}#{self.offset}", priority=priority)
        url = canonicalize(self.source) or self.source
        asked = spelling(self.source, self.source, url) or url
        return Candidate(f"{url}#{self.offset}", priority=priority, spelled=asked)


def unit_of(candidate: Candidate) -> Unit:
    """The unit that a candidate stands for."""
    url, _, offset = candidate.url.rpartition("#")
    if urlsplit(url).scheme == LOCAL:
        return Unit(unquote(urlsplit(url).path.removeprefix("/")), int(offset))
    return Unit(candidate.spelled or url, int(offset))


def is_archive(name: str) -> bool:
    """Whether a file is one of archived pages, as its name says."""
    return _ARCHIVE.search(urlsplit(name).path if "://" in name else name) is not None


def read_paths(paths: str) -> list[Unit]:
    """What ``-a paths=`` names: files, folders of them, lists of them (one a line, gzip or not), addresses; commas
    between several, ``-`` for a list on standard input. UsageError if there is none, or one cannot be read."""
    units = [unit for text in paths.split(",") if text.strip() for unit in _named(text.strip())]
    if not units:
        raise UsageError(f"paths={paths!r} name no file: write for example -a paths=wat.paths.gz or -a paths=FOLDER")
    return list(dict.fromkeys(units))


def parse_list(lines: Iterable[str], near: str = "") -> Iterator[Unit]:
    """The files that a list names. A relative path is one of Common Crawl's, or lies beside the list ``near``."""
    for line in lines:
        text = line.strip().lstrip("\ufeff")
        if text and not text.startswith("#"):
            yield _listed(text, near)


def read_list(body: bytes) -> list[Unit]:
    """The files that a list at a web address names. ValueError if it is no text."""
    text = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    return list(parse_list(text.decode().splitlines()))


def _named(text: str) -> Iterator[Unit]:
    if text == "-":
        yield from parse_list(sys.stdin)
    elif _WEB.match(text) or _STORED.match(text):
        yield Unit(text)
    else:
        yield from _local(Path(text))


def _local(path: Path) -> Iterator[Unit]:
    try:
        if path.is_dir():
            yield from (Unit(str(found.resolve())) for found in sorted(path.rglob("*")) if is_archive(found.name))
        elif is_archive(path.name):
            path.open("rb").close()
            yield Unit(str(path.resolve()))
        else:
            raw = path.read_bytes()
            text = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
            yield from parse_list(text.decode("utf-8-sig").splitlines(), str(path.resolve().parent))
    except (OSError, EOFError) as error:
        raise UsageError(
            f"paths: {str(path)!r} cannot be read ({error}): expected a WARC or WAT file, a folder of them or a "
            "list with one path a line; write for example -a paths=wat.paths.gz"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"paths: {str(path)!r} is no text (byte {error.start}): the name of an archive ends in .warc, .wat, "
            ".warc.gz or .wat.gz, every other file is a list with one path a line"
        ) from error


def _listed(text: str, near: str) -> Unit:
    if _WEB.match(text) or _STORED.match(text):
        return Unit(text)
    if text.startswith("crawl-data/"):
        return Unit(COMMON_CRAWL + text)
    return Unit(str(Path(near, text).resolve()))
