"""What the one pass finds is what a search for each name finds."""

import gzip
import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcrawler.archives.needles import BASE64_HTTP, ESCAPED_NAME, Needles, Signs
from linkcrawler.domains import registered_domain
from linkcrawler.urls import host_of
from tests.archives.packing import Packed, metadata

NAMES = (
    b"example.org",
    b"example.org.uk",
    b"b-c.de",
    b"b\xc3\xbccher.example",
    rb"b\u00fccher.example",
    b"b%c3%bccher.example",
)
PACKED = (b"ZXhhbXBsZS5vc", b"V4YW1wbGUub3Jn", b"Yi1jLmRl")
NEEDLES = Needles(NAMES, PACKED)
WHOLE = [*NAMES, *PACKED, BASE64_HTTP, b"%65", b"%2525252e", b"%2F", b"exampleXorg", rb"\/", b"\n", b"\0"]


def one_by_one(names: Sequence[bytes], packed: Sequence[bytes], raw: bytes) -> Signs:
    lowered = raw.lower()
    return Signs(
        any(name in lowered for name in names),
        BASE64_HTTP in raw and any(piece in raw for piece in packed),
        ESCAPED_NAME.search(raw) is not None,
    )


def with_case(text: bytes, upper: set[int]) -> bytes:
    return bytes(ord(bytes([byte]).upper()) if at in upper else byte for at, byte in enumerate(text))


pieces = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(WHOLE),
    st.builds(with_case, st.sampled_from(WHOLE), st.sets(st.integers(0, 20))),
    st.builds(lambda text, cut: text[:-cut], st.sampled_from(WHOLE), st.integers(1, 3)),
)


@settings(max_examples=1000)
@given(st.lists(pieces, max_size=6).map(b"".join))
def test_the_signs_are_those_that_searches_one_by_one_give(raw: bytes) -> None:
    assert NEEDLES.signs(raw) == one_by_one(NAMES, PACKED, raw)
    assert NEEDLES.packed(raw) == one_by_one(NAMES, PACKED, raw).packed


@pytest.mark.parametrize("needle", [*NAMES, b"EXAMPLE.Org", b"%6d"])
def test_a_needle_is_found_wherever_it_stands(needle: bytes) -> None:
    around = bytes(range(256)) * 40
    assert not any(NEEDLES.signs(around))
    for at in (*range(200), 4095, 4096, len(around) - 1, len(around)):
        raw = around[:at] + needle + around[at:]
        assert NEEDLES.signs(raw) == one_by_one(NAMES, PACKED, raw) != (False, False, False)
    assert NEEDLES.signs(needle) == one_by_one(NAMES, PACKED, needle)


@pytest.mark.gold
@pytest.mark.parametrize("number", [1, 20, 1000])
def test_the_signs_of_real_pages_are_those_that_searches_one_by_one_give(gold: Path, number: int) -> None:
    pages = [json.loads(line) for line in (gold / "pages.jsonl").read_text().splitlines()][::8]
    real = dict.fromkeys(["wikipedia.org", *(registered_domain(host_of(page["url"])) for page in pages)])
    invented = [f"host-{at}.example" for at in range(number)]
    names = [name.encode() for name in [*real, *invented][:number]]
    packed = [b64encode(name).rstrip(b"=")[:-1] for name in names]
    needles = Needles(names, packed)
    found = []
    for page in pages:
        body = gzip.decompress((gold / "pages" / page["file"]).read_bytes())
        told = json.dumps(metadata(Packed(page["url"], body), "", 0), ensure_ascii=False).encode("utf-8", "replace")
        for raw in (told, body):
            signs = needles.signs(raw)
            assert signs == one_by_one(names, packed, raw), page["url"]
            found.append(signs)

    assert any(signs.named for signs in found)
    assert 0 < sum(signs.escaped for signs in found) < len(found)
