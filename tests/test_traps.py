"""Addresses and pages without an end are told from long but finite ones."""

import pytest

from linkcrawler.traps import Novelty, endless, shape_of, without_session

YEAR = 2026
ENDLESS = [
    "https://a.example/b/c/b/c/b/c/b/c",
    "https://a.example/x/x/x/x",
    "https://a.example/de/shop/de/shop/de/shop/de/shop/item",
    "https://a.example/" + "/".join(f"s{i}" for i in range(21)),
    "https://a.example/events/2038/04/",
    "https://a.example/calendar?month=2045-11",
    "https://a.example/calendar/2199-12-01",
]
FINITE = [
    "https://a.example/",
    "https://a.example/2026/05/17/spring-fair/",
    "https://a.example/events/2027/01/",
    "https://a.example/1/2/1/2/1/2",
    "https://a.example/blog/tag/blog/page/2",
    "https://a.example/model/2048/specs",
    "https://a.example/archive?from=1998-04",
    "https://a.example/a/b/c/d/e/f/g/h/i/j/k",
]


@pytest.mark.parametrize("url", ENDLESS)
def test_endless(url: str) -> None:
    assert endless(url, YEAR)


@pytest.mark.parametrize("url", FINITE)
def test_finite(url: str) -> None:
    assert not endless(url, YEAR)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://a.example/p;jsessionid=0A1B2C3D4E5F?x=1", "https://a.example/p?x=1"),
        ("https://a.example/p?sid=0123456789abcdef&x=1", "https://a.example/p?x=1"),
        ("https://a.example/p?PHPSESSID=q8r7s6t5u4v3w2x1y0", "https://a.example/p"),
        ("https://a.example/p?sid=42", "https://a.example/p?sid=42"),
        ("https://a.example/p?s=a-long-search-phrase-it-is", "https://a.example/p?s=a-long-search-phrase-it-is"),
        ("https://a.example/sessions?q=1", "https://a.example/sessions?q=1"),
    ],
)
def test_session_numbers_are_left_out(url: str, plain: str) -> None:
    assert without_session(url) == plain


def test_pages_of_one_kind_share_a_shape() -> None:
    first, second = "https://a.example/2024/05/p-17?page=3&id=9", "https://a.example/2019/11/p-2?id=1&page=80"
    assert shape_of(first) == shape_of(second)
    assert shape_of(first) != shape_of("https://a.example/2024/05/p-17")


def page(*texts: str) -> bytes:
    return "".join(f"<p>{text}</p>" for text in ("The same words at the top of each page", *texts)).encode()


def test_pages_that_say_the_same_are_given_up_after_a_while() -> None:
    novelty, asked = Novelty(), 0
    while not novelty.exhausted(f"https://a.example/day/{asked}"):
        novelty.note(f"https://a.example/day/{asked}", page(f"Nothing happened on day {asked} of the year"), hit=False)
        asked += 1
        assert asked < 10_000

    assert asked <= 100
    assert not novelty.exhausted("https://a.example/about")
    assert not novelty.exhausted("https://b.example/day/1")


def test_pages_with_words_of_their_own_go_on() -> None:
    novelty = Novelty()
    for number in range(3000):
        letters = (chr(97 + (number * 7 + i) % 26) * (1 + number % 9) for i in range(12))
        own = " ".join(letters) + chr(97 + number // 200) * 3
        novelty.note(f"https://a.example/post/{number}", page(own + " a sentence of its own", own[::-1] * 2), hit=False)
        assert not novelty.exhausted("https://a.example/post/0"), number


def test_a_hit_keeps_a_group_alive() -> None:
    novelty = Novelty()
    for number in range(500):
        novelty.note(f"https://a.example/list/{number}", page("the same for ever and ever"), hit=number % 40 == 0)
        assert not novelty.exhausted("https://a.example/list/0")
