"""Which elements count as placements of a target, and what is kept of each. One line of HTML a case."""

from collections.abc import Callable

import pytest

from linkcrawler.capture import Capture

Capturing = Callable[..., Capture]

SPELLINGS = {
    "plain": "https://example.org/x",
    "entities": "https://&#101;xample&period;org/x",
    "percent escapes in the host": "https://ex%61mple.org/x",
    "upper case": "HTTPS://EXAMPLE.ORG/x",
    "protocol-relative": "//example.org/x",
    "trailing dot": "https://example.org./x",
    "default port": "https://example.org:443/x",
    "user": "https://me:secret@example.org/x",
    "tabs and newlines": "ht\ttps://exam\nple.org/x",
    "spaces around": "  https://example.org/x \n",
    "backslashes": "https:\\\\example.org\\x",
    "one slash": "https:/example.org/x",
    "full-width dot": "https://example。org/x",
}


@pytest.mark.parametrize("href", SPELLINGS.values(), ids=SPELLINGS)
def test_spellings_of_one_address(capture: Capturing, href: str) -> None:
    (placement,) = capture(f'<p>See <a href="{href}">this</a>.</p>', url="http://blog.test/").placements

    assert placement.target_url.partition("://")[2] == "example.org/x"
    assert (placement.kind, placement.via, placement.anchor) == ("a", (), "this")


@pytest.mark.parametrize("spec", ["bücher.example", "xn--bcher-kva.example"])
@pytest.mark.parametrize(
    "href", ["https://bücher.example/", "https://xn--bcher-kva.example/", "https://B%C3%9CCHER.example"]
)
def test_internationalised_names(capture: Capturing, spec: str, href: str) -> None:
    (placement,) = capture(f'<a href="{href}">x</a>', targets=spec).placements

    assert (placement.target, placement.target_url) == (spec, "https://xn--bcher-kva.example/")


KINDS = {
    "a": '<a href="https://example.org/">x</a>',
    "area": '<map><area href="https://example.org/" alt="x"></map>',
    "canonical": '<link rel="canonical" href="https://example.org/">',
    "alternate": '<link rel="Alternate" hreflang="de" href="https://example.org/">',
    "iframe": '<iframe src="https://example.org/"></iframe>',
    "embed": '<object data="https://example.org/"></object>',
    "form": '<form action="https://example.org/"><input></form>',
    "refresh": '<meta http-equiv="Refresh" content="0; URL=\'https://example.org/\'">',
    "structured_data": '<script type="application/ld+json">{"@type": "Person", "sameAs": ["https://example.org/"]}</script>',
}


@pytest.mark.parametrize(("kind", "html"), KINDS.items(), ids=KINDS)
def test_kinds(capture: Capturing, kind: str, html: str) -> None:
    (placement,) = capture(f"<html><body>{html}<p>Some text.</p></body></html>").placements

    assert placement.kind == kind
    assert placement.target_url == "https://example.org/"


REDIRECTED = {
    "https://www.google.com/url?q=https://example.org/x&sa=D": "https://example.org/x",
    "https://www.google.co.uk/url?url=https%3A%2F%2Fexample.org%2Fx": "https://example.org/x",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fx&h=AT0": "https://example.org/x",
    "https://www.youtube.com/redirect?event=video&q=https%3A%2F%2Fexample.org%2Fx": "https://example.org/x",
    "https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.org%2Fx&t=1": "https://example.org/x",
    "https://href.li/?https://example.org/x": "https://example.org/x",
    "https://www.awin1.com/cread.php?awinmid=1&ued=https%3A%2F%2Fexample.org%2Fx": "https://example.org/x",
    "https://click.linksynergy.com/deeplink?id=1&murl=https%3A%2F%2Fexample.org%2Fx": "https://example.org/x",
    "https://go.skimresources.com/?id=1&url=https%253A%252F%252Fexample.org%252Fx": "https://example.org/x",
    "https://forum.test/out.php?u=https%3A%2F%2Fexample.org%2Fx": "https://example.org/x",
    "/redirect?to=https://example.org/x": "https://example.org/x",
    "https://www.bing.com/ck/a?!&&p=1f&u=a1aHR0cHM6Ly9leGFtcGxlLm9yZy94&ntb=1": "https://example.org/x",
    "https://portal.test/engine/go.php?url=aHR0cHM6Ly9leGFtcGxlLm9yZy94": "https://example.org/x",
    "/out/aHR0cHM6Ly9leGFtcGxlLm9yZy8_YT3wn5iA": "https://example.org/?a=%F0%9F%98%80",
    "/go.php?url=aHR0cHM6Ly9leGFtcGxlLm9yZy8%2FYT3wn5iA": "https://example.org/?a=%F0%9F%98%80",
}


@pytest.mark.parametrize(("href", "target"), REDIRECTED.items(), ids=REDIRECTED)
def test_redirectors_count_for_where_they_end(capture: Capturing, href: str, target: str) -> None:
    (placement,) = capture(f'<a href="{href}">x</a>').placements

    assert (placement.target_url, len(placement.via)) == (target, 1)


