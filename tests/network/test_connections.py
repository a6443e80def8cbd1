"""What happens on the wire: kept connections, heads that are no heads, proxies, certificates, and dead names."""

import asyncio
import base64
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.utils.test import get_crawler

from linkcrawler.network import TRUNCATED
from linkcrawler.network import names as names_module
from linkcrawler.network.handler import DownloadHandler
from linkcrawler.network.head import read_head
from tests.network.test_addresses import fetch
from tests.servers.web import Reply, Web

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nwords"
ALLOWED = {"LINKCRAWLER_ALLOW_HOSTS": "127.0.0.1,localhost"}


@contextmanager
def talking(talk: Callable[[Any, int, bytes], bool], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that answers by ``talk(connection, number of the request, its head)``, which says whether to go on."""
    server = socket.create_server(("127.0.0.1", 0))
    asked = 0

    def serve(connection: Any) -> None:
        nonlocal asked
        try:
            with context.wrap_socket(connection, server_side=True) if context else connection as line:
                while head := line.recv(65_536):
                    asked += 1
                    if not talk(line, asked, head):
                        return
        except OSError:
            return

    def listen() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def fetch_all(*requests: Request, **settings: Any) -> list[Any]:
    """One after the other, by one handler: responses, or the exceptions that came instead."""

    async def all_of_them() -> list[Any]:
        handler, came = DownloadHandler(get_crawler(settings_dict={"DOWNLOAD_TIMEOUT": 5, **ALLOWED, **settings})), []
        try:
            for request in requests:
                try:
                    came.append(await handler.download_request(request))
                except Exception as error:
                    came.append(error)
        finally:
            await handler.close()
        return came

    return asyncio.run(all_of_them())


def test_a_connection_is_kept_for_the_next_page_of_the_host() -> None:
    with Web(lambda host, path: Reply(200, path.encode())) as web:
        came = fetch_all(*(Request(f"{web.proxy}/{number}") for number in range(5)))

        assert [response.body for response in came] == [b"/0", b"/1", b"/2", b"/3", b"/4"]
        assert web.connections == 1


def test_a_kept_connection_that_is_closed_is_not_asked_anew_at_once() -> None:
    """That would be two requests to a host without its delay between them."""
    heads = []

    def talk(line: Any, number: int, head: bytes) -> bool:
        heads.append(head)
        if number == 1:
            line.sendall(OK)
        return number == 1

    with talking(talk) as port:
        first, second, third = fetch_all(*(Request(f"http://127.0.0.1:{port}/{number}") for number in range(3)))

    assert first.body == b"words"
    assert isinstance(second, DownloadFailedError)
    assert isinstance(third, DownloadFailedError)
    assert [head.split()[1] for head in heads] == [b"/0", b"/1", b"/2"]


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 150_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: aaaaaaaaa\r\n" * 40_000 + b"\r\n",
        b"words without any head",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"",
    ],
    ids=["one line", "all lines", "no head", "half a head", "only an interim one", "nothing"],
)
def test_what_is_no_answer_is_none(head: bytes) -> None:
    def talk(line: Any, number: int, asked: bytes) -> bool:
        line.sendall(head)
        return False

    with talking(talk) as port:
        (came,) = fetch_all(Request(f"http://127.0.0.1:{port}/"))

    assert isinstance(came, DownloadFailedError)


def test_policies_of_twenty_kilobytes_are_ordinary() -> None:
    (came,) = fetch_all(Request("http://127.0.0.1:1/"))
    assert isinstance(came, DownloadConnectionRefusedError)
    with Web(lambda host, path: Reply(200, b"words", {"Content-Security-Policy": "a" * 20_000})) as web:
        (came,) = fetch_all(Request(web.proxy))

    assert (came.body, len(came.headers["Content-Security-Policy"])) == (b"words", 20_000)


def test_a_head_after_an_interim_one_with_folded_and_repeated_lines() -> None:
    lines = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 404 Not Found\r\nset-cookie: a=1\r\n"
    head = read_head((lines + b"X-LONG: one\r\n  two\r\nSet-Cookie:b=2\r\n\r\n").splitlines(keepends=True))

    assert head.status == 404
    assert dict(head.headers.items()) == {b"Set-Cookie": [b"a=1", b"b=2"], b"X-Long": [b"one two"]}


def test_redirects_and_environment_are_not_libcurls_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with Web(lambda host, path: Reply(302, headers={"Location": "/elsewhere"})) as web:
        (came,) = fetch_all(Request(f"{web.proxy}/a/../b"))

        assert (came.status, came.headers["Location"]) == (302, b"/elsewhere")
        assert [hit.path for hit in web.hits] == ["/a/../b"]


@pytest.mark.parametrize("header", [b"Basic " + base64.b64encode(b"me:se:cret"), None])
def test_a_proxy_is_told_who_asks_and_hosts_are_not(monkeypatch: pytest.MonkeyPatch, header: bytes | None) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with Web(lambda host, path: Reply(200, host.encode())) as proxy:
        headers = {"Proxy-Authorization": header} if header else {}
        meta = {"proxy": proxy.proxy}
        came = fetch_all(
            Request("http://a.example/", headers=headers, meta=meta),
            Request("http://b.example/", headers=headers, meta=meta),
            Request(f"{proxy.proxy}/", headers=headers),
        )
        told = [hit.headers.get("proxy-authorization") for hit in proxy.hits]

    assert [response.body for response in came[:2]] == [b"a.example", b"b.example"]
    assert told == [header.decode() if header else None] * 2 + [None]
    assert proxy.connections == 2


def test_the_users_headers_are_sent_and_nothing_else_is() -> None:
    with Web(lambda host, path: Reply(200)) as web:
        settings = {"DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip"}, "USER_AGENT": "me/1"}
        plain, own = Request(f"{web.proxy}/"), Request(f"{web.proxy}/", headers={"If-None-Match": '"x"'})
        fetch_all(plain, own, plain, **settings)
        first, second, third = ({name: hit.headers[name] for name in hit.headers if name} for hit in web.hits)

    usual = {"host": web.proxy[7:], "accept-encoding": "gzip", "user-agent": "me/1"}
    assert first == third == usual
    assert second == {**usual, "if-none-match": '"x"'}


def test_a_header_cannot_smuggle_in_another() -> None:
    with Web(lambda host, path: Reply(200)) as web:
        (came,) = fetch_all(Request(web.proxy, headers={"Referer": "a\r\nHost: other.example"}))

        assert isinstance(came, DownloadFailedError)
        assert web.connections == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=elsewhere.example",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_certificates_matter_only_where_the_user_says_so(certificate: ssl.SSLContext) -> None:
    def talk(line: Any, number: int, head: bytes) -> bool:
        line.sendall(OK)
        return True

    with talking(talk, certificate) as port:
        url = f"https://localhost:{port}/"
        assert fetch_all(Request(url))[0].body == b"words"
        (came,) = fetch_all(Request(url), DOWNLOAD_VERIFY_CERTIFICATES=True)

    assert isinstance(came, DownloadConnectionRefusedError)


@pytest.mark.parametrize(("length", "flags"), [(b"", []), (b"Content-Length: 9\r\n", [TRUNCATED])])
def test_a_body_without_length_may_end_without_ado(
    certificate: ssl.SSLContext, length: bytes, flags: list[str]
) -> None:
    """Many servers close the connection without the alert that TLS asks for."""

    def talk(line: Any, number: int, head: bytes) -> bool:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%b\r\nwords" % length)
        socket.socket(fileno=line.detach()).close()
        return False

    with talking(talk, certificate) as port:
        (came,) = fetch_all(Request(f"https://127.0.0.1:{port}/"))

    assert (came.body, came.flags) == (b"words", flags)


def test_a_time_out_keeps_what_has_come() -> None:
    with Web(lambda host, path: Reply(200, b"drip", pieces=100, pause=0.2)) as web:
        (came,) = fetch_all(Request(web.proxy, meta={"download_timeout": 0.7}))

    assert came.body.startswith(b"drip")
    assert came.flags == [TRUNCATED]


def test_dead_names_hold_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as there are threads wait for an answer that does not come; a page of a known host is not late."""
    never = threading.Event()
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **options: Any) -> Any:
        if host.startswith("dead"):
            never.wait(20)
            raise socket.gaierror("no such name")
        return real(host, *rest, **options)

    monkeypatch.setattr("linkcrawler.network.names.socket.getaddrinfo", look_up)

    async def crawl(port: int) -> tuple[list[Any], Any]:
        handler = DownloadHandler(get_crawler(settings_dict={"DOWNLOAD_TIMEOUT": 5, **ALLOWED}))
        page = Request(f"http://localhost:{port}/")
        await handler.download_request(page)
        dead = [
            asyncio.ensure_future(
                handler.download_request(Request(f"http://dead{n}.example/", meta={"download_timeout": 3}))
            )
            for n in range(names_module.THREADS)
        ]
        await asyncio.sleep(0.2)
        came = await handler.download_request(page)
        assert not any(task.done() for task in dead)
        lost = await asyncio.gather(*dead, return_exceptions=True)
        never.set()
        await handler.close()
        return lost, came

    with Web(lambda host, path: Reply(200, b"words")) as web:
        lost, came = asyncio.run(crawl(web.port))

    assert came.body == b"words"
    assert {type(error) for error in lost} == {DownloadTimeoutError}


def test_a_name_without_address_is_said_to_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "no such name")

    monkeypatch.setattr("linkcrawler.network.names.socket.getaddrinfo", look_up)

    assert isinstance(asyncio.run(fetch("http://gone.example/")), CannotResolveHostError)


def test_a_name_is_looked_up_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **options: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1", *rest, **options)

    monkeypatch.setattr("linkcrawler.network.names.socket.getaddrinfo", look_up)

    async def crawl(port: int) -> list[Any]:
        handler = DownloadHandler(get_crawler(settings_dict={"LINKCRAWLER_ALLOW_HOSTS": "wiki.example"}))
        requests = [Request(f"http://wiki.example:{port}/{n}") for n in range(8)]
        came = await asyncio.gather(*map(handler.download_request, requests))
        await handler.close()
        return came

    with Web(lambda host, path: Reply(200, host.encode())) as web:
        came = asyncio.run(crawl(web.port))

        assert [response.body for response in came] == [f"wiki.example:{web.port}".encode()] * 8
    assert asked == ["wiki.example"]
