"""Page facts: what is read off pages written for one question each, and what holds on real pages."""

import gzip
import json
import random
import re
from pathlib import Path

import msgspec
import pytest

from linkcrawler.capture import structured
from linkcrawler.capture.document import parse
from linkcrawler.capture.engines import EngineSigns, load_engine_signs
from linkcrawler.capture.facts import page_facts
from linkcrawler.capture.region_words import RegionWords, load_region_words
from linkcrawler.capture.regions import Regions
from linkcrawler.capture.visible import Seen
from linkcrawler.errors import ConfigError
from linkcrawler.lexicons import Lexicons, load_lexicons
from linkcrawler.records import Page
from linkcrawler.urls import Base
from linkcrawler.walk import Walk

URL = "https://page.example/2024/rivers"
PROSE = "<p>" + "The river rose in the night and by morning the lower road was gone. " * 8 + "</p>"

MAX_FACT_BYTES = 12_000


class Reader:
    """Reads facts with the shipped configuration."""

    def __init__(self) -> None:
        self.words: RegionWords = load_region_words()
        self.signs: EngineSigns = load_engine_signs()
        self.lexicons: Lexicons = load_lexicons()

    def read(self, body: bytes, url: str = URL) -> Page | None:
        document = parse(body, url)
        if document.root is None:
            return None
        walk = Walk(document.root)
        regions = Regions(walk, self.words, url)
        base = Base(document.base_url)
        return page_facts(
            walk,
            Seen(walk).steps(walk.root),
            structured.json_ld(walk),
            url=url,
            base=base,
            regions=regions,
            signs=self.signs,
            lexicons=self.lexicons,
        )

    def of(self, body: str = "", head: str = "", url: str = URL) -> Page:
        page = self.read(f"<html lang=en><head>{head}</head><body>{body}</body></html>".encode(), url)
        assert page is not None
        return page


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def json_ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_head(reader: Reader) -> None:
    page = reader.of(
        head="<title> Rivers \n rise </title><meta name=description content='A  night.'>"
        "<link rel=canonical href='/rivers?b=2&a=1'><meta name=robots content='NoIndex, max-snippet:-1'>"
        "<meta property=og:site_name content='The Valley'>"
    )

    assert (page.title, page.description, page.site_name) == ("Rivers rise", "A night.", "The Valley")
    assert page.canonical_url == "https://page.example/rivers?a=1&b=2"
    assert page.meta_robots == ("noindex", "max-snippet:-1")


@pytest.mark.parametrize(
    ("tag", "want"),
    [
        ('<html lang="de-AT">', "de"),
        ('<html xml:lang="pt_BR">', "pt"),
        ("<html><meta http-equiv=content-language content='cs, en'>", "cs"),
        ("<html><meta property=og:locale content=nb_NO>", "nb"),
        (
            "<html lang='{{ lang }}'><p>Der Fluss stieg in der Nacht, und am Morgen war die untere Strasse fort.</p>",
            "de",
        ),
        ("<html><p>kurz", ""),
        (f"<html lang=en><p>{'Der Fluss stieg in der Nacht, und die untere Strasse war fort. ' * 9}", "de"),
        (f"<html lang=en><p>{'The river rose in the night and the lower road was gone. ' * 9}", "en"),
    ],
)
def test_language(reader: Reader, tag: str, want: str) -> None:
    page = reader.read(f"{tag}<body><p>x</p></body></html>".encode())

    assert page is not None
    assert page.language == want


def test_author_by_reference(reader: Reader) -> None:
    """Publishing plugins name the author in one node and describe the person in another."""
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "author": {"@id": "#ann"}, "publisher": {"@id": "#valley"}},
            {"@type": "Person", "@id": "#ann", "name": "Ann Brook", "sameAs": ["https://ann.example/"]},
            {"@type": "Organization", "@id": "#valley", "name": "The Valley"},
        ]
    }
    page = reader.of(head=json_ld(graph))

    assert (page.author, page.author_urls, page.publisher) == ("Ann Brook", ("https://ann.example/",), "The Valley")
    assert page.article_types == ("NewsArticle", "Person", "Organization")


