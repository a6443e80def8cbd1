"""Slow, endless, oversized and packed bodies: a page is read as far as size and time allow, and no further."""

import asyncio
import gzip
import zlib
from typing import Any

import pytest
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse

from linkcrawler.network import HTML_ONLY, TRUNCATED
from linkcrawler.network.body import MOST_MEMBERS, Body
from tests.network.test_addresses import fetch
from tests.servers.web import Reply, Web

MIB = 1024 * 1024
HTML = {"Content-Type": "text/html"}


def get(reply: Reply, meta: dict[str, Any] | None = None, **settings: Any) -> Any:
    with Web(lambda host, path: reply) as web:
        return asyncio.run(fetch(f"{web.proxy}/", meta, LINKCRAWLER_ALLOW_HOSTS="127.0.0.1", **settings))


def packed(body: bytes, encoding: str = "gzip", **how: Any) -> Reply:
    return Reply(200, body, {**HTML, "Content-Encoding": encoding}, **how)


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


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda data: zlib.compress(data)[2:-4]], ids=["gzip", "zlib", "raw"]
)
@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_pieces_may_be_parted_anywhere(pack: Any, size: int) -> None:
    whole = pack(b"words " * 1000)
    body = Body("gzip" if pack is gzip.compress else "deflate", MIB)

    assert all(body.feed(whole[at : at + size]) for at in range(0, len(whole), size))
    assert body.whole(ended=True)
    assert body.take() == b"words " * 1000


@pytest.mark.parametrize("missing", [1, 8, 9, 200])
def test_packing_that_stops_early_is_marked(missing: int) -> None:
    came = get(packed(gzip.compress(bytes(range(256)) * 20, 1)[:-missing]))

    assert came.flags == [TRUNCATED]
    assert bytes(range(256)).startswith(came.body[:256])


@pytest.mark.parametrize("size", [0, 1, 7])
def test_all_members_of_a_packed_page_are_read(size: int) -> None:
    whole = b"".join(map(gzip.compress, (b"one ", b"", b"two ", b"three")))
    assert get(packed(whole)).body == b"one two three"

    body = Body("gzip", MIB)
    assert all(body.feed(whole[at : at + (size or 999)]) for at in range(0, len(whole), size or 999))
    assert (body.take(), body.whole(ended=True)) == (b"one two three", True)
    assert not body.whole(ended=False)


def test_a_second_member_that_stops_early_is_marked() -> None:
    came = get(packed(gzip.compress(b"one ") + gzip.compress(b"two" * 1000)[:-6]))

    assert (came.body[:7], came.flags) == (b"one two", [TRUNCATED])


@pytest.mark.parametrize("rest", [b"\0" * 512, b"<!-- served by a cache -->", b"\x1f"])
def test_what_follows_the_packed_page_is_no_part_of_it(rest: bytes) -> None:
    came = get(packed(gzip.compress(b"words") + rest))

    assert (came.body, came.flags) == (b"words", [])


def test_nothing_is_taken_after_the_end_of_the_packing() -> None:
    body = Body("gzip", 1000)

    assert not body.feed(gzip.compress(b"words") + b"\0" * 65_536)
    assert (body.take(), body.whole(ended=False)) == (b"words", True)


@pytest.mark.parametrize(
    "piece", [gzip.compress(b""), b"\0\0\0\xff\xff" * 13_000], ids=["empty members", "empty blocks"]
)
def test_packing_without_content_does_not_go_on_for_ever(piece: bytes) -> None:
    began = zlib.compressobj(wbits=31)
    head = began.compress(b"words") + began.flush(zlib.Z_SYNC_FLUSH)
    body, taken = Body("gzip", 100_000), 0
    body.feed(gzip.compress(b"words") if piece[:1] == b"\x1f" else head)
    while body.feed(piece):
        taken += 1
        assert taken <= MOST_MEMBERS

    assert (body.take(), body.cut) == (b"words", True)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate, gzip", "GZIP,br"])
def test_a_packing_that_is_not_understood_is_not_taken_for_a_page(encoding: str) -> None:
    came = get(packed(gzip.compress(gzip.compress(b"words")), encoding))

    assert (came.body, came.flags) == (b"", [TRUNCATED])
    assert came.headers["Content-Encoding"] == encoding.encode()


@pytest.mark.parametrize("encoding", ["identity", "utf-8", "none", "", "identity, identity"])
def test_words_that_name_no_packing_are_passed_over(encoding: str) -> None:
    came = get(packed(b"words", encoding))

    assert (came.body, came.flags, came.headers.get("Content-Encoding")) == (b"words", [], None)


@pytest.mark.parametrize("kind", ["video/mp4", "application/pdf; x=y", "text/plain", "IMAGE/PNG"])
def test_a_film_is_not_downloaded_where_a_page_is_wanted(kind: str) -> None:
    reply = Reply(200, b"x" * 65_536, {"Content-Type": kind}, pieces=64)

    came = get(reply, {HTML_ONLY: True})
    assert (came.body, came.flags, came.headers["Content-Type"]) == (b"", [TRUNCATED], kind.encode())
    assert len(get(reply).body) == 64 * 65_536


@pytest.mark.parametrize("headers", [HTML, {"Content-Type": "Application/XHTML+XML ; charset=x"}, {}])
def test_pages_are_downloaded_where_pages_are_wanted(headers: dict[str, str]) -> None:
    assert get(Reply(200, b"<p>words</p>", headers), {HTML_ONLY: True}).body == b"<p>words</p>"
