"""Slow, endless, oversized and packed bodies: a page is read as far as size and time allow, and no further."""

import asyncio
import gzip
import zlib
from typing import Any

import pytest
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse

from linkcrawler.network import TRUNCATED
from linkcrawler.network.body import Body
from tests.network.test_addresses import fetch
from tests.servers.web import Reply, Web

MIB = 1024 * 1024
HTML = {"Content-Type": "text/html"}


def get(reply: Reply, **settings: Any) -> Any:
    with Web(lambda host, path: reply) as web:
        return asyncio.run(fetch(f"{web.proxy}/", LINKCRAWLER_ALLOW_HOSTS="127.0.0.1", **settings))


def test_a_whole_page() -> None:
    came = get(Reply(200, b"<p>words</p>"))

    assert isinstance(came, HtmlResponse)
    assert (came.body, came.flags, came.status) == (b"<p>words</p>", [], 200)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda data: zlib.compress(data)[2:-4]])
def test_packed_pages_are_unpacked(pack: Any) -> None:
    encoding = "gzip" if pack is gzip.compress else "deflate"
    came = get(Reply(200, pack(b"words " * 1000), {**HTML, "Content-Encoding": encoding}))

    assert came.body == b"words " * 1000
    assert "Content-Encoding" not in came.headers


@pytest.mark.parametrize("pieces", [0, 50])
def test_an_oversized_body_is_cut(pieces: int) -> None:
    came = get(Reply(200, b"x" * (2 * MIB), pieces=pieces), DOWNLOAD_MAXSIZE=MIB)

    assert (len(came.body), came.flags) == (MIB, [TRUNCATED])


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (300 * MIB), 9)
    came = get(Reply(200, bomb, {**HTML, "Content-Encoding": "gzip"}), DOWNLOAD_MAXSIZE=MIB)

    assert (len(came.body), came.flags) == (MIB, [TRUNCATED])


def test_an_endless_slow_body_is_cut_when_its_time_is_over() -> None:
    came = get(Reply(200, b"drip ", pieces=10_000, pause=0.05), DOWNLOAD_TIMEOUT=1)

    assert came.flags == [TRUNCATED]
    assert came.body.startswith(b"drip drip ")


def test_no_answer_at_all_is_a_time_out() -> None:
    assert isinstance(get(Reply(wait=10), DOWNLOAD_TIMEOUT=0.5), DownloadTimeoutError)


def test_a_body_that_breaks_off_is_kept_and_marked() -> None:
    came = get(Reply(200, b"half", {**HTML, "Content-Length": "400"}, pieces=1))

    assert (came.body, came.flags) == (b"half", [TRUNCATED])


def test_broken_packing_ends_the_body() -> None:
    whole = gzip.compress(bytes(range(256)) * 200)
    body = Body("gzip", MIB)
    body.feed(whole[:100])
    assert not body.feed(b"garbage" * 100)
    assert body.cut
