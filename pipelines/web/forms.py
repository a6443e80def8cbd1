"""Forms that only our own pages can send: a field that is bound to a cookie, and the browser's word on the origin."""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from linkcrawler.errors import UsageError
from pipelines.web.guard import cookie_of
from pipelines.web.serving import Serving
from pipelines.web.signing import is_valid, new_cookie, same, sign

FORM = "linkcrawler_form"
_FIELD = "form_token"
_MOST_FIELDS = 20
_FROM_US = ("same-origin", "none")


class Forgery(Exception):
    """The form did not come from a page of ours, or from one of an earlier start."""


class FormKey:
    """What binds the forms of one answer to the browser that gets it."""

    def __init__(self, request: Request, serving: Serving, now: float) -> None:
        self._serving = serving
        cookie = cookie_of(request.headers, FORM)
        self._known = is_valid(serving.secret, "form-cookie", cookie, now)
        self._cookie = cookie if self._known else new_cookie(serving.secret, "form-cookie", now)

    @property
    def field(self) -> str:
        """Value of the hidden field ``form_token``."""
        return sign(self._serving.secret, "form", self._cookie)

    def keep(self, response: Response, *, secure: bool) -> None:
        """Give the browser the cookie if it does not have it."""
        if not self._known:
            response.set_cookie(FORM, self._cookie, httponly=True, samesite="strict", secure=secure)


async def read_form(request: Request, serving: Serving, now: float) -> dict[str, str]:
    """The fields of an urlencoded form. Raises Forgery, or UsageError if it is no such form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise UsageError(f"expected application/x-www-form-urlencoded, got {kind or 'no content type'}")
    refuse_foreign(request)
    try:
        text = (await request.body()).decode()
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError as error:
        raise UsageError(f"the form is not understood: {error}") from error
    cookie = cookie_of(request.headers, FORM)
    expected = sign(serving.secret, "form", cookie)
    if not is_valid(serving.secret, "form-cookie", cookie, now) or not same(fields.pop(_FIELD, ""), expected):
        raise Forgery
    return fields


def refuse_foreign(request: Request) -> None:
    """Raises Forgery if the browser says that another site sends the request."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in _FROM_US:
        raise Forgery
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise Forgery
