"""The index of captures that archives keep (CDX): when a page was captured, and the capture itself."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from linkcrawler.archives.asking import ArchiveAway, Asking
from linkcrawler.archives.reading import ArchiveReader
from linkcrawler.archives.visits import visit_of
from linkcrawler.capture import CaptureVocabulary
from linkcrawler.records import Visit
from linkcrawler.targets import Target
from linkcrawler.urls import canonicalize

COLLECTIONS = "https://index.commoncrawl.org/collinfo.json"
FILES = "https://data.commoncrawl.org/"
INDEX_DAYS = 7.0
"""Answers of an index are asked for anew after so many days; captures do not change."""
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True, order=True)
class Captured:
    """One line of an index."""

    at: datetime
    url: str
    digest: str = ""
    file: str = ""
    offset: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Index:
    """One CDX server's address, and the time that its captures are from, where it is known."""

    api: str
    since: datetime | None = None
    until: datetime | None = None

    def overlaps(self, after: datetime | None, before: datetime) -> bool:
        return not (self.since and self.since > before) and not (after and self.until and self.until < after)


class Captures:
    """Looks pages up in CDX servers and brings their captures."""

    def __init__(self, asking: Asking, index: str = COLLECTIONS, files: str = FILES) -> None:
        self._asking, self._index, self._files = asking, index, files
        self._indexes: list[Index] | None = None

    def of(self, url: str, *, after: datetime | None, before: datetime) -> list[Captured]:
        """Captures at canonical ``url`` of HTML that was sent with status 200, after and before these times,
        oldest first; of equal ones in a row the first and the last: what was the same at both ends was so between.
        """
        found = set[Captured]()
        for index in self._all():
            if index.overlaps(after, before):
                lines = (line for line in self._lines(index, url) if canonicalize(line.url) == url)
                found.update(line for line in lines if (not after or line.at > after) and line.at < before)
        return _ends(sorted(found))

    def visit(self, captured: Captured, targets: Sequence[Target], vocabulary: CaptureVocabulary) -> Visit | None:
        """What a capture shows, links or none; None if the archive does not give it, or it shows nothing."""
        span = captured.offset, captured.offset + captured.length - 1
        body = self._asking.get(self._files + captured.file, span=span)
        record = next(iter(ArchiveReader(io.BytesIO(body), None)), None) if body else None
        if record is None:
            return None
        record = replace(record, offset=captured.offset)
        visit = visit_of(record, captured.file, targets, vocabulary, without_links=True)
        return None if isinstance(visit, str) or visit.url != canonicalize(captured.url) else visit

    def _all(self) -> list[Index]:
        if self._indexes is None:
            if self._index.endswith(".json"):
                self._indexes = _collections(self._asking.get(self._index, fresh_days=INDEX_DAYS) or b"", self._index)
            else:
                self._indexes = [Index(self._index)]
        return self._indexes

    def _lines(self, index: Index, url: str) -> Iterator[Captured]:
        """What one index has, page by page."""
        asked = {"url": url, "output": "json"}
        about = self._get(index, asked | {"showNumPages": "true"})
        pages = about.get("pages", 1) if isinstance(about := (about or [{}])[0], dict) else 1
        for page in range(min(int(pages), MOST_PAGES)):
            for line in self._get(index, asked | {"page": str(page)}) or ():
                if captured := _captured(line):
                    yield captured

    def _get(self, index: Index, asked: dict[str, str]) -> list[Any] | None:
        address = f"{index.api}?{urlencode(asked, quote_via=quote)}"
        body = self._asking.get(address, fresh_days=INDEX_DAYS)
        if body is None:
            return None
        try:
            return [msgspec.json.decode(line) for line in body.splitlines() if line.strip()]
        except msgspec.DecodeError as error:
            raise ArchiveAway(f"{address}: expected one JSON object a line, got {body[:80]!r}") from error


def _collections(body: bytes, where: str) -> list[Index]:
    try:
        listed = msgspec.json.decode(body, type=list[dict[str, Any]])
        return [Index(str(one["cdx-api"]), _date(one.get("from")), _date(one.get("to"))) for one in listed]
    except (msgspec.DecodeError, KeyError) as error:
        problem = f"{where}: expected a list of collections, each with its cdx-api, got {body[:80]!r}"
        raise ArchiveAway(problem) from error


def _captured(line: Any) -> Captured | None:
    """None for what is no page, or lies in no file that can be read."""
    try:
        if str(line.get("status")) != "200" or "html" not in str(line.get("mime")):
            return None
        at = datetime.strptime(line["timestamp"][:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        where = line["filename"], int(line["offset"]), int(line["length"])
        return Captured(at, str(line["url"]), str(line.get("digest", "")), *where)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _ends(captures: Sequence[Captured]) -> list[Captured]:
    return [
        one
        for at, one in enumerate(captures)
        if not (
            one.digest
            and 0 < at < len(captures) - 1
            and captures[at - 1].digest == one.digest == captures[at + 1].digest
        )
    ]


def _date(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None
