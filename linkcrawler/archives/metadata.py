"""The links that a WAT file tells of a page: address, words and rel, and nothing of what stands around them."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from linkcrawler.archives.reading import Record
from linkcrawler.archives.reference import reference
from linkcrawler.capture.context import MAX_ANCHOR_CHARS
from linkcrawler.capture.placements import MAX_PLACEMENTS, MAX_TITLE_CHARS, Finder
from linkcrawler.capture.redirectors import Redirectors
from linkcrawler.capture.sightings import sightings
from linkcrawler.capture.visible import fold
from linkcrawler.records import Placement, Visit
from linkcrawler.targets import Target, index
from linkcrawler.urls import Base, join
from linkcrawler.vocabulary import METADATA_ONLY, Kind, Outcome, Region

_KINDS = {
    "A@/href": Kind.A,
    "AREA@/href": Kind.AREA,
    "IFRAME@/src": Kind.IFRAME,
    "FRAME@/src": Kind.IFRAME,
    "EMBED@/src": Kind.EMBED,
    "OBJECT@/data": Kind.EMBED,
    "FORM@/action": Kind.FORM,
}


class _Html(msgspec.Struct):
    head: Any = msgspec.field(name="Head", default=None)
    links: list[Any] = msgspec.field(name="Links", default_factory=list)


class _Message(msgspec.Struct):
    status: Any = msgspec.field(name="Status", default="")


class _Response(msgspec.Struct):
    message: _Message = msgspec.field(name="Response-Message", default_factory=_Message)
    html: _Html = msgspec.field(name="HTML-Metadata", default_factory=_Html)


class _Payload(msgspec.Struct):
    response: _Response = msgspec.field(name="HTTP-Response-Metadata", default_factory=_Response)


class _Header(msgspec.Struct):
    kind: str = msgspec.field(name="WARC-Type", default="")
    digest: str = msgspec.field(name="WARC-Payload-Digest", default="")


class _Envelope(msgspec.Struct):
    header: _Header = msgspec.field(name="WARC-Header-Metadata", default_factory=_Header)
    payload: _Payload = msgspec.field(name="Payload-Metadata", default_factory=_Payload)


class _Container(msgspec.Struct):
    file: str = msgspec.field(name="Filename", default="")
    offset: Any = msgspec.field(name="Offset", default="")


class _Wat(msgspec.Struct):
    envelope: _Envelope = msgspec.field(name="Envelope", default_factory=_Envelope)
    container: _Container = msgspec.field(name="Container", default_factory=_Container)


_decoder = msgspec.json.Decoder(_Wat)


def metadata_visit(record: Record, url: str, targets: Sequence[Target], redirectors: Redirectors) -> Visit | str:
    """The visit that a WAT record tells of, or why it tells of none.

    The page itself is not there: the visit is ``truncated``, so that what it does not show is not taken for lost, and
    its placements carry the rule :data:`METADATA_ONLY`, so that what was read of the page itself goes before them.
    """
    try:
        wat = _decoder.decode(record.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "not understood"
    response = wat.envelope.payload.response
    if wat.envelope.header.kind != "response" or str(response.message.status) != "200":
        return "no page"
    found = _placements(response.html, url, targets, redirectors)
    if not found:
        return "no link"
    return Visit(
        url=url,
        at=record.at,
        outcome=Outcome.TRUNCATED,
        status=200,
        detail=reference(wat.container.file, wat.container.offset, wat.envelope.header.digest),
        sightings=sightings(found, source_url=url, seen_at=record.at),
    )


def _placements(html: _Html, url: str, targets: Sequence[Target], redirectors: Redirectors) -> list[Placement]:
    watched = index(tuple(targets)).without(url)
    if not watched.targets:
        return []
    head = html.head if isinstance(html.head, dict) else {}
    finder = Finder(watched, redirectors, Base(join(url, _text(head.get("Base"))) or url))
    placements: list[Placement] = []
    for kind, link in _links(html.links, head):
        href = _text(link.get("url"))
        hit = finder.look_up(href)
        if hit and len(placements) < MAX_PLACEMENTS:
            target, chain = hit
            placements.append(
                Placement(
                    kind=kind,
                    href=href,
                    target_url=chain[-1],
                    target=target.spec,
                    via=chain[:-1],
                    rel=tuple(_text(link.get("rel")).lower().split()[:20]),
                    anchor=fold(_text(link.get("text")))[:MAX_ANCHOR_CHARS],
                    title=fold(_text(link.get("title")))[:MAX_TITLE_CHARS],
                    region=Region.OTHER,
                    region_rule=METADATA_ONLY,
                    position=len(placements),
                )
            )
    return placements


def _links(links: list[Any], head: dict[str, Any]) -> Iterator[tuple[Kind, dict[str, Any]]]:
    of_head = head.get("Link")
    for link in of_head if isinstance(of_head, list) else []:
        if isinstance(link, dict):
            rel = _text(link.get("rel")).lower().split()
            for kind in (Kind.CANONICAL, Kind.ALTERNATE):
                if kind in rel:
                    yield kind, link
                    break
    for link in links:
        if isinstance(link, dict) and (named := _KINDS.get(_text(link.get("path")))):
            yield named, link


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
