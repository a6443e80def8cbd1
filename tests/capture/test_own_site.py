"""A site's links to itself are no backlinks; neighbours on one hosting platform or host are not one site."""

import pytest

from linkcrawler.targets import index, parse_target


@pytest.mark.parametrize(
    ("target", "page", "watched"),
    [
        ("example.org", "https://blog.example.org/a", False),
        ("example.org", "https://other.example/a", True),
        ("blog.example.org", "https://www.example.org/a", False),
        ("me.github.io", "https://other.github.io/a", True),
        ("me.github.io", "https://me.github.io/a", False),
        ("https://example.org/docs/", "https://example.org/docs/a", False),
        ("https://example.org/docs/", "https://example.org/blog/", False),
        ("github.com/me/", "https://github.com/other/list", True),
        ("github.com/me/", "https://github.com/me/project", False),
        ("github.com/me", "https://github.com/melon", True),
        ("https://medium.com/@me/", "https://medium.com/@you/story", True),
    ],
)
def test_who_is_the_same_site(target: str, page: str, watched: bool) -> None:
    assert bool(index((parse_target(target),)).without(page).targets) is watched
