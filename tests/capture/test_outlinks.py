"""The cheap pass: every link counted once, kept or refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from linkcrawler.capture import Capture
from linkcrawler.capture.document import parse
from linkcrawler.capture.outlinks import outlinks
from linkcrawler.urls import Base, canonicalize
from linkcrawler.vocabulary import Refusal
from tests.capture import corpus

PAGE = """<a href="/a">1</a> <a href="/a#top">2</a> <a href="https://other.test/?b=1&amp;a=2">3</a> <a name="no">4</a>
<a href="#here">5</a> <a href="mailto:x@y.z">6</a> <a href="http://[">7</a> <map><area href="//third.test"></map>
<a href="https://shop.blog.com/">8</a>"""


def test_links_are_canonical_and_counted(capture: Callable[..., Capture]) -> None:
    found = capture(PAGE, url="https://blog.com/post/1")

    assert found.outlinks == (
        "https://blog.com/a", "https://other.test/?a=2&b=1", "https://third.test/", "https://shop.blog.com/",
    )  # fmt: skip
    assert found.refused == {Refusal.NOT_HTTP: 1, Refusal.MALFORMED: 1, Refusal.DUPLICATE: 2}
    assert (found.page.internal_links, found.page.external_links, found.page.external_domains) == (3, 2, 2)


def test_too_many_links_are_cut_and_marked(capture: Callable[..., Capture]) -> None:
    found = capture("".join(f"<a href=/{number}>n</a>" for number in range(21_000)))

    assert (len(found.outlinks), found.refused) == (20_000, {Refusal.BUDGET: 1000})
    assert found.page.truncated


def test_the_hash_names_the_bytes(capture: Callable[..., Capture]) -> None:
    one, same, other = (capture(html).page.content_hash for html in ("<p>a", "<p>a", "<p>b"))

    assert one == same != other
    assert len(one) == 16


@pytest.mark.gold
def test_seen_is_kept_plus_refused_on_real_pages(gold: Path) -> None:
    for row in corpus.rows(gold)[::9]:
        url = canonicalize(row["url"]) or ""
        document = parse(corpus.body(gold, row), url)
        assert document.root is not None
        links = outlinks(document.links, Base(document.base_url), url)
        seen = sum(1 for element in document.root.iter("a", "area") if element.get("href") is not None)
        assert len(links.urls) + sum(links.refused.values()) == seen
        assert len(set(links.urls)) == len(links.urls)
