"""Reads the records of a WARC or WAT file that may name a target, from an offset on, in flat memory."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO

from linkcrawler.archives.extra import load
from linkcrawler.archives.own import FILE_FIELD, OFFSET_FIELD
from linkcrawler.archives.prefilter import Prefilter
from linkcrawler.archives.streams import PieceMissing
from linkcrawler.network.body import Body
from linkcrawler.records import in_milliseconds

MOST_BYTES = 8 * 1024 * 1024
"""Of a page, as when it is fetched."""
MOST_METADATA = 64 * 1024 * 1024
_HEAD_BYTES = 64 * 1024

_CHUNK = re.compile(rb"([0-9a-fA-F]{1,7})[^\r\n]*\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one record holds: a page as it was sent, or what a WAT file tells of one."""

    url: str
    """As the archive has it."""
    at: datetime
    offset: int
    """Of the record in the file, compressed bytes."""
    digest: str = ""
    """Of the payload, as the archive names it."""
    content: bytes = field(default=b"", repr=False)
    """The page, unpacked; for a WAT record its JSON."""
    status: int = 0
    """0 for a WAT record."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of the response, by lower-case name; of several the first."""
    cut: bool = False
    """Whether a part of the page is missing."""


class ArchiveReader:
    """Iterates over the records of ``stream``, from where it stands, that ``prefilter`` lets pass.

    ``offset`` is where the next record begins; None once the file is read to its end, or as far as it can be read:
    then ``problem`` says why. What is passed over is counted by reason.
    """

    def __init__(
        self,
        stream: BinaryIO,
        prefilter: Prefilter | None,
        *,
        until: int | None = None,
        beside: Callable[[str, int], BinaryIO] | None = None,
    ) -> None:
        """Without a prefilter every page passes. ``beside(file, offset)`` opens another file of the same archive, where
        a page stands that came again."""
        self._stream, self._until, self._beside = stream, until, beside
        self._prefilter = prefilter
        self._in_page = prefilter.in_page if prefilter else _any
        self._in_metadata = prefilter.in_metadata if prefilter else _any
        self.start = stream.tell()
        self.offset: int | None = self.start
        self.problem = ""
        self.counts: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Record]:
        fastwarc = load("fastwarc")
        kinds = fastwarc.WarcRecordType
        readers = ((kinds.metadata, self._metadata), (kinds.response, self._response), (kinds.revisit, self._revisit))
        until = sys.maxsize if self._until is None else max(self._until, self.start + 1)
        try:
            for found in fastwarc.ArchiveIterator(self._stream, parse_http=False):
                if found.stream_pos == self.offset and self.counts:
                    until = sys.maxsize  # not a member of its own: nobody could begin to read here
                self.offset = found.stream_pos
                if self.offset >= until:
                    return
                self.counts["records"] += 1
                kind = found.record_type
                for known, read in readers:
                    if kind == known and (record := read(found)):
                        yield record
        except PieceMissing:
            raise
        except (OSError, ValueError) as error:
            self.problem = f"{error} after the record at byte {self.offset}"
        self.offset = None

    def _metadata(self, found: Any) -> Record | None:
        # Read into a buffer of exactly its size: a larger one takes longer to make than to fill.
        content = found.reader.read(min(found.content_length, MOST_METADATA))
        if not self._in_metadata(content):
            return None
        if len(content) < found.content_length:
            return self._refuse("cut off")
        return self._record(found, content=content)

    def _response(self, found: Any) -> Record | None:
        raw = found.reader.read(min(found.content_length, MOST_BYTES + _HEAD_BYTES))
        status, headers, body = _parted(raw)
        packed = headers.get("content-encoding") or headers.get("transfer-encoding")
        if not packed and not self._in_page(raw):
            return None
        if len(raw) < found.content_length and len(raw) < MOST_BYTES + _HEAD_BYTES:
            return self._refuse("cut off")
        cut = len(raw) < found.content_length or "WARC-Truncated" in found.headers
        if packed:
            body, whole = unpacked(body, headers)
            cut = cut or not whole
            if not self._in_page(body):
                return None
        cut = cut or len(body) > MOST_BYTES
        return self._record(found, content=body[:MOST_BYTES], status=status, headers=headers, cut=cut)

    def _revisit(self, found: Any) -> Record | None:
        """The page as it stands where it was kept first, with this visit's time and headers."""
        file, offset = found.headers.get(FILE_FIELD, ""), found.headers.get(OFFSET_FIELD, "")
        if not (self._beside and file and offset.isdecimal()):
            return self._refuse("revisit of a page elsewhere")
        status, headers, _ = _parted(found.reader.read(min(found.content_length, _HEAD_BYTES)))
        try:
            with self._beside(file, int(offset)) as stream:
                first = next(iter(ArchiveReader(stream, self._prefilter, until=int(offset) + 1)), None)
        except OSError:
            return self._refuse("revisit of a page that is gone")
        if first is None or first.digest != found.headers.get("WARC-Payload-Digest", ""):
            return self._refuse("revisit of a page that is gone")
        return self._record(found, content=first.content, status=status, headers=headers, cut=first.cut)

    def _record(self, found: Any, **parts: Any) -> Record | None:
        url, at = found.headers.get("WARC-Target-URI", ""), _time(found.headers.get("WARC-Date", ""))
        if at is None:
            return self._refuse("no date")
        return Record(
            url=url.strip("<>"),
            at=at,
            offset=found.stream_pos,
            digest=found.headers.get("WARC-Payload-Digest", ""),
            **parts,
        )

    def _refuse(self, reason: str) -> Record | None:
        self.counts[f"refused/{reason}"] += 1
        return None


def _any(raw: bytes) -> bool:
    return True


def unpacked(body: bytes, headers: dict[str, str]) -> tuple[bytes, bool]:
    """The page in a body that is stored as it was sent, and whether nothing of it is missing."""
    whole = True
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body, whole = _dechunked(body)
    collected = Body(headers.get("content-encoding", ""), MOST_BYTES)
    if not collected.readable:
        return b"", False
    collected.feed(body)
    return collected.take(), whole and collected.whole(ended=True)


def _parted(raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a response as it was sent; status 0 if it is none."""
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *fields = head[:_HEAD_BYTES].decode("latin-1").split("\r\n")
    words = line.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[0].startswith("HTTP/") and words[1].isdecimal() else 0
    headers: dict[str, str] = {}
    for text in fields:
        name, _, value = text.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return status, headers, body


def _dechunked(body: bytes) -> tuple[bytes, bool]:
    """The chunks put together; a body that is said to be chunked and is not (archives undo it) as it is."""
    pieces: list[bytes] = []
    at = 0
    while head := _CHUNK.match(body, at):
        size = int(head[1], 16)
        if not size:
            return b"".join(pieces), True
        pieces.append(body[head.end() : head.end() + size])
        at = head.end() + size + 2
    return (b"".join(pieces), False) if pieces else (body, True)


def _time(text: str) -> datetime | None:
    """A WARC-Date, cut to milliseconds."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return in_milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
