"""Who may ask, under which name, how often and how much; forms that others cannot send."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.commands.calling import call
from tests.web.asking import ask
from tests.web.conftest import Served, serving

TOKEN = "a token of these tests"
LINK = re.compile(r'href="(/link/[0-9a-f]{16})"')
FORM = re.compile(r'name="form_token" value="([0-9a-f]+)"')


@pytest.fixture(scope="module")
def guarded(filled: Path) -> Iterator[Served]:
    """A server that asks for a token."""
    with serving(f"sqlite:///{filled}", store=filled, LINKCRAWLER_WEB_TOKEN=TOKEN) as served:
        yield served


def some_link(site: Served) -> str:
    found = LINK.search(ask(site, "/links?mode=active").text)
    assert found
    return found[1]


def form(**fields: str) -> dict[str, str]:
    return {"body": urlencode(fields), "content_type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("path", ["/", "/links", "/static/web.css", "/api/v1/totals", "/nothing", "/links?mode=x"])
def test_every_answer_tells_browsers_to_run_nothing_else(site: Served, path: str) -> None:
    headers = ask(site, path).headers

    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/", "/links", "/crawl", "/login", "/links?group=mode"])
def test_no_page_has_a_script_or_style_of_its_own(site: Served, path: str) -> None:
    text = ask(site, path).text

    assert set(re.findall(r"<script[^>]*>", text)) <= {'<script src="/static/live.js" defer>'}
    assert "<style" not in text
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<[^>]+\son[a-z]+=", text)


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 200), ("localhost:8377", 200), ("LOCALHOST", 200), ("evil.test", 421), ("127.0.0.1.evil.test", 421),
     ("", 421), ("[::1]:80", 200), ("localhost@evil.test", 421)],
)  # fmt: skip
def test_only_its_own_names_are_answered(site: Served, host: str, status: int) -> None:
    assert ask(site, "/api/v1/totals", Host=host).status == status


def test_a_form_without_its_token_changes_nothing(own_site: Served) -> None:
    path = some_link(own_site)
    said = {"channel": "editorial_citation", "mode": "passive", "by": "mallory", "do": "say"}
    shown = ask(own_site, path)
    token = FORM.search(shown.text)
    assert token
    own = {**said, "form_token": token[1]}
    other = FORM.search(ask(own_site, path).text)
    assert other

    refused = [
        ask(own_site, f"{path}/overrule", "POST", **form(**said)),
        ask(own_site, f"{path}/overrule", "POST", **form(**said), cookie=shown.cookie),
        ask(own_site, f"{path}/overrule", "POST", **form(**own)),
        ask(own_site, f"{path}/overrule", "POST", **form(**said, form_token=other[1]), cookie=shown.cookie),
        ask(own_site, f"{path}/overrule", "POST", **form(**own), cookie=shown.cookie, sec_fetch_site="cross-site"),
        ask(own_site, f"{path}/overrule", "POST", **form(**own), cookie=shown.cookie, origin="https://evil.test"),
        ask(own_site, f"{path}/overrule", "POST", **form(**own), cookie=shown.cookie, origin="null"),
    ]
    assert [answer.status for answer in refused] == [403] * 7
    assert "mallory" not in ask(own_site, path).text

    done = ask(own_site, f"{path}/overrule", "POST", **form(**own), cookie=shown.cookie, sec_fetch_site="same-origin")
    assert done.status == 303
    assert "mallory said on" in ask(own_site, path).text


def test_other_sites_cannot_write_through_the_api(own_site: Served) -> None:
    path = f"/api/v1{some_link(own_site).replace('/link/', '/links/')}/override"
    body = '{"by": "mallory", "channel": "guest_post"}'

    foreign = {"origin": "https://evil.test", "content_type": "application/json"}
    assert ask(own_site, path, "PUT", body, **foreign).status == 403
    assert ask(own_site, path, "DELETE", **foreign).status == 403
    assert ask(own_site, path, "PUT", body, content_type="text/plain").status == 415
    assert ask(own_site, path, "PUT", body, content_type="application/json").status == 200


def test_without_the_token_nobody_sees_anything(guarded: Served) -> None:
    assert ask(guarded, "/links").status == 303
    assert ask(guarded, "/links").headers["location"] == "/login"
    assert ask(guarded, "/api/v1/links").status == 401
    assert ask(guarded, "/api/v1/links", authorization="Bearer wrong").status == 401
    assert ask(guarded, "/live").status == 303
    assert ask(guarded, "/links", cookie="linkcrawler_session=1.x.y").status == 303
    assert ask(guarded, "/static/web.css").status == 200
    assert ask(guarded, "/static/../pages.py").status != 200
    assert all(str(guarded.store) not in ask(guarded, path).text for path in ("/login", "/static/none"))
    assert ask(guarded, "/api/v1/totals", authorization=f"Bearer {TOKEN}").status == 200


def test_the_token_is_given_once(guarded: Served) -> None:
    shown = ask(guarded, "/login")
    token = FORM.search(shown.text)
    assert token

    wrong = ask(guarded, "/login", "POST", **form(token="wrong", form_token=token[1]), cookie=shown.cookie)
    assert (wrong.status, "session" in wrong.cookie) == (403, False)
    right = ask(guarded, "/login", "POST", **form(token=TOKEN, form_token=token[1]), cookie=shown.cookie)
    assert right.status == 303
    attributes = right.headers["set-cookie"].lower()
    assert "httponly" in attributes
    assert "samesite=strict" in attributes
    assert TOKEN not in attributes
    assert ask(guarded, "/links", cookie=right.cookie).status == 200


@pytest.mark.parametrize("token", ["", "short"])
def test_other_addresses_than_loopback_need_a_token(filled: Path, token: str, tmp_path: Path) -> None:
    options = ("--store", f"sqlite:///{filled}", "--host", "0.0.0.0", "--port", "0")
    done = call("linkcrawler", "serve", *options, folder=tmp_path, LINKCRAWLER_WEB_TOKEN=token)

    assert done.status == 2
    assert "LINKCRAWLER_WEB_TOKEN" in done.err


def test_too_many_requests_are_told_to_wait(filled: Path) -> None:
    with serving(f"sqlite:///{filled}", "--rate", "1") as served:
        statuses = [ask(served, "/static/web.css").status for _ in range(12)]
        refused = ask(served, "/static/web.css")

    assert statuses[:5] == [200] * 5
    assert 429 in statuses
    assert refused.status == 200 or int(refused.headers["retry-after"]) >= 1


def test_large_bodies_and_addresses_are_refused(site: Served) -> None:
    path = f"{some_link(site)}/overrule"

    assert ask(site, path, "POST", "x" * 70_000, content_type="application/x-www-form-urlencoded").status == 413
    assert ask(site, f"/links?text={'x' * 9_000}").status == 414
    assert ask(site, f"/links?text={'x' * 900}").status == 200


def test_a_body_without_a_length_ends_where_it_grows_too_large(site: Served) -> None:
    head = f"POST {some_link(site)}/overrule HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
        connection.sendall(head.encode())
        for _ in range(80):
            try:
                connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
            except OSError:
                break
        answer = connection.makefile("rb").read()

    assert not answer or answer.split(b" ")[1] == b"413"
    assert ask(site, "/api/v1/totals").status == 200


def test_an_empty_store_or_a_taken_port_is_told(site: Served, filled: Path, tmp_path: Path) -> None:
    missing = call("linkcrawler", "serve", "--store", "sqlite:///none.db", "--port", "0", folder=tmp_path)
    assert missing.status == 1
    assert "run a crawl first" in missing.err

    taken = call("linkcrawler", "serve", "--store", f"sqlite:///{filled}", "--port", str(site.port), folder=tmp_path)
    assert taken.status == 2
    assert f"--port {site.port}" in taken.err
