"""What a user may write as a target, and which addresses belong to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.errors import UsageError
from linkcrawler.targets import Target, TargetIndex, parse_target, parse_targets

READ = {
    "example.org": ("example.org", "", ""),
    " Example.ORG ": ("example.org", "", ""),
    "example.org.": ("example.org", "", ""),
    "example.co.uk": ("example.co.uk", "", ""),
    "blog.example.org": ("example.org", "blog.example.org", ""),
    "www.tidepool.example": ("tidepool.example", "www.tidepool.example", ""),
    "https://example.org/docs/": ("example.org", "example.org", "example.org/docs/"),
    "example.org/docs": ("example.org", "example.org", "example.org/docs"),
    "https://blog.example.org/": ("example.org", "blog.example.org", ""),
    "http://example.org:8080/a": ("example.org", "example.org", "example.org:8080/a"),
    "m\u00fcnchen.example": ("xn--mnchen-3ya.example", "", ""),
}


@pytest.mark.parametrize(("spec", "parts"), READ.items())
def test_forms_of_a_target(spec: str, parts: tuple[str, str, str]) -> None:
    target = parse_target(spec)

    assert (target.domain, target.host, target.prefix) == parts
    assert target.spec == spec.strip()


@pytest.mark.parametrize("spec", ["", "example", "ftp://example.org/", "two words.org", "@", "https://", "a@b.org"])
def test_what_is_no_target_is_refused_with_the_forms(spec: str) -> None:
    with pytest.raises(UsageError, match=r"-a target=example\.org"):
        parse_target(spec)


def test_lists_of_targets() -> None:
    assert [target.spec for target in parse_targets("a.org, b.org,,")] == ["a.org", "b.org"]
    with pytest.raises(UsageError, match="no target given"):
        parse_targets(" , ")


BELONGS = [
    ("example.org", "https://example.org/", True),
    ("example.org", "http://deep.www.example.org/a?b=c", True),
    ("example.org", "https://example.org.evil.test/", False),
    ("example.org", "https://notexample.org/", False),
    ("blog.example.org", "https://blog.example.org/x", True),
    ("blog.example.org", "https://example.org/blog", False),
    ("https://example.org/docs/", "http://example.org/docs/a", True),
    ("https://example.org/docs/", "https://example.org/doc", False),
    ("https://example.org/docs/", "https://www.example.org/docs/a", False),
]


@pytest.mark.parametrize(("spec", "url", "belongs"), BELONGS)
def test_which_addresses_belong(spec: str, url: str, belongs: bool) -> None:
    assert parse_target(spec).matches(url) is belongs


def test_the_narrowest_target_takes_the_link() -> None:
    index = TargetIndex(parse_targets("example.org,docs.example.org,https://docs.example.org/api/"))

    def taker(url: str) -> str:
        found = index.match(url, "example.org")
        return found.spec if found else ""

    assert taker("https://docs.example.org/api/x") == "https://docs.example.org/api/"
    assert taker("https://docs.example.org/") == "docs.example.org"
    assert taker("https://example.org/") == "example.org"
    assert index.match("https://other.test/", "other.test") is None


@pytest.mark.parametrize("text", ["see xn--mnchen-3ya.example", "see m\u00fcnchen.example", "/?u=m%c3%bcnchen.example"])
def test_an_international_name_is_known_in_all_its_spellings(text: str) -> None:
    index = TargetIndex([parse_target("m\u00fcnchen.example")])

    assert index.named_in(text.encode())
    assert not index.named_in(b"munchen.example")


@given(st.text(max_size=40))
def test_any_text_is_a_target_or_a_usage_error(spec: str) -> None:
    try:
        target = parse_target(spec)
    except UsageError:
        return
    assert isinstance(target, Target)
    assert target.domain
    assert target.host == target.domain or target.host.endswith("." + target.domain) or not target.host
