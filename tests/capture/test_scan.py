"""The scan of a page gives the links of its tree, or leaves the page to it."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcrawler.capture.document import cleaned, parse_cleaned
from linkcrawler.capture.places import places
from linkcrawler.capture.scan import MAX_SCANNED_BYTES, scan
from tests.capture import corpus
from tests.capture.cutters import CUTTERS, NO_COMPILER
from tests.capture.mutations import spoil

URL = "https://blog.example/a/b"


@pytest.fixture(params=["patterns", "compiled"])
def cutter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cuts the tags of the pages that the test scans."""
    if request.param not in CUTTERS:
        pytest.skip(NO_COMPILER)
    monkeypatch.setattr("linkcrawler.capture.scan.cut", CUTTERS[request.param])


def same_as_tree(body: bytes) -> bool:
    """Whether the page was scanned; the links are compared if it was."""
    utf8, _ = cleaned(body)
    scanned, document = scan(utf8, URL), parse_cleaned(utf8, URL)
    if scanned is None:
        return False
    assert [href for href, _ in scanned.links] == [href for href, _ in document.links], body[:2000]
    assert scanned.base_url == document.base_url
    assert all(utf8[at : at + 2].lower() == b"<a" for _, at in scanned.links)
    return True


UNDERSTOOD = [
    "<a href=1>x<A HREF='2'>y<area href=\"3\"><a name=n><a\thref = 4 >",
    "<a title='a > b <a href=0>' href=1><div data-html=\"<a href='/no'>\">",
    "<!-- <a href=0> --><a href=1><!-- - -- -><a href=0> --->",
    "<script>'<a href=0>' <!-- </script><a href=1><SCRIPT>if (a</b/) '<script>'</script ><a href=2>",
    "<style><a href=0></style><title><a href=0></title><textarea><a href=0></p></textarea><a href=1>",
    "<iframe><a href=0></iframe><noembed><a href=0></noembed><xmp><a href=0></xmp><noscript><a href=1></noscript>",
    "<svg><title><a href=0></title><a href=1></svg><template><a href=2><template><a href=3></template></template>",
    "<a href=1><base href=/z/><a href=2><base href=/y/>",
    "<a href='?a=1&amp;b=2&copy=3&c=4'><a href='?&copy;&#38;x&notit;&amp'><a href='x\r\ny'>",
    "<a href><a href=><a href=''><a class=x\"y href=1><a class='x'href=2><p id=>",
    "<![if IE]><a href=1><![endif]><?xml version='1'?><!doctype html PUBLIC ''><a href=2>1 < 2 <3 </><a/href=3>",
    "<select><a href=1></select><table><a href=2><tr><a href=3><frameset><a href=4></body><a href=5></html> </html>",
    "<abbr><article><a:b href=0><base2 href=/x/><areas href=0><a data-href=0 xlink:href=0><a href=1>",
    '<a href=1 href=2><a title="x"" href=3 y><p x \' y="<a href=0>"><a href=4>',
    "<a href='\u00e9 \u4e2d\x01\x0b'>\u00e9<a href=\u00fc>",
]
BROKEN = [
    "<!-- a --!><a href=1>",
    "<!--><a href=1>",
    "<!---><a href=1>",
    "<a href=1><p></p <a href=2>",
    '<a href=1><p ="> <a href=2>"><a href=3>',
    '<a href=1><p a=b ="> <a href=2>"><a href=3>',
    "<a href=1><p title=<a href=2>",
    "<a href=1><p",
    '<a href=1><a href=\'2><p><a href="3">',
    "<a href=1><!-- <a href=2>",
    "<a href=1><title><a href=2>",
    "<a href=1><script>'<!--'<a href=2>",
    "<a href=1><plaintext><a href=2>",
    "<ahref=0><a href=1>",
    '<p a"="<a href=0>"><a href=1>',
    "<a href=1><!-- a --!><a href=2><!--><a href=3><!---><a href=4><!--!><a href=0>--><!----!><a href=5>",
    "<a href=1><script><!-- <script> </script><a href=0>--></script><a href=2>",
    "<script><!-- <script></script></script><a href=1><script><!--><script></script><a href=2>",
    "<script><!-- <scripted></script><a href=1><script><!-- <script --></script><a href=2>",
    "</p title='<a href=0>'><a href=1></><a href \n=2><img src=x < div><a href=3><br\n<br>\n</a><a href=4>",
    "<a href=1><p a=b =\"<a href=0>\"><a href='2\"><a href=\"3'></script/><style></style x='>'><a href=4>",
    "<a href=1><p x='<html>'</html><a href=2></HTML\n><p>x<a href=3>",
]
LEFT_TO_THE_TREE = [
    "<a href=1><script src=x /><a href=2></script>", "<a href=1><title/><a href=2>", "<a href=1><html/><a href=2>",
    "<a href='1><p><a href=\"2\">", "<!-- <a href=1>", "<script><!-- <script> </script><a href=1>--></script>",
    "<script src=x /><a href=1></script>", "<![CDATA[<a href=1>]]>", "<plaintext><a href=1>", "<p>text",
    "<p =\"<a href=1>\">", "<title><a href=1>", "", "<p title=<a href=1>", "<html/><a href=1>",
]  # fmt: skip


