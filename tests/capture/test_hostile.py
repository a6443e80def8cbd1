"""Pages that are out to break the parser: always a capture, what was cut is marked."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcrawler.capture import Capture, CaptureVocabulary, capture_page
from linkcrawler.targets import parse_targets

Capturing = Callable[..., Capture]
LINK = '<p>See <a href="https://example.org/">this</a> now.</p>'
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))

WHOLE = {
    "one line of 1 MB": "<p>" + "word " * 200_000 + LINK,
    "NUL bytes": f"<p>a\0b</p>\0{LINK}\0",
    "XML served as HTML": f'<?xml version="1.0" encoding="UTF-16"?><rss><channel>{LINK}</channel></rss>',
    "entity bomb": f'<!DOCTYPE x [<!ENTITY e0 "ha">{BOMB}]><p>&e9;</p>{LINK}',
    "unclosed everything": f"<table><tr><td><div><ul><li><b>{LINK}",
    "JSON-LD without end": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + LINK,
    "a wrong charset": f"<meta charset=utf-16>{LINK}",
    "an attribute of 11 MB": f"<div title='{'x' * 11_000_000}'>{LINK}</div>",
    "1,000 levels": "<div>" * 1000 + LINK,
}
CUT = {
    "10,000 levels": "<div>" * 10_000 + LINK + "</div>" * 10_000 + LINK,
    "100,000 links": "".join(f"<a href=/{n}>n</a>" for n in range(100_000)) + LINK,
}


@pytest.mark.parametrize("html", WHOLE.values(), ids=WHOLE)
def test_read_whole(capture: Capturing, html: str) -> None:
    found = capture(html)

    assert [p.target_url for p in found.placements] == ["https://example.org/"]
    assert found.placements[0].context.after.startswith(" now.")
    assert not found.page.truncated


@pytest.mark.parametrize("html", CUT.values(), ids=CUT)
def test_cut_and_marked(capture: Capturing, html: str) -> None:
    found = capture(html)

    assert found.page.truncated
    assert found.outlinks


@pytest.mark.parametrize("body", [b"", b" ", b"\0", b"<!-- x -->", b"\xff\xfe", b"<", b"%PDF-1.7\n\x00\x01"])
def test_nothing_in_it(capture: Capturing, body: bytes) -> None:
    assert capture(body).placements == ()


ENCODED = {
    "header": ("cp1251", "text/html; charset=windows-1251", ""),
    "meta": ("cp1251", "text/html", '<meta charset="windows-1251">'),
    "mark": ("utf-16", "text/html; charset=latin-1", ""),
    "UTF-8 that says otherwise": ("utf-8", "text/html; charset=iso-8859-1", '<meta charset="gb2312">'),
    "header beats meta": ("koi8-r", "text/html; charset=koi8-r", '<meta charset="windows-1251">'),
}


@pytest.mark.parametrize("case", ENCODED.values(), ids=ENCODED)
def test_charsets(capture: Capturing, case: tuple[str, str, str]) -> None:
    encoding, content_type, meta = case
    found = capture(f"{meta}<p>Это слово. {LINK}".encode(encoding), content_type=content_type)

    assert found.placements[0].context.before.startswith("Это слово. ")


SCRAPS = st.sampled_from(
    [b"<a href='//example.org/'>", b"</a>", b"<p>", b"<div hidden>", b"<svg>", b"<base href=x:>", b"\0", b"\xff",
     b"<table>", b"<script>", b"<!--", b"-->", b"<h1>", b"\xe2\x80\xae", b"text. ", b"<meta charset=utf-7>", b"<br>",
     b"&#xD800;", b"]]>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(body=st.one_of(st.binary(max_size=400), st.lists(SCRAPS, max_size=40).map(b"".join)))
def test_any_bytes_give_a_capture(body: bytes, vocabulary: CaptureVocabulary) -> None:
    targets = parse_targets("example.org")
    found = capture_page(body, "https://blog.test/", targets=targets, vocabulary=vocabulary)

    assert found == capture_page(body, "https://blog.test/", targets=targets, vocabulary=vocabulary)
    assert all(p.target_url.startswith(("http://example.org", "https://example.org")) for p in found.placements)


@pytest.mark.gold
def test_spoiled_real_pages(gold: Path) -> None:
    """A short run of the fuzzer; docs/quality.md has the figures of a long one, with those of time and memory."""
    command = [sys.executable, "-m", "tests.capture.fuzz", "--pages", "60", "--seed", "5", "--gold", str(gold)]
    checkout = Path(__file__).parent.parent.parent
    figures = json.loads(subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True).stdout)

    assert figures["exceptions"] == figures["broken_promises"] == 0, figures["trouble"]
