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
    "https://a.example/calendar/2045/3?view=list",
    "https://a.example/calendar?day=2045-11-30&view=list",
]
FINITE = [
    "https://a.example/",
    "https://a.example/2026/05/17/spring-fair/",
    "https://a.example/events/2027/01/",
    "https://a.example/1/2/1/2/1/2",
    "https://a.example/blog/tag/blog/page/2",
    "https://a.example/model/2048/specs",
    "https://a.example/agenda-2030/1-intro",
    "https://a.example/agenda-2030/1/",
    "https://a.example/2030/10-goals",
    "https://a.example/vision/2035-12-steps-to-take/",
    "https://a.example/?v=2048-1024",
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
        ("https://a.example/p?zenid=q8r7s6t5u4v3w2x1y0", "https://a.example/p"),
        ("https://a.example/p?q=%E9t%E9+1&sid=0123456789abcdef&b&a=x%2Cy", "https://a.example/p?q=%E9t%E9+1&b&a=x%2Cy"),
        ("https://a.example/p?sessionid=550e8400-e29b-41d4-a716-446655440000", "https://a.example/p"),
        ("https://a.example/p?session_id=k3j5h6g7f8d9s0a1q2w3e4r5t6", "https://a.example/p"),
        ("https://a.example/p?sid=42", "https://a.example/p?sid=42"),
        ("https://a.example/s?sid=a-long-article-slug-here", "https://a.example/s?sid=a-long-article-slug-here"),
        ("https://a.example/s?sid=ten-links-of-2024-in-short", "https://a.example/s?sid=ten-links-of-2024-in-short"),
        ("https://a.example/s?sid=toptenlinksofthatyear2024", "https://a.example/s?sid=toptenlinksofthatyear2024"),
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


def memory_of(novelty: Novelty) -> int:
    return sum(len(group.texts) for group in novelty._groups.values())


def test_what_is_remembered_is_bounded() -> None:
    novelty = Novelty()
    for number in range(30):
        texts = (f"{'abcdefghij'[i // 1000]}{chr(97 + number % 26)} a text {'x' * (i % 1000)}" for i in range(5000))
        novelty.note(f"https://a.example/post/{number}", page(*texts), hit=False)
    assert 0 < memory_of(novelty) <= 2 * Novelty.MOST_TEXTS

    novelty.MOST_TEXTS_IN_ALL = 3000
    for number in range(400):
        texts = (f"some words {letter} of host {'y' * number}" for letter in "abcdefghijklmnopqrstuvwxyz")
        novelty.note(f"https://h{number % 40}.example/post/{number}", page(*texts), hit=False)
    assert memory_of(novelty) == novelty._held <= 3000


def test_repeated_texts_are_known_however_much_came_before() -> None:
    novelty, asked = Novelty(), 0
    for number in range(60):
        texts = (f"{chr(97 + i % 26)}{'n' * number} words of their own {'x' * i}" for i in range(300))
        novelty.note(f"https://a.example/day/{number}", page(*texts), hit=False)
        assert not novelty.exhausted("https://a.example/day/0")
    same = page(*(f"the same text {'x' * i}" for i in range(300)))
    while not novelty.exhausted("https://a.example/day/0"):
        novelty.note(f"https://a.example/day/{asked}", same, hit=False)
        asked += 1
        assert asked <= Novelty.SHAPE_PATIENCE + 2 * Novelty.GLANCE


@pytest.mark.parametrize("order", ["side by side", "one after the other"])
def test_several_endless_kinds_on_one_host_cost_little_more_than_one(order: str) -> None:
    novelty, spent = Novelty(), 0
    kinds = ("calendar", "filter", "tag", "search")
    asked = [kind for kind in kinds for _ in range(1000)] if order == "one after the other" else [*kinds] * 1000
    for number, kind in enumerate(asked):
        url = f"https://trap.example/{kind}/{number}"
        if not novelty.exhausted(url):
            novelty.note(url, page(f"{kind}: nothing to see on this page, go on to number {number}"), hit=False)
            spent += 1

    assert spent <= 100
    assert not novelty.exhausted("https://other.example/calendar/1")


def test_a_wary_eye_still_reads_what_is_new() -> None:
    novelty = Novelty()
    for number in range(100):
        novelty.note(f"https://trap.example/day/{number}", page("nothing happened on this day, go on"), hit=False)
    for number in range(100):
        words = f"the story of {chr(97 + number % 26)}{chr(97 + number // 26)} which nobody told before"
        novelty.note(f"https://trap.example/post/{number}", page(words), hit=False)

    assert novelty.exhausted("https://trap.example/day/1000")
    assert not novelty.exhausted("https://trap.example/post/1000")
