"""Canonical addresses: the short way agrees with the general one, and both with w3lib and tldextract."""

from pathlib import Path
from urllib.parse import urljoin

import pytest
import tldextract
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import canonicalize_url

from linkcrawler.capture.document import parse
from linkcrawler.domains import registered_domain, site_of
from linkcrawler.urls import _CANONICAL, MAX_URL_CHARS, Base, canonicalize, host_of, join, resolve
from linkcrawler.vocabulary import Refusal
from tests.capture import corpus

BASE = "https://www.blog.test/2020/post.html?p=1"

PIECES = st.sampled_from(
    ["http:", "https:", "HTTPS:", "//", "/", "\\", "a", "B", ".", "..", "../", "?", "&", "=", "+", "%20", "%2f", "%41",
     "%E4", "%", "#", ":", "@", ";", "ä", "中", " ", "\t", "\n", "example.org", "xn--", "[::1]", "8080", "~", "|", "[",
     "\x00"]
)  # fmt: skip
HREFS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=9).map("".join))


def general(base: str, href: str) -> str | None:
    url = join(base, href)
    canonical = canonicalize(url) if url else None
    return canonical if canonical and len(canonical) <= MAX_URL_CHARS else None


@given(HREFS)
def test_the_short_way_agrees_with_the_general_one(href: str) -> None:
    found = resolve(BASE, href)

    assert (None if isinstance(found, Refusal) else found) == general(BASE, href)


@given(HREFS)
def test_what_is_resolved_is_http_and_ascii(href: str) -> None:
    found = resolve(BASE, href)

    assert isinstance(found, Refusal) or (
        found.startswith(("http://", "https://")) and found.isascii() and "#" not in found
    )


@given(
    st.from_regex(
        r"https?://[a-z0-9-]{1,9}(\.[a-z]{2,5}){1,2}(/[A-Za-z0-9_.%~ äé-]{0,9}){0,3}(\?[a-c]=[a-z+%&=]{0,9})?",
        fullmatch=True,
    )
)
def test_canonical_agrees_with_w3lib(url: str) -> None:
    assert canonicalize(url) == canonicalize_url(url)


@given(st.from_regex(_CANONICAL, fullmatch=True).filter(lambda url: url[0] == "h"))
def test_canonical_addresses_are_joined_as_the_general_way_joins_them(url: str) -> None:
    assert join(BASE, url) == urljoin(BASE, url)


REFERENCE = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
REFERENCE("example.org")  # reads the list before any example runs against Hypothesis' deadline
LABELS = st.sampled_from(
    ["www", "a", "co", "com", "uk", "de", "jp", "kobe", "ck", "github", "io", "no", "city", "example", "er", ""]
)


@given(st.lists(LABELS, min_size=1, max_size=5).map(".".join))
def test_registered_domain_agrees_with_tldextract_where_the_suffix_is_listed(host: str) -> None:
    found = REFERENCE(host)

    if found.suffix:
        assert registered_domain(host) == (found.top_domain_under_public_suffix or host)


UNLISTED = {
    "www.tidepool.example": "tidepool.example",
    "tidepool.example": "tidepool.example",
    "a.b.xn--unlisted-x": "b.xn--unlisted-x",
    "localhost": "localhost",
    "192.0.2.7": "192.0.2.7",
    "2001:db8::7": "2001:db8::7",
    "": "",
}


@pytest.mark.parametrize(("host", "domain"), UNLISTED.items())
def test_unlisted_suffixes_have_one_label(host: str, domain: str) -> None:
    """The default rule of the public suffix list; numbers are no names."""
    assert registered_domain(host) == domain
    assert site_of(host) == domain


def test_hosting_platforms_are_told_apart() -> None:
    assert site_of("me.github.io") == "me.github.io"
    assert site_of("github.io") == "github.io"
    assert registered_domain("me.github.io") == "github.io"


REFUSED = {
    "mailto:me@example.org": Refusal.NOT_HTTP,
    "javascript:void(0)": Refusal.NOT_HTTP,
    "tel:+1": Refusal.NOT_HTTP,
    "http://": Refusal.MALFORMED,
    "http://[::1": Refusal.MALFORMED,
    "http://a:99999/": Refusal.MALFORMED,
    "http://exa mple.org/": Refusal.MALFORMED,
    "https://example.org/" + "a" * 2100: Refusal.TOO_LONG,
}


@pytest.mark.parametrize(("href", "why"), REFUSED.items(), ids=[href[:30] for href in REFUSED])
def test_refusals_say_why(href: str, why: Refusal) -> None:
    assert resolve(BASE, href) is why


@pytest.mark.gold
def test_all_real_links_resolve_as_the_general_way_says(gold: Path) -> None:
    """Every fifth page; all 207,118 links of all pages were compared when the short way was written."""
    compared = 0
    for row in corpus.rows(gold)[::5]:
        document = parse(corpus.body(gold, row), row["url"])
        assert document.root is not None
        base = Base(document.base_url)
        for href in {href for element in document.root.iter("a", "area") if (href := element.get("href")) is not None}:
            found = base.resolve(href)
            assert (None if isinstance(found, Refusal) else found) == general(document.base_url, href), href
            if not isinstance(found, Refusal):
                assert canonicalize_url(found) == found or "%" in found, found
                assert host_of(found)
            compared += 1
    assert compared > 10_000
