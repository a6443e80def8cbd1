"""The words around a placement."""

from collections.abc import Callable

import pytest

from linkcrawler.capture import Capture
from linkcrawler.records import Context

Capturing = Callable[..., Capture]
LINK = '<a href="https://example.org/">this study</a>'


def context(capture: Capturing, html: str) -> Context:
    (placement,) = capture(html).placements
    return placement.context


SENTENCES = {
    "en": (
        "Dr. Smith wrote it in Jan. 2019. He cites {}, e.g. on p. 4. More follows.",
        "He cites this study, e.g. on p. 4.",
    ),
    "de": (
        "Das gilt z. B. hier. Laut {} sinkt der Wert um ca. 3 Prozent. Punkt.",
        "Laut this study sinkt der Wert um ca. 3 Prozent.",
    ),
    "ja": ("最初の文です。詳しくは{}をご覧ください。次の文です。", "詳しくはthis studyをご覧ください。"),
    "zh": ("第一句话。请看{}！第三句话。", "请看this study！"),
    "fr": ("Une phrase. Selon {}, tout va bien ! Une autre.", "Selon this study, tout va bien !"),
}


@pytest.mark.parametrize(("language", "case"), SENTENCES.items(), ids=SENTENCES)
def test_the_sentence_that_holds_the_link(capture: Capturing, language: str, case: tuple[str, str]) -> None:
    text, want = case

    assert context(capture, f"<html lang={language}><p>{text.format(LINK)}</p>").sentence == want


def test_a_link_alone_stands_in_no_sentence(capture: Capturing) -> None:
    assert context(capture, f"<p>Before.</p><ul><li>{LINK}</li></ul><p>After.</p>").sentence == ""


def test_lines_of_an_address_are_no_sentence(capture: Capturing) -> None:
    assert (
        context(capture, f"<p>Museum of Tea<br>Leaf Street 4<br>Site: {LINK}<br>Open daily</p>").sentence
        == "Site: this study"
    )


def test_before_and_after_keep_the_spaces_of_the_page(capture: Capturing) -> None:
    found = context(capture, f"<p>As  shown\nin&nbsp;({LINK}), it <b>works</b>.</p>")

    assert (found.before, found.after) == ("As shown in (", "), it works.")


def test_long_text_is_cut_at_words(capture: Capturing) -> None:
    found = context(capture, f"<p>{'alpha ' * 200}{LINK}{' omega' * 200}</p>")

    assert len(found.before) <= 240
    assert len(found.after) <= 240
    assert set(found.before.split()) == {"alpha"}
    assert set(found.after.split()) == {"omega"}
    assert len(found.block) <= 600


def test_context_does_not_cross_a_landmark(capture: Capturing) -> None:
    found = context(capture, f"<main><p>Sponsored by nobody.</p></main><footer><p>Made by {LINK}</p></footer>")

    assert found.before == "Made by "


def test_only_what_a_reader_sees(capture: Capturing) -> None:
    hidden = "<script>a</script><style>b</style><span hidden>c</span><template>d</template><!-- e -->"
    hidden += "<i style='display:none'>f</i><noscript>g</noscript>"

    assert context(capture, f"<p>One{hidden} t\u00adw\u200bo \u202e{LINK}</p>").before == "One two "


def test_headings_above(capture: Capturing) -> None:
    html = f"<h1>Tea</h1><h2>Green</h2><h3>Old</h3><h2>Black</h2><h3>Ceylon</h3><p>{LINK}</p><h4>Later</h4>"

    assert context(capture, html).heading == ("Tea", "Black", "Ceylon")


TEXT = f"<article><h1>Tea</h1><p>{'Leaves are picked by hand. ' * 20}</p><h3>Leave a Reply</h3><form></form></article>"
BOX = f"<h4>Friends</h4><ul><li>{LINK}</ul>"
SECTIONS = {
    "footer": (f"{TEXT}<footer><p>{LINK}</p></footer>", ()),
    "footer with its own": (f"{TEXT}<footer>{BOX}</footer>", ("Friends",)),
    "footer after a sidebar": (f"{TEXT}<aside><h4>Tags</h4><p>a b c</p></aside><footer><p>{LINK}</p></footer>", ()),
    "sidebar by its name": (f"{TEXT}<div class='sidebar'><div class='widget'><p>{LINK}</p></div></div>", ()),
    "sidebar with its own": (f"{TEXT}<div class='sidebar'><div class='widget'>{BOX}</div></div>", ("Friends",)),
    "text after a sidebar": (
        f"<div class='sidebar'><h4>Tags</h4><p>a b c</p></div><main><p>{'Tea is good. ' * 20}{LINK}</p></main>",
        (),
    ),
    "menu within the text": (f"<article><h1>Tea</h1><div><h2>More</h2><nav>{LINK}</nav></div></article>", ("More",)),
}


@pytest.mark.parametrize(("html", "want"), SECTIONS.values(), ids=SECTIONS.keys())
def test_headings_speak_of_their_own_section(capture: Capturing, html: str, want: tuple[str, ...]) -> None:
    assert context(capture, html).heading == want


WITHIN = {
    f"<ul><li>{LINK}</ul>": ("list",),
    f"<table><tr><td><ul><li>{LINK}</table>": ("table", "cell", "list"),
    f"<figure><figcaption>{LINK}</figcaption></figure>": ("figure", "caption"),
    f"<blockquote><p>{LINK}</blockquote>": ("quote",),
    f"<pre><code>{LINK}</code></pre>": ("code",),
    f"<h2>{LINK}</h2>": ("heading",),
    f'<ol class="references"><li>{LINK}</ol>': ("list", "footnote"),
}


@pytest.mark.parametrize(("html", "want"), WITHIN.items(), ids=range(len(WITHIN)))
def test_enclosures(capture: Capturing, html: str, want: tuple[str, ...]) -> None:
    assert context(capture, html).within == want


def test_a_comment_belongs_to_its_writer(capture: Capturing) -> None:
    html = f"""<article><p>{"Text of the post. " * 20}</p></article><ol class="comments">
    <li class="comment"><cite class="fn">Ada L.</cite> <time datetime="2020-02-03T10:00:00Z">3 Feb</time>
    <p>I like {LINK}.</p></li>
    <li class="comment"><cite class="fn">Bob</cite><p>Me too.</p></li></ol>"""
    found = context(capture, html)

    assert (found.owner, found.owner_date) == ("Ada L.", "2020-02-03T10:00:00Z")