@pytest.mark.parametrize(
    "href",
    [
        "https://www.facebook.com/sharer.php?u=https%3A%2F%2Fexample.org%2Fx",
        "https://twitter.com/intent/tweet?url=https%3A%2F%2Fexample.org%2Fx",
        "https://web.archive.org/web/2020/https://example.org/x",
        "https://login.test/login?redirect=https%3A%2F%2Fexample.org%2Fx",
        "/engine/go.php?url=aHR0cHM6Ly",
        "https://portal.test/img/aHR0cHM6Ly9leGFtcGxlLm9yZy94",
        "mailto:me@example.org",
        "https://notexample.org/",
        "https://example.org.evil.test/",
    ],
)
def test_what_only_names_the_target_does_not_lead_there(capture: Capturing, href: str) -> None:
    assert not capture(f'<a href="{href}">x</a>').placements


def test_a_redirector_that_is_itself_the_target_is_a_direct_link(capture: Capturing) -> None:
    href = "https://www.awin1.com/cread.php?ued=https%3A%2F%2Fexample.org%2F"
    (placement,) = capture(f'<a href="{href}">x</a>', targets="awin1.com,example.org").placements

    assert (placement.target, placement.via) == ("awin1.com", ())


def test_the_first_base_counts_wherever_it_stands(capture: Capturing) -> None:
    found = capture(
        '<p><a href="x">one</a></p><base target="_top"><base href="https://example.org/dir/"><base href="/no/">'
    )

    assert [p.target_url for p in found.placements] == ["https://example.org/dir/x"]


def test_a_site_does_not_link_back_to_itself(capture: Capturing) -> None:
    html = '<a href="https://example.org/">home</a><a href="https://other.example/">other</a>'
    found = capture(html, url="https://blog.example.org/", targets="example.org,other.example")

    assert [p.target for p in found.placements] == ["other.example"]


def test_the_narrowest_target_gets_the_link(capture: Capturing) -> None:
    html = '<a href="https://example.org/docs/a">x</a><a href="https://example.org/b">y</a>'
    found = capture(html, targets="example.org,https://example.org/docs/")

    assert [p.target for p in found.placements] == ["https://example.org/docs/", "example.org"]


IMAGES = {
    '<a href="//example.org"><img alt=" A  logo " src=l></a>': ("A logo", True, ""),
    '<a href="//example.org" title="Home"><svg></svg></a>': ("", True, "Home"),
    '<a href="//example.org"><img alt="logo" src=l> Company</a>': ("Company", False, ""),
    '<a href="//example.org" aria-label="go"></a>': ("", False, "go"),
}


@pytest.mark.parametrize(("html", "want"), IMAGES.items(), ids=range(len(IMAGES)))
def test_image_links(capture: Capturing, html: str, want: tuple[str, bool, str]) -> None:
    (placement,) = capture(html).placements

    assert (placement.anchor, placement.image, placement.title) == want


def test_rel_tokens_keep_their_order_and_lose_their_case(capture: Capturing) -> None:
    (placement,) = capture('<a rel="NoFollow  ugc\nSponsored" href="//example.org">x</a>').placements

    assert placement.rel == ("nofollow", "ugc", "sponsored")


@pytest.mark.parametrize(
    "around", ["<div hidden>{}</div>", '<p style="display : none">{}</p>', "<noscript>{}</noscript>"]
)
def test_hidden_links_are_kept_and_marked(capture: Capturing, around: str) -> None:
    link = 'Read <a href="//example.org">this</a> now.'
    (placement,) = capture(f"<p>Shown text.</p>{around.format(link)}").placements

    assert placement.hidden
    assert (placement.context.before, placement.anchor, placement.context.after) == ("Read ", "this", " now.")


MENTIONS = {
    "write to info@example.org": [],
    "More at www.example.org, if you like": ["https://www.example.org/"],
    "visit notexample.org or example.organic": [],
    "see https://www.example.org/a/b?c=1.": ["https://www.example.org/a/b?c=1"],
    "EXAMPLE.ORG rocks": ["https://example.org/"],
    '<a href="https://other.test/">example.org</a>': [],
}


@pytest.mark.parametrize(("text", "want"), MENTIONS.items(), ids=MENTIONS)
def test_mentions(capture: Capturing, text: str, want: list[str]) -> None:
    captured = capture(f"<p>{text}</p>")

    assert [p.target_url for p in captured.page.mentions] == want
    assert all(p.kind == "mention" for p in captured.page.mentions)
    assert captured.placements == ()


def test_markup_holds_names_of_the_page_not_roles(capture: Capturing) -> None:
    """The role of a site's header is ``banner``: read as a class it would be an advertisement."""
    (placement,) = capture('<header role="banner" class="top"><a href="https://example.org/">x</a></header>').placements

    assert "banner" not in placement.markup
    assert placement.markup.split()[0] == "top"
