"""What the prefilter lets pass: everything that capture finds a link in."""

import gzip
import json
from base64 import b64encode
from pathlib import Path

import pytest

from linkcrawler.archives.prefilter import Prefilter
from linkcrawler.capture import capture_page, load_vocabulary
from linkcrawler.targets import parse_targets

VOCABULARY = load_vocabulary()
EXAMPLE, BOOKS = parse_targets("example.org"), parse_targets("bücher.example")
WRAPPED = b64encode(b"https://example.org/a").decode().rstrip("=")

SPELLED = [
    (EXAMPLE, "utf-8", "https://example.org/a"),
    (EXAMPLE, "utf-8", "//WWW.Example.ORG"),
    (EXAMPLE, "utf-8", "https://ex%61mple%2Eorg/"),
    (EXAMPLE, "utf-8", "https://exam&#112;le&period;org/"),
    (EXAMPLE, "utf-8", "https://exam\n\tple.org/"),
    (EXAMPLE, "utf-8", "https://ｅｘａｍｐｌｅ。org/"),
    (EXAMPLE, "utf-16", "https://example.org/"),
    (EXAMPLE, "utf-8", "https://www.google.com/url?q=https%3A%2F%2Fexample.org%2Fa"),
    (EXAMPLE, "utf-8", f"https://www.bing.com/ck/a?u=a1{WRAPPED}&ntb=1"),
    (BOOKS, "utf-8", "https://bücher.example/"),
    (BOOKS, "utf-8", "https://xn--bcher-kva.example/"),
    (BOOKS, "utf-8", "https://B%C3%BCCHER.example/"),
    (BOOKS, "latin-1", "https://bücher.example/"),
    (BOOKS, "utf-8", "https://b&uuml;cher.example/"),
    (BOOKS, "utf-8", "https://BÜCHER.example/"),
]


@pytest.mark.parametrize(("targets", "encoding", "href"), SPELLED)
def test_every_spelling_that_capture_follows_passes(targets: tuple, encoding: str, href: str) -> None:  # type: ignore[type-arg]
    body = f'<meta charset="{encoding}"><a href="{href}">words</a>'.encode(encoding)
    content_type = f"text/html; charset={encoding}"
    found = capture_page(body, "https://a.test/", targets=targets, vocabulary=VOCABULARY, content_type=content_type)
    assert found.placements, "the case is none"

    assert Prefilter(targets).in_page(body)
    assert Prefilter(targets).in_page(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("targets", "url"),
    [
        (EXAMPLE, "https://Example.org/a"),
        (EXAMPLE, "https://ex%61mple%2Eorg/"),
        (EXAMPLE, f"https://www.bing.com/ck/a?u=a1{WRAPPED}&ntb=1"),
        (BOOKS, "https://bücher.example/"),
        (BOOKS, "https://BÜCHER.example/"),
        (BOOKS, "https://xn--bcher-kva.example/"),
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_spellings_in_metadata_pass(targets: tuple, url: str, *, ascii_only: bool) -> None:  # type: ignore[type-arg]
    told = json.dumps({"Links": [{"path": "A@/href", "url": url}]}, ensure_ascii=ascii_only).encode()

    assert Prefilter(targets).in_metadata(told) or (ascii_only and "Ü" in url)


def test_other_pages_do_not_pass() -> None:
    body = '<p>Größe &amp; Maß, 100&nbsp;%: <a href="https://other.org/a%20b?q=%C3%A4">exam ple.org</a>'.encode()

    assert not Prefilter(EXAMPLE).in_page(body)
    assert not Prefilter(EXAMPLE).in_metadata(body)


@pytest.mark.gold
def test_no_link_of_real_pages_is_lost_and_few_other_pages_are_read(gold: Path) -> None:
    targets = parse_targets("wikipedia.org,nih.gov,amzn.to,facebook.com")
    prefilter = Prefilter(targets)
    passed = linking = 0
    pages = [json.loads(line) for line in (gold / "pages.jsonl").read_text().splitlines()][::4]
    rare = Prefilter(parse_targets("rarely-linked.example"))
    passed_rare = 0
    for page in pages:
        body = gzip.decompress((gold / "pages" / page["file"]).read_bytes())
        found = capture_page(body, page["url"], targets=targets, vocabulary=VOCABULARY).placements
        passes = prefilter.in_page(body)
        assert passes or not found, page["url"]
        passed += passes
        linking += bool(found)
        passed_rare += rare.in_page(body)

    assert linking > len(pages) // 4
    assert passed < len(pages)
    assert passed_rare < len(pages) // 10
