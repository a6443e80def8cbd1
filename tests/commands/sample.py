"""Hand-made visits and verdicts: links of every sort, and how to put them into a store."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime

from linkcrawler.records import Context, Evidence, Page, Placement, Sighting, Verdict, Visit
from linkcrawler.urls import link_id
from linkcrawler.vocabulary import MODE_OF, Channel, Outcome, Region
from pipelines.stores.connect import open_store

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
TARGET = "example.org"


def placement(path: str, anchor: str, region: Region = Region.BODY, **more: object) -> Placement:
    url = f"https://example.org{path}"
    return Placement(href=url, target_url=url, target=TARGET, anchor=anchor, region=region, **more)  # type: ignore[arg-type]


def visit(url: str, *placements: Placement, at: datetime = DAY, **facts: object) -> Visit:
    by_target: dict[str, list[Placement]] = {}
    for found in placements:
        by_target.setdefault(found.target_url, []).append(found)
    sightings = tuple(
        Sighting(source_url=url, target_url=target_url, target=TARGET, seen_at=at, placements=tuple(found))
        for target_url, found in by_target.items()
    )
    page = Page(url=url, **facts)  # type: ignore[arg-type]
    return Visit(url=url, at=at, outcome=Outcome.OK, status=200, page=page, sightings=sightings)


CITED = placement(
    "/study",
    "a long study",
    context=Context(
        sentence="As a long study of Example shows, tides differ.",
        before="As",
        after="of Example shows, tides differ.",
        heading=("The sea", "Tides"),
    ),
)
BIO = placement(
    "/", "Example Ltd", Region.BIO, rel=("nofollow",), context=Context(owner="Jo Doe works at Example Ltd.")
)
FOOTER = placement("/", "site by Example", Region.FOOTER)
HOSTILE = placement(
    "/x", '=HYPERLINK("http://bad")\x1b[31m\u202e', Region.COMMENT, context=Context(sentence='+1\nsee, "this"')
)
ENTRY = placement("/", "Example", Region.LIST, context=Context(block="Example, makers of examples"))

VISITS = (
    visit(
        "https://sea.test/tides",
        CITED,
        placement("/study", "again", Region.FOOTER, position=1),
        title="Why tides differ",
        language="en",
        author="Ann",
        published=date(2025, 6, 2),
        published_source="jsonld",
    ),
    visit("https://sea.test/tides?utm_source=mail", CITED, title="Why tides differ", language="en"),
    visit("https://blog.test/guest", BIO, CITED, title="Gast", language="de", at=DAY.replace(month=4)),
    visit("https://shop.test/1", FOOTER, language="en"),
    visit("https://shop.test/2", FOOTER, language="en"),
    visit("https://shop.test/3", FOOTER, placement("/help", "help", Region.FOOTER), language="en"),
    visit("https://forum.test/t/1", HOSTILE, language="en"),
    visit("https://list.test/", ENTRY, language="fr"),
    visit("https://list.test/", at=DAY.replace(month=5), language="fr"),
)

_CHANNELS = {
    ("https://sea.test/tides", "/study"): Channel.EDITORIAL_CITATION,
    ("https://sea.test/tides?utm_source=mail", "/study"): Channel.EDITORIAL_CITATION,
    ("https://blog.test/guest", "/"): Channel.GUEST_POST,
    ("https://blog.test/guest", "/study"): Channel.EDITORIAL_CITATION,
    ("https://shop.test/1", "/"): Channel.EMBEDDED_CREDIT,
    ("https://shop.test/2", "/"): Channel.EMBEDDED_CREDIT,
    ("https://shop.test/3", "/"): Channel.EMBEDDED_CREDIT,
    ("https://shop.test/3", "/help"): Channel.UNCLEAR,
    ("https://list.test/", "/"): Channel.DIRECTORY_LISTING,
}
"""Source and target path to channel. The link from the forum has no verdict."""

VERDICTS = tuple(
    (
        link_id(source, f"https://example.org{path}"),
        Verdict(
            mode=MODE_OF[channel],
            channel=channel,
            confidence=0.91,
            evidence=(Evidence(signal="sample", channel=channel, weight=1.5, detail="a sign"),),
            model="hand-made",
            judged_at=DAY.replace(month=6),
        ),
    )
    for (source, path), channel in _CHANNELS.items()
)


def fill(url: str, visits: Sequence[Visit] = VISITS) -> None:
    async def write() -> None:
        async with open_store(url) as store:
            await store.put(visits)
            await store.put_verdicts(VERDICTS)

    asyncio.run(write())


def id_of(source: str, path: str) -> str:
    return link_id(source, f"https://example.org{path}")
