"""Regions: rules on pages written for one question each, and the share right on labelled real pages."""

import gzip
import json
import random
from collections import Counter
from pathlib import Path

import pytest
from lxml import html
from lxml.etree import _Element

from linkcrawler.capture.document import parse
from linkcrawler.capture.region_words import RegionWords, load_region_words, split_names
from linkcrawler.capture.regions import ENTERS, Regions
from linkcrawler.errors import ConfigError
from linkcrawler.vocabulary import Region
from linkcrawler.walk import Walk

PROSE = "<p>" + "The river rose in the night and by morning the lower road was gone. " * 12 + "</p>"
LINK = '<a id="here" href="https://other.example/">Other</a>'
MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("home", "news", "shop", "about", "team", "mail"))


@pytest.fixture(scope="module")
def words() -> RegionWords:
    return load_region_words()


def region_here(words: RegionWords, page: str) -> tuple[Region, str]:
    root = html.document_fromstring(f"<html><body>{page}</body></html>")
    return Regions(Walk(root), words, "https://page.example/").of(root.get_element_by_id("here"))


CASES = {
    "running text": (f"<main>{PROSE}<p>As {LINK} reports, it rained.</p>{PROSE}</main>", Region.BODY),
    "text without any sign": (f"<div>{PROSE}<p>As {LINK} reports.</p>{PROSE}</div>", Region.BODY),
    "menu in a header": (f"<header><nav><ul>{MENU}<li>{LINK}</li></ul></nav></header>{PROSE}", Region.NAV),
    "logo in a header": (f'<div id="site-header"><h1>{LINK}</h1></div>{PROSE}', Region.HEADER),
    "menu in a footer": (f"{PROSE}<footer><nav><ul>{MENU}<li>{LINK}</li></ul></nav></footer>", Region.FOOTER),
    "German footer": (f'{PROSE}<div class="seite-fusszeile">{LINK}</div>', Region.FOOTER),
    "footer of an article": (f"<article>{PROSE}<footer><p>Source: {LINK}</p></footer></article>{PROSE}", Region.BODY),
    "header of an article": (f"<article><header><p>From {LINK}</p></header>{PROSE}</article>", Region.BODY),
    "widget": (f'{PROSE}<aside class="widget"><ul><li>{LINK}</li></ul></aside>{PROSE}', Region.SIDEBAR),
    "aside without links in an article": (
        f"<article>{PROSE}<aside>A note on method, told at length. {LINK}</aside>{PROSE}</article>",
        Region.BODY,
    ),
    "wrapper named after its sidebar": (f'<div class="has-sidebar"><p>{LINK}</p>{PROSE}</div>', Region.BODY),
    "wrapper called sidebar that holds the text": (f'<div id="sidebar">{PROSE}<p>See {LINK}.</p></div>', Region.BODY),
    "word of the body element": (f'<div class="entry-content">{PROSE}<p>See {LINK}.</p></div>', Region.BODY),
    "comment": (f'{PROSE}<ol class="comment-list"><li id="comment-7"><p>{LINK}</p></li></ol>', Region.COMMENT),
    "name over a comment": (
        f'{PROSE}<article class="comment-body"><footer class="comment-meta">{LINK}</footer><p>Nice.</p></article>',
        Region.COMMENT,
    ),
    "recent comments": (f'{PROSE}<ul id="recentcomments"><li>{LINK} on Rivers</li></ul>{PROSE}', Region.SIDEBAR),
    "comment form": (f'{PROSE}<div id="comments"><form id="commentform">{LINK}</form></div>', Region.OTHER),
    "forum post": (f'<div class="postbody"><p>Try {LINK}.</p></div>{PROSE}', Region.COMMENT),
    "embedded tweet": (f"<article>{PROSE}<blockquote class='twitter-tweet'>{LINK}</blockquote></article>", Region.BODY),
    "comments left open around the footer": (
        f'{PROSE}<div id="comments"><p>None yet.</p><div class="site-footer">{LINK}</div></div>',
        Region.FOOTER,
    ),
    "author box": (f"{PROSE}<div class='author-box'><p>Ann runs {LINK}.</p></div>{PROSE}", Region.BIO),
    "byline": (f'<article><p class="byline">By {LINK}</p>{PROSE}</article>', Region.BIO),
    "French author box": (f"{PROSE}<div class='auteur'><p>Anne dirige {LINK}.</p></div>{PROSE}", Region.BIO),
    "teasers": (f"{PROSE}<section class='related-posts'><h3>More</h3>{LINK}</section>{PROSE}", Region.RELATED),
    "share buttons": (f"<article>{PROSE}<ul class='social-share'><li>{LINK}</li></ul></article>", Region.OTHER),
    "consent box": (f"{PROSE}<div class='cookie-banner'><p>We use {LINK}.</p></div>{PROSE}", Region.OTHER),
    "advertising slot": (f"{PROSE}<div class='ad-slot'>{LINK}</div>{PROSE}", Region.AD),
    "shadow is no advertising": (f"{PROSE}<div class='shadow-box'><p>{LINK}</p></div>{PROSE}", Region.BODY),
    "slot that swallowed the menu": (
        f"<div class='ads'><nav><ul>{MENU}<li>{LINK}</li></ul></nav></div>{PROSE}",
        Region.NAV,
    ),
    "label above": (f"{PROSE}<div><span>Anzeige</span><p>{LINK}</p></div>{PROSE}", Region.AD),
    "mark before": (
        f"{PROSE}<div>{LINK.replace('Other', '[PR] Other')}</div>{PROSE}",
        Region.AD,
    ),
    "link that is called advertising": (f"{PROSE}<p>{LINK.replace('Other', 'Advertise')}</p>{PROSE}", Region.BODY),
    "picture of a banner's size": (
        f'{PROSE}<div>{LINK.replace("Other", "<img src=x.gif width=728 height=90>")}</div>{PROSE}',
        Region.AD,
    ),
    "picture of another size": (
        f'{PROSE}<div>{LINK.replace("Other", "<img src=x.jpg width=640 height=480>")}</div>{PROSE}',
        Region.BODY,
    ),
    "column beside the text": (
        f'<div class="row"><div class="col-md-8">{PROSE}</div><div class="col-md-4"><p>{LINK}</p></div></div>',
        Region.SIDEBAR,
    ),
    "cell beside the text": (
        f"<table><tr><td>{LINK}<br><b>Links</b></td><td>{PROSE}</td></tr></table>",
        Region.SIDEBAR,
    ),
    "end of a page without words": (f"<div>{PROSE}</div><div>Made with {LINK}</div>", Region.FOOTER),
    "end of a text": (f"<div>{PROSE}<p>Read {LINK}.</p></div>", Region.BODY),
    "page of links": (
        f"<div><h1>Links</h1><ul>{MENU}<li>{LINK}</li></ul></div>",
        Region.LIST,
    ),
    "list within prose": (
        f"<article>{PROSE}<ul>" + f"<li>Take one of these and carry it home, says {LINK}</li>" * 1
        + "<li>Then rest.</li>" * 4 + f"</ul>{PROSE}</article>",
        Region.BODY,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_region_of(name: str, words: RegionWords) -> None:
    page, wanted = CASES[name]

    region, rule = region_here(words, page)

    assert (region, bool(rule)) == (wanted, True), rule


def test_every_region_can_be_decided(words: RegionWords) -> None:
    assert {wanted for _, wanted in CASES.values()} == set(Region)


def test_every_region_says_what_it_lets_in() -> None:
    assert set(ENTERS) | {Region.LIST} == set(Region)


def test_names_are_split_at_case_and_signs() -> None:
    assert split_names("SiteFooter__top u-wide") == " site-footer-top   u-wide "


def test_words_of_one_name_do_not_join_with_the_next(words: RegionWords) -> None:
    assert words.sign("div", "", "author box") is None
    assert words.sign("div", "", "author-box").region is Region.BIO


def test_names_that_are_ignored_in_a_row_speak_alone(words: RegionWords) -> None:
    assert words.sign("div", "", "Blog1 widget Blog") is None
    assert words.sign("div", "", "Blog1 widget").region is Region.SIDEBAR


@pytest.mark.gold
def test_the_pattern_of_all_words_fits_what_some_list_fits(gold: Path, words: RegionWords) -> None:
    pages = [gzip.decompress(file.read_bytes()) for file in sorted((gold / "pages").iterdir())[::40]]
    roots = [parse(page, "https://page.example/").root for page in pages]
    names = {name for root in roots for element in root.iter() for name in element.get("class", "").split()}
    padded = [split_names(name) for name in names]
    fitting = [name for name in padded if any(pattern.search(name) for _, pattern in words.words)]

    assert fitting == [name for name in padded if words.all_words.search(name)]
    assert 100 < len(fitting) < len(padded) / 2


def test_unknown_key_in_the_vocabulary_is_fatal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "regions.toml").write_text('colour = "red"', encoding="utf-8")
    monkeypatch.setattr("linkcrawler.config.config_dir", lambda: tmp_path)

    with pytest.raises(ConfigError, match=r"regions\.toml: .*colour.*a right entry looks like"):
        load_region_words()


def test_deep_pages_are_answered(words: RegionWords) -> None:
    page = f"<nav>{'<div class=x>' * 1500}{LINK}{'</div>' * 1500}</nav>{PROSE}"
    root = parse(page.encode(), "https://page.example/").root
    regions = Regions(Walk(root), words, "https://page.example/")

    assert {regions.of(link)[0] for link in root.iter("a")} == {Region.NAV}


def _links(gold: Path, file: str, url: str) -> tuple[_Element, dict[str, list[_Element]]]:
    root = parse(gzip.decompress((gold / "pages" / file).read_bytes()), url).root
    links: dict[str, list[_Element]] = {}
    for element in root.iter("a"):
        if element.get("href") is not None:
            links.setdefault(element.get("href"), []).append(element)
    return root, links


@pytest.mark.gold
def test_labelled_placements_stand_where_readers_put_them(gold: Path, words: RegionWords) -> None:
    """Floor 0.88; 0.91 when written, 0.89 on the half of the sites that no rule was made on."""
    rows = sorted(map(json.loads, (gold / "dev.jsonl").read_text().splitlines()), key=lambda row: row["file"])
    right, seen, file = Counter[bool](), None, ""
    for row in rows:
        if row["file"] != file:
            file = row["file"]
            root, seen = _links(gold, file, row["page_url"])
            regions = Regions(Walk(root), words, row["page_url"])
        region, rule = regions.of(seen[row["href"]][row["nth"]])
        right[region in (row["region"], row.get("region_alt"))] += 1
        assert rule

    assert right[True] / right.total() >= 0.88


@pytest.mark.gold
def test_answers_do_not_depend_on_what_was_asked_before(gold: Path, words: RegionWords) -> None:
    files = sorted((gold / "pages").glob("*.gz"))
    order = random.Random(7)
    for path in order.sample(files, 12):
        root, _ = _links(gold, path.name, "https://page.example/")
        links = list(root.iter("a"))[:300]
        forward = Regions(Walk(root), words, "https://page.example/")
        backward = Regions(Walk(root), words, "https://page.example/")

        asked = [forward.of(link) for link in links]

        assert asked == [backward.of(link) for link in reversed(links)][::-1]
