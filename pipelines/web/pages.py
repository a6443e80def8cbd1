"""The pages for people: overview, table of links, a link, the crawl; and the form that overrules a verdict."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from linkcrawler.errors import UsageError
from linkcrawler.records import Link
from linkcrawler.vocabulary import MODE_OF, Channel, Mode
from pipelines.queries.filter_fields import parse
from pipelines.queries.overruling import override_of
from pipelines.stores.link_filter import FACETS
from pipelines.web.addresses import changed, filters_of, safe_address, with_pairs
from pipelines.web.desk import Desk
from pipelines.web.exports import FORMS, export
from pipelines.web.forms import FormKey, read_form
from pipelines.web.guard import OPEN_PATHS, SESSION
from pipelines.web.link_story import link_story
from pipelines.web.live import of_crawl
from pipelines.web.rows import quotations, row_of
from pipelines.web.signing import new_cookie, same
from pipelines.web.table import form_fields, groups, narrowings, table_page

NOTE_CHARS, NAME_CHARS = 2_000, 100
CHANNELS = {mode: [channel for channel in sorted(Channel) if MODE_OF[channel] is mode] for mode in sorted(Mode)}


async def overview(request: Request) -> Response:
    desk = Desk.of(request)
    news = await desk.live.look()
    return _page(
        request,
        "overview.html",
        news=news,
        shown=await desk.overview.current() if news.get("links") else None,
        is_reading=desk.overview.is_reading,
        read=desk.overview.read,
        failure=desk.overview.failure,
    )


async def links(request: Request) -> Response:
    desk, pairs = Desk.of(request), filters_of(request)
    group = request.query_params.get("group", "")
    if group and group not in FACETS:
        raise UsageError(f"group {group!r} is not known; expected one of {', '.join(FACETS)}")
    first, more = form_fields()
    unpaged = changed(pairs, {"after": ""})
    return _page(
        request,
        "links.html",
        is_empty=(await desk.live.look()).get("links") == 0,
        table=None if group else await table_page(desk.store, pairs),
        groups=await groups(desk.store, pairs, group) if group else None,
        group=group,
        facets=FACETS,
        first_fields=first,
        more_fields=more,
        given={name: value for name, value in pairs if name != "after"},
        narrowings=narrowings(unpaged, group),
        by_mode="" if group else with_pairs("/links", [*changed(unpaged, {"mode": ""}), ("group", "mode")]),
        exports={form: with_pairs(f"/links/export/{form}", unpaged) for form in FORMS},
        api=with_pairs("/api/v1/links", unpaged),
    )


async def export_links(request: Request) -> Response:
    """Exactly the links that the table with these filters has, all pages of it."""
    desk, form = Desk.of(request), request.path_params["form"]
    if form not in FORMS:
        raise UsageError(f"exports as {form!r} are not known; expected one of {', '.join(FORMS)}")
    where = replace(parse(changed(filters_of(request), {"after": "", "limit": ""})), limit=0)
    headers = {"content-disposition": f'attachment; filename="links.{form}"'}
    return StreamingResponse(export(desk.store, where, form), media_type=FORMS[form], headers=headers)


async def link(request: Request) -> Response:
    return await _link_page(request, await Desk.of(request).link(request.path_params["id"]))


async def overrule(request: Request) -> Response:
    desk = Desk.of(request)
    asked = await desk.link(request.path_params["id"])
    fields = await read_form(request, desk.serving, time.time())
    try:
        override = None if fields.get("do") == "take back" else _override(asked, fields)
    except UsageError as error:
        return await _link_page(request, asked, problem=str(error), fields=fields, status=422)
    await desk.store.put_override(asked.id, override)
    desk.overview.overruled()
    return RedirectResponse(f"/link/{asked.id}?said={'yes' if override else 'no'}#overrule", 303)


async def crawl(request: Request) -> Response:
    live, wanted = Desk.of(request).live, request.query_params.get("crawl", "")
    news = await live.look()
    names = [crawl.name for crawl in live.crawls]
    if wanted and wanted not in names:
        raise LookupError(f"the frontier has no crawl {wanted}; it has {', '.join(filter(None, names)) or 'none'}")
    chosen = [crawl for crawl in live.crawls if crawl.name == wanted] if wanted else live.crawls
    return _page(
        request, "crawl.html", news=news, crawls=live.crawls, chosen=chosen[0] if len(chosen) == 1 else None,
        of_crawl=of_crawl,
    )  # fmt: skip


async def live(request: Request) -> Response:
    desk = Desk.of(request)
    if desk.live.is_full:
        return Response("too many pages listen already\n", 429, {"retry-after": "60"}, "text/plain")
    return StreamingResponse(desk.live.events(), media_type="text/event-stream")


async def login(request: Request) -> Response:
    """Asks for the token; whoever knows it gets a cookie instead."""
    desk = Desk.of(request)
    if request.method == "GET":
        return _page(request, "login.html", problem="")
    fields = await read_form(request, desk.serving, time.time())
    if not desk.serving.token or not same(fields.get("token", "").strip(), desk.serving.token):
        return _page(
            request, "login.html", status=403, problem="This is not the token that the server was started with."
        )
    response = RedirectResponse("/", 303)
    cookie = new_cookie(desk.serving.secret, "session", time.time())
    response.set_cookie(SESSION, cookie, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return response


def _override(asked: Link, fields: Mapping[str, str]) -> Any:
    by, note = fields.get("by", "").strip(), fields.get("note", "").strip()
    mode, channel = fields.get("mode") or None, fields.get("channel") or None
    if mode not in (None, *Mode) or channel not in (None, *Channel):
        raise UsageError("choose a mode and a channel of the lists")
    if not (mode or channel):
        raise UsageError("choose what the link is")
    if not by or len(by) > NAME_CHARS or len(note) > NOTE_CHARS:
        raise UsageError(f"say who judges (up to {NAME_CHARS} characters) and why (up to {NOTE_CHARS})")
    return override_of(asked, mode, channel, by=by, note=note, at=datetime.now(UTC))


async def _link_page(
    request: Request, asked: Link, *, problem: str = "", fields: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    desk = Desk.of(request)
    said = asked.override
    given = fields or {
        "mode": said.mode if said else "",
        "channel": said.channel if said else "",
        "note": said.note if said else "",
        "by": desk.serving.by,
    }
    return _page(
        request,
        "link.html",
        status=status,
        link=asked,
        row=row_of(asked),
        source_address=safe_address(asked.source_url),
        target_address=safe_address(asked.target_url),
        quotations=tuple(quotations(asked)),
        story=await link_story(desk, asked),
        channels=CHANNELS,
        given=given,
        problem=problem,
        said=request.query_params.get("said", ""),
        note_chars=NOTE_CHARS,
        name_chars=NAME_CHARS,
    )


def _page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    desk = Desk.of(request)
    key, path = FormKey(request, desk.serving, time.time()), request.url.path
    html = desk.templates.get_template(template).render(
        path=path,
        store_name="" if path.startswith(OPEN_PATHS) else desk.serving.store_name,
        form_token=key.field,
        **values,
    )
    response = HTMLResponse(html.encode("utf-8", "replace"), status)
    key.keep(response, secure=request.url.scheme == "https")
    return response


def problem_page(request: Request, status: int, problem: str) -> Response:
    """A page that says what went wrong, and what to do."""
    return _page(request, "problem.html", status=status, code=status, problem=problem)
