"""The JSON API under /api/v1: links, counts, totals, what people say; openapi.json describes it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkcrawler.errors import UsageError
from linkcrawler.vocabulary import Channel, Mode
from pipelines.queries.filter_fields import parse
from pipelines.queries.overruling import override_of
from pipelines.queries.paging import read_page
from pipelines.stores.flat import iso
from pipelines.stores.history import EventFilter
from pipelines.stores.link_filter import FACETS, UNCLASSIFIED
from pipelines.stores.record import record_of
from pipelines.web.addresses import Pair
from pipelines.web.desk import Desk
from pipelines.web.forms import refuse_foreign
from pipelines.web.openapi import document
from pipelines.web.table import bounded

MOST_COUNTS, EVENTS = 1_000, 1_000


class Said(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The body that overrules a verdict."""

    by: str = msgspec.field()
    mode: Mode | None = None
    channel: Channel | None = None
    note: str = ""


def answer(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def problem(status: int, message: str) -> Response:
    return answer({"error": message}, status)


async def links(request: Request) -> Response:
    where = bounded(parse(request.query_params.multi_items()))
    page = await read_page(Desk.of(request).store, where)
    return answer({"links": [record_of(link) for link in page.links], "next": page.next})


async def link(request: Request) -> Response:
    return answer(record_of(await Desk.of(request).link(request.path_params["id"])))


async def events(request: Request) -> Response:
    desk = Desk.of(request)
    asked = await desk.link(request.path_params["id"])
    where = EventFilter(link=asked.id, limit=EVENTS)
    return answer({"events": [event async for batch in desk.store.history.events(where) for event in batch]})


async def put_override(request: Request) -> Response:
    desk = Desk.of(request)
    asked = await desk.link(request.path_params["id"])
    refuse_foreign(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return problem(415, f"expected application/json, got {kind or 'no content type'}")
    try:
        said = msgspec.json.decode(await request.body(), type=Said)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the body is not understood: {error}") from error
    if not (said.mode or said.channel):
        raise UsageError("the body names neither mode nor channel")
    if not said.by.strip():
        raise UsageError("by: say who judges")
    now = datetime.now(UTC)
    override = override_of(asked, said.mode, said.channel, by=said.by.strip(), note=said.note, at=now)
    await desk.store.put_override(asked.id, override)
    desk.overview.overruled()
    return answer({**msgspec.to_builtins(override), "at": iso(override.at)})


async def take_back(request: Request) -> Response:
    desk = Desk.of(request)
    asked = await desk.link(request.path_params["id"])
    refuse_foreign(request)
    await desk.store.put_override(asked.id, None)
    desk.overview.overruled()
    return Response(status_code=204)


async def counts(request: Request) -> Response:
    pairs = request.query_params.multi_items()
    fields = [value for name, value in pairs if name == "by"]
    if unknown := [field for field in fields if field not in FACETS]:
        raise UsageError(f"by {unknown[0]!r} is not known; expected one of {', '.join(FACETS)}")
    if len(set(fields)) != len(fields):
        raise UsageError("by: each field once")
    rest: list[Pair] = [(name, value) for name, value in pairs if name != "by"]
    where, store = parse(rest), Desk.of(request).store
    top = min(where.limit or MOST_COUNTS, MOST_COUNTS)
    if not fields:
        return answer({"counts": [{"links": await store.count(replace(where, limit=0))}]})
    found = await store.count_by(replace(where, limit=0), fields, top)
    return answer({"counts": [{**dict(zip(fields, values, strict=True)), "links": count} for values, count in found]})


async def totals(request: Request) -> Response:
    found = await Desk.of(request).store.totals()
    by_mode = {str(mode or UNCLASSIFIED): count for mode, count in found.by_mode.items()}
    return answer(
        {"links": found.links, "pages": found.pages, "visits": found.visits, "by_mode": dict(sorted(by_mode.items()))}
    )


async def openapi(request: Request) -> Response:
    return answer(document(with_token=bool(Desk.of(request).serving.token)))


ROUTES = [
    Route("/links", links),
    Route("/links/{id:str}", link),
    Route("/links/{id:str}/events", events),
    Route("/links/{id:str}/override", put_override, methods=["PUT"]),
    Route("/links/{id:str}/override", take_back, methods=["DELETE"]),
    Route("/counts", counts),
    Route("/totals", totals),
    Route("/openapi.json", openapi),
]