@pytest.mark.parametrize(
    ("head", "body", "want"),
    [
        (json_ld({"@type": "BlogPosting", "author": [{"name": "Ann"}, {"name": "Bob"}]}), "", "Ann, Bob"),
        (json_ld({"@type": "Article", "author": "Von Ann Brook"}), "", "Ann Brook"),
        ("<meta name=author content='Ann Brook'>", "", "Ann Brook"),
        ("<meta name=author content='https://ann.example'>", "<a rel=author href=/ann>Ann  Brook</a>", "Ann Brook"),
        ("", "<span itemprop=author><b>Ann</b> Brook</span>", "Ann Brook"),
        ("", "<div itemprop=author><p itemprop=name>Ann Brook</p>Ann has walked since 1990.</div>", "Ann Brook"),
        (json_ld({"@type": "Article", "author": {"name": "<a href='/ann'>Ann Brook</a>"}}), "", "Ann Brook"),
        ("", "<p>Nobody</p>", ""),
    ],
)
def test_author(reader: Reader, head: str, body: str, want: str) -> None:
    assert reader.of(body, head).author == want


def test_commenters_are_no_authors(reader: Reader) -> None:
    data = {
        "@type": "BlogPosting",
        "author": {"@type": "Person", "name": "Ann", "url": "https://ann.example/"},
        "comment": [{"@type": "Comment", "author": {"@type": "Person", "name": "Bob", "url": "https://bob.example/"}}],
    }
    page = reader.of(head=json_ld(data))

    assert (page.author, page.author_urls) == ("Ann", ("https://ann.example/",))


def test_byline_and_kicker(reader: Reader) -> None:
    page = reader.of(
        f"<article><p class=kicker>Guest post</p><h1>Rivers</h1><p class=post-byline>by Ann Brook</p>{PROSE}</article>"
    )

    assert page.byline == "Guest post | by Ann Brook"


def test_article_types_and_labels(reader: Reader) -> None:
    page = reader.of(
        "<div itemscope itemtype='https://schema.org/AdvertiserContentArticle'><a rel=tag href=/t>Sponsored</a></div>",
        "<meta property=og:type content=article><meta property=article:section content='News, Partner'>"
        + json_ld({"@type": ["WebPage"], "primaryImageOfPage": {"@type": "ImageObject"}}),
    )

    assert page.article_types == ("AdvertiserContentArticle", "WebPage", "og:article")
    assert page.labels == ("News", "Partner", "Sponsored")


@pytest.mark.parametrize(
    ("want", "head", "url"),
    [
        ("wordpress", "<meta name=generator content='WordPress 6.1'>", URL),
        ("wordpress", "<link rel=stylesheet href=/wp-content/themes/x/style.css>", URL),
        ("discourse", "<meta name=generator content='Discourse 3.1'>", URL),
        ("phpbb", "", "https://page.example/forum/viewtopic.php?t=7"),
        ("mediawiki", "<script src='/w/load.php?lang=en'></script>", URL),
        ("blogger", "", "https://rivers.blogspot.com/2010/01/a.html"),
        ("drupal", "<script src=/sites/default/files/js/a.js></script>", URL),
        ("joomla", "<script src=/media/system/js/core.js></script>", URL),
        ("shopify", "<script src=https://cdn.shopify.com/s/a.js></script>", URL),
        ("ghost", "<meta name=generator content='Ghost 5.2'><link href=/wp-content/old.css rel=stylesheet>", URL),
        ("", "<link rel=stylesheet href=/style.css><img src=/image/a.png>", URL),
    ],
)
def test_engine(reader: Reader, want: str, head: str, url: str) -> None:
    assert reader.of(PROSE, head, url).engine == want


def test_services(reader: Reader) -> None:
    page = reader.of(
        "<iframe src=https://valley.disqus.com/embed/comments></iframe>",
        "<script src=https://s.skimresources.com/js/1X2.skimlinks.js></script>",
    )

    assert page.services == ("comments:disqus", "affiliate:skimlinks")


def test_notices_carry_their_scope(reader: Reader) -> None:
    page = reader.of(
        "<article><p class=kicker>Sponsored post</p><h1>Rivers</h1>"
        f"{PROSE}{PROSE * 9}<p>This article contains affiliate links. We walk a lot.</p></article>"
        "<div class=comments><p>Is this a sponsored post?</p></div>"
        "<footer><p>We may earn a commission from links.</p></footer>",
        "<title>Advertorial: rivers</title>",
    )

    assert {notice.split(":")[0] for notice in page.notices} == {"title", "header", "body", "footer"}
    assert "header: Sponsored post" in page.notices
    assert not any("Is this" in notice for notice in page.notices)


