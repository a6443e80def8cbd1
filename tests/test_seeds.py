"""Seed lists: good lines run, bad ones are named by number."""

from pathlib import Path

import pytest

from linkcrawler.errors import UsageError
from linkcrawler.seeding.seeds import BadLine, Seed, parse_seed, parse_seeds, read_seeds


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("https://example.org/a?b=2&a=1#top", "https://example.org/a?a=1&b=2"),
        ("example.org", "https://example.org/"),
        ("blog.example.org/2024/", "https://blog.example.org/2024/"),
        ("HTTP://EXAMPLE.org:80/", "http://example.org/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
    ],
)
def test_an_address_is_canonical(text: str, want: str) -> None:
    assert parse_seed(text).url == want


@pytest.mark.parametrize("text", ["", "no address", "ftp://example.org/", "mailto:a@example.org", "https://"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"address"):
        parse_seed(text)


def test_lines_keep_their_numbers() -> None:
    lines = ["# seeds", "", "https://a.example/", "nonsense here", "b.example"]

    assert list(parse_seeds(lines)) == [
        Seed("https://a.example/"),
        BadLine(4, "nonsense here", "no address"),
        Seed("https://b.example/"),
    ]


def test_several_addresses_on_the_command_line() -> None:
    seeds = read_seeds("https://a.example/x,y,https://b.example/")

    assert seeds == [Seed("https://a.example/x,y"), Seed("https://b.example/")]


def test_the_spelling_is_kept_for_servers_that_mind_the_order() -> None:
    assert parse_seed("https://u:p@A.example/?b=1&a=2#x") == Seed(
        "https://a.example/?a=2&b=1", "https://a.example/?b=1&a=2"
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.txt.*No such file.*-a seeds="):
        read_seeds(str(tmp_path / "none.txt"))


@pytest.mark.parametrize("text", ["", "# only a comment\n", "what is this\n"])
def test_a_file_without_an_address_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "seeds.txt"
    path.write_text(text)
    with pytest.raises(UsageError, match="no address to start from"):
        read_seeds(str(path))
