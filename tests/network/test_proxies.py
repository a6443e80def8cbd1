"""The environment says which requests go through a proxy, and a request may say otherwise."""

from typing import Any

import pytest
from scrapy import Request

from linkcrawler.network.proxies import ProxyMiddleware
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker


def proxy_of(url: str, meta: dict[str, Any] | None = None) -> tuple[str | None, bytes | None]:
    request = Request(url, meta=meta)
    ProxyMiddleware().process_request(request)
    return request.meta.get("proxy"), request.headers.get("Proxy-Authorization")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("http_proxy", "http://me:secret@proxy.example:3128")
    monkeypatch.setenv("no_proxy", ".lab.example,10.1.2.3")


def test_what_the_environment_names() -> None:
    assert proxy_of("http://a.example/") == ("http://proxy.example:3128", b"Basic bWU6c2VjcmV0")


@pytest.mark.parametrize("url", ["http://wiki.lab.example/", "http://10.1.2.3/", "https://a.example/"])
def test_what_goes_without_one(url: str) -> None:
    assert proxy_of(url) == (None, None)


def test_what_a_request_says_goes_first() -> None:
    assert proxy_of("http://a.example/", {"proxy": "http://other.example:1"}) == ("http://other.example:1", None)
    assert proxy_of("http://a.example/", {"proxy": None}) == (None, None)


def test_hosts_share_the_connections_to_a_proxy(tmp_path: Any) -> None:
    pages = {"/": Reply(200, b"".join(b'<a href="http://h%d.example/p">words</a>' % n for n in range(12)))}
    with Web(lambda host, path: pages.get(path, Reply(200, b"<p>words</p>"))) as web:
        settings = {"LINKCRAWLER_STORE": f"sqlite:///{tmp_path / 'l.db'}", "CONCURRENT_REQUESTS": 1}
        command = crawl_command("target.example", "http://a.example/", {"follow": "web"}, settings)
        assert start_worker(command, tmp_path, web.proxy).wait(60) == 0

        assert {hit.host for hit in web.pages()} == {"a.example", *(f"h{n}.example" for n in range(12))}
        assert web.connections < 6