def test_notices_are_bounded(reader: Reader) -> None:
    page = reader.of("".join(f"<p>Paid partnership number {n}. {'word ' * 300}</p>" for n in range(60)))

    assert 0 < len(page.notices) <= 16
    assert all(len(notice) <= 260 for notice in page.notices)


def test_lead_and_tail_hold_running_text(reader: Reader) -> None:
    page = reader.of(
        "<nav><a href=/>Home</a></nav><p>Skip</p>"
        f"<main><h1>Rivers rise</h1><p>LISBON, 3 May - It rained.</p>{PROSE * 9}"
        "<p>About Valley: Valley makes boats.</p><p><a href=/more>Ten more stories</a></p></main>"
    )

    assert page.lead.startswith("Rivers rise LISBON, 3 May - It rained.")
    assert page.tail.endswith("About Valley: Valley makes boats.")
    assert len(page.lead) <= 600
    assert len(page.tail) <= 600


def test_hidden_text_is_not_read(reader: Reader) -> None:
    page = reader.of(f"<main>{PROSE}<p style='display: none'>Hidden</p><template><p>Mould</p></template></main>")

    assert "Hidden" not in page.tail
    assert "Mould" not in page.tail


def test_copyright(reader: Reader) -> None:
    page = reader.of(f"{PROSE}<p>Photo © Bob</p><footer><p>All rights reserved © 2024 Valley Ltd</p></footer>")

    assert page.copyright == "© 2024 Valley Ltd"


def test_link_shares(reader: Reader) -> None:
    links = [
        "<a href=/own rel=nofollow>own</a>",
        "<a href=https://www.example.org/sub rel=nofollow>own</a>",
        "<a href=https://a.example/ rel='NOFOLLOW noopener'>a</a>",
        "<a href=https://b.example/ rel=sponsored>b</a>",
        "<a href=//c.example/>c</a>",
        "<a href=https://d.example/ rel=ugc>d</a>",
    ]
    page = reader.of(" ".join(links), url="https://example.org/")

    assert (page.nofollow_share, page.sponsored_share) == (0.75, 0.25)


def test_what_a_page_offers_to_machines(reader: Reader) -> None:
    page = reader.of(
        f"{PROSE}<a rel=webmention href=>mention</a><a rel='webmention nofollow' href=//hook.example/in>to</a>"
        "<a rel=hub>no address</a><a rel=alternate type=application/rss+xml href=/menu.xml>a link, no feed</a>",
        "<link rel=alternate type='application/rss+xml' href=/feed><link rel=alternate hreflang=de href=/de/>"
        "<link rel='HUB' href=https://hub.example/><link rel=pingback href=https://page.example/xmlrpc.php>"
        "<link rel=alternate type=application/rss+xml href=/feed><link rel=webmention href='https://['>",
    )

    assert page.endpoints == (
        "feed https://page.example/feed",
        "hub https://hub.example/",
        "pingback https://page.example/xmlrpc.php",
        f"webmention {URL}",
        "webmention https://hook.example/in",
    )


def test_owner_ids(reader: Reader) -> None:
    page = reader.of(
        f"{PROSE}<ins data-ad-client=ca-pub-1234567890123456></ins><footer><p>USt-IdNr.: DE 123 456 789</p>"
        "<p>Amtsgericht Musterstadt, HRB 4711</p></footer>",
        "<meta name=google-site-verification content=abcDEF>"
        "<script>ga('create','UA-1234567-2'); gtag('config','G-AB12CD34EF'); fbq('init', '123456789012');</script>"
        "<script src=https://www.googletagmanager.com/gtm.js?id=GTM-AB12CD></script>",
    )

    assert page.owner_ids == (
        "ga:ua-1234567",
        "ga:g-ab12cd34ef",
        "gtm:gtm-ab12cd",
        "adsense:pub-1234567890123456",
        "fbpixel:123456789012",
        "vat:DE123456789",
        "register:4711",
        "verification:abcDEF",
    )


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "Article",}</script>',
        f'<script type="application/ld+json">{"[" * 50_000}</script>',
        '<script type="application/ld+json">"just text"</script>',
        '<script type="application/ld+json">{"@type": 7, "author": [[null]], "publisher": 3}</script>',
        json_ld({"@type": "Article", "author": {"name": {"@value": 1}}, "@id": []}),
        json_ld({"@type": "Article", "author": "<!-- -->"}),
        json_ld({"@type": "Article", "author": "<"}),
        json_ld({"@type": ["A\ud800", "\0"], "author": {"name": "\udfff\0<b"}, "publisher": {"name": "\ud83d"}}),
        "<meta name=author content='<<a>'><meta name=author content='<![CDATA['>",
        "<meta content=x><meta name='' content=''>",
        "<link rel=canonical href='http://[broken'>",
    ],
)
def test_broken_declarations_are_passed_over(reader: Reader, head: str) -> None:
    page = reader.of("<p>Text</p>", head)

    assert page.lead == "Text"
    assert msgspec.json.encode(page).decode("utf-8")