@pytest.mark.usefixtures("cutter")
@pytest.mark.parametrize("page", UNDERSTOOD)
def test_pages_that_the_standard_reads_in_one_way_are_scanned(page: str) -> None:
    assert same_as_tree(page.encode())
    assert same_as_tree(b"\xff\xfe" + page.encode("utf-16-le"))
    assert same_as_tree(page.replace("<", "\0<").replace("=", "\0=").encode())


@pytest.mark.usefixtures("cutter")
@pytest.mark.parametrize(
    "page", ["<html><p></html><a href=1>", "<p>x</p></body></HTML ><div><a href=1>x</a></div></html>"]
)
def test_links_behind_the_end_of_the_page_are_links_as_in_browsers(page: str) -> None:
    assert same_as_tree(page.encode())
    assert [href for href, _ in parse_cleaned(page.encode(), URL).links] == ["1"]


@pytest.mark.parametrize("page", BROKEN)
def test_broken_pages_are_scanned_by_compiled_code_alone(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "compiled" not in CUTTERS:
        pytest.skip(NO_COMPILER)
    assert same_as_tree(page.encode())
    monkeypatch.setattr("linkcrawler.capture.scan.cut", CUTTERS["patterns"])
    assert not same_as_tree(page.encode())


@pytest.mark.usefixtures("cutter")
@pytest.mark.parametrize("page", LEFT_TO_THE_TREE)
def test_pages_that_are_not_sure_are_left_to_the_tree(page: str) -> None:
    assert not same_as_tree(page.encode())


def test_a_page_that_nests_deeper_than_the_parser_goes_keeps_its_links() -> None:
    scanned = scan(b"<div>" * 5000 + b"<a href=1>", URL)

    assert scanned is not None
    assert scanned.links == [("1", 25_000)]


def test_a_huge_page_is_left_to_the_tree() -> None:
    assert scan(b"<a href=1>".ljust(MAX_SCANNED_BYTES + 1), URL) is None


_PIECES = st.sampled_from([
    "<a href=1>", "<a href='2&amp;x'>", '<A class="x" HREF = "/3">', "<area href=4/>", "<base href=/b/>", "<base>",
    "</a>", "<a", "<", ">", "/>", "'", '"', "=", " ", "\n", "/", "x", "href", "href=", "<p", "<div class='a'>",
    "</div>", "</", "<!--", "-->", "--!>", "-", "<!", "<?", "]]>", "<![CDATA[", "<!doctype html>", "<script>",
    "</script>", "<script ", "</script", "<style>", "</style>", "<title>", "</title>", "<textarea", "</textarea>",
    "<iframe>", "</iframe>", "&", "<noscript>", "</noscript>", "<template>", "</template>", "<svg>", "<plaintext",
    "&copy", ";", "\0", "\x0b", "\x0c", "\u00e9", "<xmp>", "</xmp>", "<noembed>", "</noembed>",
    "<h1 title=\"<a href=5>\">", "<select>", "<head>", "<body>", "<html>", "</html>", "<html/>", "<body/>",
    "</body>", "<head/>", "</head>", "<frameset>", "</frameset>", "<p/>",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=25))
@settings(max_examples=1500, deadline=None)
def test_whatever_a_page_is_made_of(pieces: list[str]) -> None:
    same_as_tree("".join(pieces).encode())


@given(st.lists(_PIECES, min_size=1, max_size=3), st.data())
@settings(max_examples=500, deadline=None)
def test_pages_that_are_understood_but_for_a_piece(pieces: list[str], data: st.DataObject) -> None:
    page = "".join(UNDERSTOOD)
    at = data.draw(st.integers(0, len(page)))
    same_as_tree(f"{page[:at]}{''.join(pieces)}{page[at:]}".encode())


@pytest.mark.gold
@pytest.mark.usefixtures("cutter")
def test_real_pages_are_scanned_as_they_are_parsed(gold: Path) -> None:
    scanned = [same_as_tree(corpus.body(gold, row)) for row in corpus.rows(gold)]

    assert sum(scanned) > 0.85 * len(scanned)


@pytest.mark.gold
def test_places_on_real_pages_are_those_of_their_trees(gold: Path) -> None:
    same = seen = 0
    for row in corpus.rows(gold)[::9]:
        utf8, _ = cleaned(corpus.body(gold, row))
        if scanned := scan(utf8, URL):
            tags, elements = dict(reversed(scanned.links)), dict(reversed(parse_cleaned(utf8, URL).links))
            pairs = zip(places(tags, {}, tags, utf8), places(elements, {}, tags), strict=True)
            told = [one == other for one, other in pairs]
            same, seen = same + sum(told), seen + len(told)

    assert same > 0.97 * seen


@pytest.mark.gold
@pytest.mark.usefixtures("cutter")
def test_spoiled_pages_are_scanned_as_they_are_parsed(gold: Path) -> None:
    random, rows = Random(3), corpus.rows(gold)
    scanned = 0
    for _ in range(300):
        body, _ = spoil(random, corpus.body(gold, random.choice(rows)), b"<p>See <a href='/x'>this</a>.</p>")
        if not parse_cleaned(cleaned(body)[0], URL).truncated:
            scanned += same_as_tree(body)

    assert scanned > 100
