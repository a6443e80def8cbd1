"""``linkcrawler explain``: the story of a link, and help where none is found."""

import pytest

from linkcrawler.records import Context
from pipelines.reports.story import quoted
from tests.commands.calling import on_terminal
from tests.commands.conftest import Run
from tests.commands.sample import id_of, placement

SEA = id_of("https://sea.test/tides", "/study")


def test_the_story_of_a_link(run: Run, sqlite_url: str) -> None:
    done = run("explain", SEA, "--store", sqlite_url)

    lines = [line.strip() for line in done.out.splitlines()]
    assert done.status == 0
    assert f"Link {SEA}" in lines
    assert "In the main text." in lines
    assert "Under the heading “The sea” > “Tides”." in lines
    assert "As «a long study» of Example shows, tides differ." in lines
    assert "1 more placement of it on the page (footer)." in lines
    assert any("2025-06-02" in line for line in lines)
    assert "Passive, editorial citation: very likely (confidence 0.91)." in lines
    assert "sample: +1.50 editorial_citation; found “a sign”" in lines
    assert "Another model judged it: run linkcrawler classify." in lines


def test_every_link_of_a_page(run: Run, sqlite_url: str) -> None:
    done = run("explain", "https://blog.test/guest", "--store", sqlite_url)

    assert [line for line in done.out.splitlines() if line.startswith("Link ")] == [
        f"Link {name}" for name in sorted(id_of("https://blog.test/guest", path) for path in ("/", "/study"))
    ]


@pytest.mark.parametrize(
    "form",
    ["blog.test/guest", "http://www.blog.test/guest", "https://blog.test/guest/", "HTTPS://Blog.test:443/guest#top"],
)
def test_a_page_by_another_form_of_its_address(run: Run, sqlite_url: str, form: str) -> None:
    assert run("explain", form, "--store", sqlite_url).out.count("from  https://blog.test/guest") == 2


def test_a_lost_link_and_one_that_is_not_classified(run: Run, sqlite_url: str) -> None:
    assert "lost: a later successful visit did not find it" in run("explain", "list.test", "--store", sqlite_url).out
    assert "run linkcrawler classify" in run("explain", "forum.test/t/1", "--store", sqlite_url).out


def test_hostile_text_cannot_steer_the_terminal(sqlite_url: str) -> None:
    lines = on_terminal(80, "linkcrawler", "explain", "forum.test/t/1", "--store", sqlite_url)

    assert any("=HYPERLINK" in line for line in lines)
    assert not {"\x1b", "\u202e"} & set("".join(lines))


QUOTED = [
    ("one", "Not one but one link.", "Not one but", "link.", "Not one but «one» link."),
    ("4", "See (4), (14) and 4.", "See (4), (1", ") and 4.", "See (4), (1«4») and 4."),
    ("Example", "", "By", "of Bonn", "By «Example» of Bonn"),
    ("", "", "before", "after", "before after"),
]


@pytest.mark.parametrize(("anchor", "sentence", "before", "after", "want"), QUOTED)
def test_the_anchor_is_marked_where_it_stands(anchor: str, sentence: str, before: str, after: str, want: str) -> None:
    context = Context(sentence=sentence, before=before, after=after)

    assert quoted(placement("/", anchor, context=context)) == want


NOT_FOUND = [
    (SEA[:8] + "00000000", SEA),
    (SEA[:6], SEA),
    ("https://sea.test/tide", "https://sea.test/tides"),
    ("https://nowhere.test/", "nor from any page of nowhere.test"),
    ("what is this", "16 hex digits"),
]


@pytest.mark.parametrize(("wanted", "hint"), NOT_FOUND)
def test_what_is_not_found_is_explained(run: Run, sqlite_url: str, wanted: str, hint: str) -> None:
    done = run("explain", wanted, "--store", sqlite_url)

    assert (done.status, done.out) == (2, "")
    assert hint in done.err
    assert "Traceback" not in done.err
