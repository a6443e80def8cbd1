"""No spelling, name, redirect or change of mind of a name server leads to a private address."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from linkcrawler.errors import ConfigError
from linkcrawler.network import AddressRefused
from linkcrawler.network.addresses import Gate
from linkcrawler.network.handler import DownloadHandler
from linkcrawler.urls import canonicalize
from tests.servers.web import Reply, Web
from tests.servers.workers import crawl_command, start_worker

LOOPBACK = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.00.00.01", "0x7f.1", "0x7f.0.0.1", "0x7f000001", "0X7F000001",
    "2130706433", "017700000001", "0177.0.0.1", "0177.0x0.0.1", "127.127.127.127", "0", "0.0.0.0",
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "localhost.localdomain",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001::1]",
]  # fmt: skip
PRIVATE = [
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254",
    "0xa9fea9fe", "2852039166", "198.18.0.1", "192.0.0.8", "192.0.2.1", "203.0.113.7", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "0.1.2.3", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[fd12:3456::1]", "[fec0::1]",
    "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[2002:a9fe:a9fe::]", "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::1]", "[2001::1]", "[2001:db8::1]", "[100::1]",
    "metadata.google.internal", "printer.local", "router.lan", "nas.home.arpa",
]  # fmt: skip


@pytest.fixture
def private() -> Iterator[Web]:
    with Web(lambda host, path: Reply(200, b"secret")) as web:
        yield web


async def fetch(url: str, meta: dict[str, Any] | None = None, **settings: Any) -> Any:
    """The response, or the exception that came instead."""
    handler = DownloadHandler(get_crawler(settings_dict={"DOWNLOAD_TIMEOUT": 3, **settings}))
    try:
        return await handler.download_request(Request(url, meta=meta))
    except Exception as error:
        return error
    finally:
        await handler.close()


@pytest.mark.parametrize("host", LOOPBACK)
def test_no_spelling_of_loopback_is_connected_to(private: Web, host: str) -> None:
    came = asyncio.run(fetch(f"http://{host}:{private.port}/"))

    assert isinstance(came, AddressRefused)
    assert private.connections == 0


@pytest.mark.parametrize("host", LOOPBACK + PRIVATE)
def test_what_the_crawler_makes_of_it_is_refused_too(host: str) -> None:
    url = canonicalize(f"http://{host}/")
    if url is None:
        return
    assert isinstance(asyncio.run(fetch(url)), AddressRefused)


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]])
def test_a_public_name_with_a_private_address(
    private: Web, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    point_names_to(monkeypatch, [answers])
    came = asyncio.run(fetch(f"http://www.public.example:{private.port}/"))

    assert isinstance(came, AddressRefused)
    assert private.connections == 0


def test_a_name_that_changes_its_mind(private: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: whoever asks twice gets a public address first. Nothing is asked twice: what is checked is used."""
    asked = point_names_to(monkeypatch, [["192.0.2.1"], ["127.0.0.1"], ["127.0.0.1"]])
    for _ in range(3):
        assert isinstance(asyncio.run(fetch(f"http://rebind.example:{private.port}/")), AddressRefused)

    assert len(asked) == 3
    assert private.connections == 0


def point_names_to(monkeypatch: pytest.MonkeyPatch, answers: list[list[str]]) -> list[str]:
    real, asked = socket.getaddrinfo, list[str]()

    def look_up(host: str, port: int, *args: Any, **options: Any) -> Any:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [info for address in found for info in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr("linkcrawler.network.names.socket.getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "10.0.0.0/8, 127.0.0.1"])
def test_the_operator_can_allow_an_address(private: Web, allowed: str) -> None:
    came = asyncio.run(fetch(f"http://127.0.0.1:{private.port}/", LINKCRAWLER_ALLOW_HOSTS=allowed))

    assert came.body == b"secret"


@pytest.mark.parametrize("allowed", ["wiki.corp.example", ".corp.example"])
def test_the_operator_can_allow_a_name(private: Web, monkeypatch: pytest.MonkeyPatch, allowed: str) -> None:
    point_names_to(monkeypatch, [["127.0.0.1"]])
    url = f"http://wiki.corp.example:{private.port}/"

    assert asyncio.run(fetch(url, LINKCRAWLER_ALLOW_HOSTS=allowed)).body == b"secret"
    other = f"http://wiki.other.example:{private.port}/"
    assert isinstance(asyncio.run(fetch(other, LINKCRAWLER_ALLOW_HOSTS=allowed)), AddressRefused)


def test_an_allow_list_that_is_not_understood_is_named() -> None:
    with pytest.raises(ConfigError, match=r"10\.0\.0\.0/99"):
        Gate.parse(["10.0.0.0/99"])


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::200e"])
def test_public_addresses_are_public(address: str) -> None:
    Gate().check_address(address)


def test_no_link_redirect_or_robots_txt_of_a_crawl_leads_inside(private: Web, tmp_path: Path) -> None:
    """A site that is allowed sends the crawler to the private side in every way a page has."""
    inside = [f"http://{host}:{private.port}/secret" for host in LOOPBACK]
    links = "".join(f'<a href="{url}">x</a>' for url in inside)
    head = f'<link rel="canonical" href="{inside[0]}"><meta http-equiv="refresh" content="0; url={inside[0]}">'
    page = f'<html><head>{head}</head><body>{links}<iframe src="{inside[0]}"></iframe></body></html>'

    def answer(host: str, path: str) -> Reply:
        if path == "/robots.txt":
            return Reply(302, headers={"Location": f"http://127.0.0.1:{private.port}/robots.txt"})
        if path.startswith("/to/"):
            return Reply(302, headers={"Location": inside[int(path[4:])]})
        return Reply(200, page.encode())

    with Web(answer, "127.0.0.2") as site:
        seeds = tmp_path / "seeds.txt"
        seeds.write_text("\n".join(f"{site.proxy}/{path}" for path in ("", *(f"to/{i}" for i in range(len(inside))))))
        for obey in (True, False):
            settings = {"DOWNLOAD_DELAY": 0.01, "LINKCRAWLER_ALLOW_HOSTS": "127.0.0.2", "ROBOTSTXT_OBEY": obey,
                        "LINKCRAWLER_MAX_ATTEMPTS": 1, "LINKCRAWLER_STORE": f"sqlite:///{obey}.db"}  # fmt: skip
            command = crawl_command("target.example", seeds, {"follow": "web"}, settings)
            assert start_worker(command, tmp_path).wait(100) == 0, (tmp_path / "worker.log").read_text()[-3000:]
    assert len({hit.path for hit in site.pages()}) == len(inside) + 1
    assert private.connections == 0
