"""The archive of one's own: pages that link to a target, as they were sent, so that each verdict can be replayed."""

import io
import os
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from linkcrawler import __version__
from linkcrawler.archives.reference import reference
from linkcrawler.errors import UsageError

MOST_BYTES = 1 << 30
"""Packed bytes after which the next file is begun: the size that the WARC standard recommends."""
REMEMBERED = 100_000
"""Digests of payloads that may be told to have come again."""
FILE_FIELD, OFFSET_FIELD = "WARC-Refers-To-Filename", "WARC-Refers-To-File-Offset"
"""Where the payload of a revisit stands; the standard's own fields name it only by address and date."""
_NOT_AS_SENT = frozenset(("content-encoding", "transfer-encoding", "content-length"))
"""True of the bytes on the wire; the body is kept unpacked, as Common Crawl does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One page as it was asked for and answered, with status 200."""

    url: str
    at: datetime
    asked: Mapping[str, str]
    headers: Iterable[tuple[str, str]]
    body: bytes
    cut: bool = False


class OwnArchive:
    """Writes WARC files into ``folder``, which no other process writes: each has files of its own.

    Every record is a gzip member of its own that is handed to the system before :meth:`keep` returns: what a process
    that dies leaves behind ends, at worst, in one record that is cut off.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._most_bytes = folder, most_bytes
        self._worker = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}{secrets.token_hex(2)}"
        self._files = 0
        self._out: BinaryIO | None = None
        self._writer: Any = None
        self._known: OrderedDict[str, tuple[str, str, str, int]] = OrderedDict()
        """By payload digest: address, date, file and offset of the record that holds it."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            import warcio  # noqa: F401 refused before the first page is fetched
        except OSError as error:
            raise UsageError(
                f"warc={str(folder)!r} cannot be used ({error}): expected a folder that can be written; "
                "write for example -a warc=pages"
            ) from error
        except ImportError as error:
            raise UsageError('warc= needs warcio: install it with pip install "linkcrawler[archive]"') from error

    def keep(self, exchange: Exchange) -> str:
        """Write request and response; where they stand (:func:`linkcrawler.archives.reference.reference`)."""
        out, writer = self._current()
        response = self._response(writer, exchange)
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        known = self._known.get(digest)
        if known:
            response = self._revisit(writer, exchange, digest, known)
        name, offset = Path(out.name).name, out.tell()
        writer.write_request_response_pair(self._request(writer, exchange), response)
        out.flush()
        if not known:
            self._remember(digest, (exchange.url, _date(exchange.at), name, offset))
        return reference(name, offset, digest)

    def _current(self) -> tuple[BinaryIO, Any]:
        from warcio.warcwriter import WARCWriter

        if self._out and self._out.tell() >= self._most_bytes:
            self._out.close()
            self._out = None
        if self._out is None:
            path = self._folder / f"linkcrawler-{self._worker}-{self._files:05}.warc.gz"
            self._files += 1
            self._out = path.open("xb")
            self._writer = WARCWriter(self._out, gzip=True, warc_version="1.1")
            about = {"software": f"linkcrawler/{__version__}", "format": "WARC file version 1.1"}
            self._writer.write_record(self._writer.create_warcinfo_record(path.name, about))
        return self._out, self._writer

    def _response(self, writer: Any, exchange: Exchange) -> Any:
        fields = {"WARC-Date": _date(exchange.at)} | ({"WARC-Truncated": "length"} if exchange.cut else {})
        http = _answer(exchange)
        return writer.create_warc_record(
            exchange.url,
            "response",
            payload=io.BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=http,
            warc_headers_dict=fields,
        )

    def _revisit(self, writer: Any, exchange: Exchange, digest: str, known: tuple[str, str, str, int]) -> Any:
        url, date, name, offset = known
        fields = {"WARC-Date": _date(exchange.at), FILE_FIELD: name, OFFSET_FIELD: str(offset)}
        http = _answer(exchange)
        return writer.create_revisit_record(
            exchange.url, digest, url, date, http_headers=http, warc_headers_dict=fields
        )

    def _request(self, writer: Any, exchange: Exchange) -> Any:
        from warcio.statusandheaders import StatusAndHeaders

        parts = urlsplit(exchange.url)
        path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        fields = [("Host", parts.netloc), *exchange.asked.items()]
        http = StatusAndHeaders(f"GET {path} HTTP/1.1", fields, is_http_request=True)
        dated = {"WARC-Date": _date(exchange.at)}
        return writer.create_warc_record(exchange.url, "request", http_headers=http, warc_headers_dict=dated)

    def _remember(self, digest: str, where: tuple[str, str, str, int]) -> None:
        self._known[digest] = where
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _answer(exchange: Exchange) -> Any:
    """The head of the response; headers that are not true of the body any more stand under another name."""
    from warcio.statusandheaders import StatusAndHeaders

    told = [(f"X-Crawl-{name}" if name.lower() in _NOT_AS_SENT else name, value) for name, value in exchange.headers]
    fields = [*told, ("Content-Length", str(len(exchange.body)))]
    return StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
