"""Packs pages into WARC and WAT files as Common Crawl does: one gzip member a record."""

import base64
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2024-05-17T03:14:15Z"
_ATTRIBUTES = ("href", "src", "action", "data")


@dataclass(frozen=True)
class Packed:
    """One page to pack."""

    url: str
    body: bytes
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),)
    date: str = DATE


def write_warc(path: Path, pages: Iterable[Packed], *, gzip: bool = True) -> list[int]:
    """A request and a response record for each page; the offsets of the responses."""
    offsets = []
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=gzip)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for page in pages:
            _write(writer, page, "request", StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True))
            offsets.append(out.tell())
            http = StatusAndHeaders(page.status, list(page.headers), protocol="HTTP/1.1")
            _write(writer, page, "response", http)
    return offsets


def write_wat(path: Path, pages: Iterable[Packed], *, warc: str = "pages.warc.gz") -> None:
    """The metadata of each page, with the noise around it that such files have: a record for the request too."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for number, page in enumerate(pages):
            for told in (_request(page), metadata(page, warc, number)):
                _write_metadata(writer, page, told)


def metadata(page: Packed, warc: str, offset: int) -> dict[str, Any]:
    """What a WAT file tells of one response."""
    digest = base64.b32encode(hashlib.sha1(page.body).digest()).decode()
    return {
        "Container": {"Filename": warc, "Compressed": True, "Offset": str(offset), "Gzip-Metadata": {"Inflated": "1"}},
        "Envelope": {
            "Format": "WARC",
            "WARC-Header-Metadata": {
                "WARC-Type": "response",
                "WARC-Date": page.date,
                "WARC-Target-URI": page.url,
                "WARC-Payload-Digest": f"sha1:{digest}",
            },
            "Payload-Metadata": {
                "Actual-Content-Type": "application/http; msgtype=response",
                "HTTP-Response-Metadata": {
                    "Response-Message": {"Version": "HTTP/1.1", "Status": page.status[:3], "Reason": page.status[4:]},
                    "Headers": dict(page.headers),
                    "HTML-Metadata": html_metadata(page.body),
                },
            },
        },
    }


def html_metadata(body: bytes) -> dict[str, Any]:
    """Head and links of a page, as its markup has them."""
    root = etree.fromstring(body, etree.HTMLParser(huge_tree=True, encoding="utf-8")) if body.strip() else None
    if root is None:
        return {}
    head: dict[str, Any] = {"Title": (root.findtext(".//title") or "").strip()}
    if (base := root.find(".//base[@href]")) is not None:
        head["Base"] = base.get("href")
    return {"Head": head, "Links": list(_links(root))}


def _links(root: Any) -> Iterator[dict[str, str]]:
    for element in root.iter("a", "area", "img", "iframe", "form", "embed"):
        for attribute in _ATTRIBUTES:
            if (url := element.get(attribute)) is None:
                continue
            found = {"path": f"{element.tag.upper()}@/{attribute}", "url": url}
            if text := " ".join("".join(element.itertext()).split()):
                found["text"] = text[:100]
            found |= {name: value for name in ("rel", "title", "alt") if (value := element.get(name))}
            yield found


def _request(page: Packed) -> dict[str, Any]:
    envelope = {"WARC-Header-Metadata": {"WARC-Type": "request", "WARC-Target-URI": page.url}}
    return {"Container": {"Offset": "0"}, "Envelope": envelope}


def _write(writer: WARCWriter, page: Packed, kind: str, http: StatusAndHeaders) -> None:
    payload = io.BytesIO(page.body if kind == "response" else b"")
    dated = {"WARC-Date": page.date}
    writer.write_record(
        writer.create_warc_record(page.url, kind, payload=payload, http_headers=http, warc_headers_dict=dated)
    )


def _write_metadata(writer: WARCWriter, page: Packed, told: dict[str, Any]) -> None:
    payload = io.BytesIO(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    record = writer.create_warc_record(
        page.url,
        "metadata",
        payload=payload,
        warc_content_type="application/json",
        warc_headers_dict={"WARC-Date": page.date},
    )
    writer.write_record(record)
