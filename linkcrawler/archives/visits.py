"""From an archived record to the visit that it shows: what was captured then is what was seen then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from linkcrawler.archives.metadata import metadata_visit
from linkcrawler.archives.reading import Record
from linkcrawler.archives.reference import reference
from linkcrawler.capture import CaptureVocabulary, capture_page
from linkcrawler.capture.sightings import sightings
from linkcrawler.network import HTML_TYPES
from linkcrawler.outline import outline
from linkcrawler.records import LONGEST_ETAG, Visit
from linkcrawler.targets import Target
from linkcrawler.urls import MAX_URL_CHARS, canonicalize
from linkcrawler.vocabulary import Outcome


def visit_of(
    record: Record,
    file: str,
    targets: Sequence[Target],
    vocabulary: CaptureVocabulary,
    *,
    without_links: bool = False,
) -> Visit | str:
    """The visit, or in a word or two why the record shows none.

    A record that names no target after all shows none, unless ``without_links`` is set: billions of pages are not kept.
    """
    url = canonicalize(record.url)
    if url is None or len(url) > MAX_URL_CHARS:
        return "no web address"
    if not record.status:
        return metadata_visit(record, url, targets, vocabulary.redirectors)
    if record.status != 200:
        return f"status {record.status // 100}xx"
    content_type = record.headers.get("content-type", "").lower()
    if content_type.partition(";")[0].strip() not in HTML_TYPES:
        return "not HTML"
    visit = _captured(record, url, file, content_type, targets, vocabulary)
    if without_links or visit.sightings or (visit.page and visit.page.mentions):
        return visit
    return "no link"


def _captured(
    record: Record,
    url: str,
    file: str,
    content_type: str,
    targets: Sequence[Target],
    vocabulary: CaptureVocabulary,
) -> Visit:
    captured = capture_page(
        record.content,
        url,
        status=record.status,
        content_type=content_type,
        last_modified=_http_time(record.headers.get("last-modified", "")),
        robots_tags=[record.headers.get("x-robots-tag", "")],
        fetched=record.at,
        targets=targets,
        vocabulary=vocabulary,
    )
    page = replace(captured.page, truncated=captured.page.truncated or record.cut)
    visit = Visit(
        url=url,
        at=record.at,
        outcome=Outcome.TRUNCATED if page.truncated else Outcome.OK,
        status=record.status,
        detail=reference(file, record.offset, record.digest),
        page=page,
        sightings=sightings(captured.placements, source_url=url, seen_at=record.at),
    )
    if not visit.sightings:
        return visit
    return replace(visit, outline=outline(captured.outlinks), etag=record.headers.get("etag", "")[:LONGEST_ETAG])


def _http_time(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None
