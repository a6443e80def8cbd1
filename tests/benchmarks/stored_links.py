"""A store of generated links, as long in every field as those of real pages are on average.

Measured on 132 labelled placements: page facts 2.6 kB, placements 1.1 kB as JSON; lead and tail 550 characters, block
100, before and after 110, markup 180; 45 % English, 25 % German, 30 % ten other languages; 40 % in the main text.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from linkcrawler.records import Context, Page, Placement, Sighting, Visit
from linkcrawler.vocabulary import Outcome, Region

START = datetime(2026, 1, 1, tzinfo=UTC)
TARGETS = tuple(
    f"https://target{n}.example/{path}" for n in range(40) for path in ("", "study", "blog/long-read", "tools/")
)
REGIONS = (Region.BODY,) * 8 + (Region.FOOTER,) * 3 + (Region.SIDEBAR,) * 3 + (
    Region.NAV, Region.NAV, Region.COMMENT, Region.COMMENT, Region.LIST, Region.BIO, Region.AD,
)  # fmt: skip
LANGUAGES = ("en",) * 9 + ("de",) * 5 + ("fr", "it", "pt", "es", "ja", "ru")
SYLLABLES = ("ka", "lo", "mi", "ren", "tas", "vor", "bel", "dun", "fi", "gra", "hol", "jen", "pi", "sor", "tel", "wan")
TELLING = {
    "en": "according study shows sponsored partner guide guest source recommended see also directory comment thanks "
    "website powered theme contact press release editor",
    "de": "nach einer Studie zeigt Anzeige Partner Ratgeber Gastbeitrag Quelle empfehlen siehe auch Verzeichnis "
    "Kommentar danke Impressum Kontakt Presse Redaktion",
}
"""Words that lexicons hold; one in ten of a text, as in running prose, the rest is made up."""

SECTIONS = ("news", "travel", "science", "blog", "reviews", "sport", "culture", "wissen")


def visits(links: int, seed: int = 1) -> Iterator[Visit]:
    """One visit a page, two links a page on average."""
    chance = random.Random(seed)
    made, number = 0, 0
    while made < links:
        number += 1
        count = min(chance.choice((1, 1, 2, 4)), links - made)
        made += count
        yield _visit(chance, number, count)


def _visit(chance: random.Random, number: int, count: int) -> Visit:
    site = number % 5_000
    language = chance.choice(LANGUAGES)
    url = f"https://www.site{site}.example/{chance.choice(SECTIONS)}/{_slug(chance, language)}-{number}"
    at = START + timedelta(minutes=number)
    page = Page(
        url=url,
        content_hash=f"{number:016x}",
        internal_links=chance.randrange(200),
        external_links=chance.randrange(60),
        external_domains=chance.randrange(30),
        title=_text(chance, language, 60).capitalize(),
        description=_text(chance, language, 130),
        language=language,
        canonical_url=url,
        author=_text(chance, language, 12).title(),
        byline=_text(chance, language, 20) if number % 3 == 0 else "",
        site_name=f"Site {site}",
        article_types=("Article", "WebPage") if number % 2 else (),
        labels=tuple(_text(chance, language, 9) for _ in range(number % 4)),
        engine="wordpress" if number % 3 else "",
        notices=(f"body: {_text(chance, language, 50)}",) if number % 2 else (),
        lead=_text(chance, language, 550),
        tail=_text(chance, language, 550),
        copyright=f"© 2026 Site {site}",
        nofollow_share=0.1,
        main_words=chance.randrange(100, 2_000),
        simhash=f"{chance.getrandbits(64):016x}",
        owner_ids=(f"ga:UA-{site}-1",),
        published=date(2025, 1 + number % 12, 1 + number % 28),
        published_source="jsonld",
    )
    found = [_placement(chance, language, target, place) for place, target in enumerate(chance.sample(TARGETS, count))]
    sightings = tuple(
        Sighting(source_url=url, target_url=one.target_url, target=one.target, seen_at=at, placements=(one,))
        for one in found
    )
    return Visit(url=url, at=at, outcome=Outcome.OK, status=200, page=page, sightings=sightings)


def _placement(chance: random.Random, language: str, target_url: str, position: int) -> Placement:
    region = chance.choice(REGIONS)
    running = region in (Region.BODY, Region.COMMENT)
    anchor = _text(chance, language, 15)
    before, after = _text(chance, language, 115), _text(chance, language, 100)
    return Placement(
        href=target_url,
        target_url=target_url,
        target=target_url.split("/")[2],
        rel=("nofollow", "ugc") if region is Region.COMMENT else (),
        anchor=anchor,
        region=region,
        region_rule="main",
        context=Context(
            sentence=f"{before[-60:]} {anchor} {after[:40]}." if running else "",
            before=before,
            after=after,
            heading=(_text(chance, language, 40), _text(chance, language, 30)),
            block=f"{before} {anchor} {after}"[: 180 if running else 60],
            owner=_text(chance, language, 40) if region in (Region.BIO, Region.COMMENT) else "",
        ),
        position=position,
        markup="entry-content post-content article main site-main content-area wrap post-1 type-post hentry column "
        f"has-text container page-{chance.randrange(999)} body single single-post wp-custom",
    )


def _text(chance: random.Random, language: str, length: int) -> str:
    telling = _TELLING.get(language, _TELLING["en"])
    return " ".join(
        chance.choice(telling) if chance.random() < 0.1 else "".join(chance.choices(SYLLABLES, k=2))
        for _ in range(length // 6 + 1)
    )[:length]


def _slug(chance: random.Random, language: str) -> str:
    return _text(chance, language, 30).lower().replace(" ", "-").encode("ascii", "ignore").decode().strip("-")


_TELLING = {language: words.split() for language, words in TELLING.items()}
