"""What a page tells indexers: in its head and in the headers of its answer."""

from collections.abc import Callable

import pytest

from linkcrawler.capture import Capture

LINK = "<p>Read <a href='https://example.org/'>the study</a>.</p>"


@pytest.mark.parametrize(
    ("meta", "lines", "want"),
    [
        ("", [], ()),
        ("NOINDEX, follow", [], ("noindex", "follow")),
        ("", ["NoIndex", "nofollow, noarchive"], ("noindex", "nofollow", "noarchive")),
        ("noindex", ["noindex, nosnippet"], ("noindex", "nosnippet")),
        ("", ["googlebot: noindex"], ("noindex",)),
        ("", ["otherbot: noindex"], ()),
        ("", ["max-snippet: 20, noindex"], ("max-snippet: 20", "noindex")),
        ("", ["noindex, unavailable_after: 2026-06-25"],
         ("noindex", "unavailable_after: 2026-06-25")),
        ("", [""], ()),
    ],
)  # fmt: skip
def test_tags_and_headers_are_one_list(
    capture: Callable[..., Capture], meta: str, lines: list[str], want: tuple[str, ...]
) -> None:
    page = capture(f"<head><meta name=robots content='{meta}'></head>{LINK}", robots_tags=lines).page

    assert page.meta_robots == want
