"""The web application: its addresses, and what becomes of errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from linkcrawler.errors import StoreError, UsageError
from pipelines.reports.page.writing import TEMPLATES, environment
from pipelines.reports.reasons import signal_reasons
from pipelines.stores.protocol import Store
from pipelines.verdicts.model import Model
from pipelines.web import api, pages
from pipelines.web.desk import Desk
from pipelines.web.forms import Forgery
from pipelines.web.guard import Guard
from pipelines.web.live import Live
from pipelines.web.overview import Overview
from pipelines.web.serving import Serving

HERE = Path(__file__).parent
_LINK = "/link/{id:str}"


def build_app(store: Store, model: Model, serving: Serving) -> Starlette:
    """The ASGI application over an open store, which the caller closes."""
    live = Live(store, serving.frontier)
    overview = Overview(store, model, live)
    templates = environment(HERE / "templates")
    templates.filters["draw"] = overview.draw

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await overview.close()
        await live.close()

    app = Starlette(
        routes=[
            Route("/", pages.overview),
            Route("/links", pages.links),
            Route("/links/export/{form:str}", pages.export_links),
            Route(_LINK, pages.link),
            Route(f"{_LINK}/overrule", pages.overrule, methods=["POST"]),
            Route("/crawl", pages.crawl),
            Route("/live", pages.live),
            Route("/login", pages.login, methods=["GET", "POST"]),
            Mount("/api/v1", routes=api.ROUTES),
            Route("/static/page.css", _page_style),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Guard, serving=serving)],
        exception_handlers={
            UsageError: _misused, LookupError: _missing, Forgery: _forged, StoreError: _away, HTTPException: _refused,
        },
        lifespan=lifespan,
    )  # fmt: skip
    app.state.desk = Desk(
        store=store,
        serving=serving,
        model=model,
        reasons=signal_reasons(),
        templates=templates,
        overview=overview,
        live=live,
    )
    return app


async def _page_style(_: Request) -> Response:
    return FileResponse(TEMPLATES / "page.css")


async def _misused(request: Request, error: Exception) -> Response:
    return _told(request, 400, str(error))


async def _missing(request: Request, error: Exception) -> Response:
    return _told(request, 404, str(error.args[0]))


async def _forged(request: Request, _: Exception) -> Response:
    return _told(
        request, 403, "the form is not one of ours, or of an earlier start: load its page anew and send it again"
    )


async def _away(request: Request, error: Exception) -> Response:
    return _told(request, 503, str(error))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = _told(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def _told(request: Request, status: int, problem: str) -> Response:
    if request.url.path.startswith("/api/"):
        return api.problem(status, problem)
    return pages.problem_page(request, status, problem)