def test_data_in_an_xml_section_is_read(reader: Reader) -> None:
    section = '<script type="application/ld+json">//<![CDATA[\n{"@type": "Article", "author": "Ann"}\n//]]></script>'

    assert reader.of(head=section).author == "Ann"


def test_unknown_key_of_an_engine_is_fatal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "engines.toml").write_text('[[engine]]\nname = "x"\ncolour = "red"\n', encoding="utf-8")
    monkeypatch.setattr("linkcrawler.config.config_dir", lambda: tmp_path)

    with pytest.raises(ConfigError, match=r"engines\.toml: .*colour"):
        load_engine_signs()


def test_pattern_that_is_no_expression_is_fatal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "engines.toml").write_text("service = []\n[[engine]]\nname = 'x'\nassets = '(a'\n", encoding="utf-8")
    monkeypatch.setattr("linkcrawler.config.config_dir", lambda: tmp_path)

    with pytest.raises(ConfigError, match=r"engines\.toml.*x.*assets"):
        load_engine_signs()


@pytest.fixture(scope="module")
def real_pages(gold: Path) -> list[tuple[str, bytes]]:
    """A sample of real pages: address and body."""
    rows = [json.loads(line) for line in (gold / "pages.jsonl").read_text().splitlines()]
    chosen = random.Random(11).sample(rows, 70)
    return [(row["url"], gzip.decompress((gold / "pages" / row["file"]).read_bytes())) for row in chosen]


@pytest.mark.gold
def test_facts_of_real_pages_are_bounded_and_repeatable(reader: Reader, real_pages: list[tuple[str, bytes]]) -> None:
    read = [(reader.read(body, url), reader.read(body, url)) for url, body in real_pages]

    assert all(first == second for first, second in read)
    assert max(len(msgspec.json.encode(first)) for first, _ in read) <= MAX_FACT_BYTES


@pytest.mark.gold
def test_generator_tags_of_real_pages_are_believed(reader: Reader, real_pages: list[tuple[str, bytes]]) -> None:
    """Checked against the raw bytes: the tag of the commonest engine is found by a plain search."""
    tag = re.compile(rb"<meta name=\"generator\" content=\"WordPress \d", re.IGNORECASE)
    engines = [page.engine for url, body in real_pages if tag.search(body) and (page := reader.read(body, url))]

    assert len(engines) >= 5
    assert set(engines) == {"wordpress"}


@pytest.mark.gold
def test_real_near_duplicates_differ_in_few_bits(reader: Reader, real_pages: list[tuple[str, bytes]]) -> None:
    """One paragraph less moves few bits; texts of different sites differ in many."""
    paragraph = re.compile(rb"<p[^>]*>(?:(?!</?p\b).){150,900}</p>", re.DOTALL)
    prints, moved = [], []
    for url, body in real_pages:
        whole, cut = reader.read(body, url), reader.read(paragraph.sub(b"", body, count=1), url)
        if whole and cut and whole.main_words >= 600 and whole.main_words > cut.main_words >= 0.9 * whole.main_words:
            prints.append(int(whole.simhash, 16))
            moved.append((prints[-1] ^ int(cut.simhash, 16)).bit_count())
    apart = [(one ^ other).bit_count() for at, one in enumerate(prints) for other in prints[:at]]

    assert len(moved) >= 10
    assert max(moved) <= 14
    assert sum(bits <= 14 for bits in apart) <= 0.01 * len(apart)
