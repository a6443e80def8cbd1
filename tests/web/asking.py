"""Asks a running server, header by header."""

import http.client

from tests.web.conftest import Served


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode()

    @property
    def cookie(self) -> str:
        return "; ".join(cookie.partition(";")[0] for cookie in self.headers.get_all("set-cookie") or [])


def ask(site: Served, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Answer:
    """One request, its headers as they are given (``_`` for ``-``)."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        return Answer(connection.getresponse())
    finally:
        connection.close()
