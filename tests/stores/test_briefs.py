"""Briefs: what every store tells of links without their words is what the whole links say."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from linkcrawler.records import Context, Evidence, Link, Override, Page, Placement, Sighting, Verdict, Visit
from linkcrawler.vocabulary import Channel, Kind, Mode, Outcome, Region
from pipelines.stores.brief import Brief, brief_of
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import HYPERLINK, LinkFilter, Store
from tests.web.world import TARGET, visits

FIRST = datetime(2025, 3, 20, 8, tzinfo=UTC)
HREF = f"https://{TARGET}/tides"

WHERES = [
    LinkFilter(),
    LinkFilter(kind=HYPERLINK),
    LinkFilter(target=TARGET, mode="active"),
    LinkFilter(target="nobody.test"),
    LinkFilter(text="tide"),
    LinkFilter(added="later"),
    LinkFilter(one_per=("domain",)),
    LinkFilter(sort="-first_seen", limit=7),
]


def placement(kind: Kind = Kind.A, *, via: tuple[str, ...] = (), owner_date: str = "") -> Placement:
    return Placement(
        kind=kind,
        href=HREF,
        target_url=HREF,
        target=TARGET,
        via=via,
        anchor="tide tables",
        region=Region.COMMENT,
        context=Context(sentence="Read the tide tables first.", owner_date=owner_date),
    )


def visit(url: str, *placements: Placement, day: int = 0, **facts: object) -> Visit:
    at = FIRST + timedelta(days=day)
    sighting = Sighting(source_url=url, target_url=HREF, target=TARGET, seen_at=at, placements=placements)
    page = Page(url=url, language="en", **facts)  # type: ignore[arg-type]
    return Visit(url=url, at=at, outcome=Outcome.OK, status=200, page=page, sightings=(sighting,) if placements else ())


VISITS = [
    visit("https://a.test/p?utm_source=x&b=1", placement(owner_date="2025-03-02T10:00"), published=date(2025, 3, 1)),
    visit("https://a.test/q", placement(owner_date="2025-03-02"), placement(), published=date(2025, 3, 1)),
    visit("https://b.test/print/1", placement(via=("https://go.test/?erid=2",)), canonical_url="https://b.test/1/"),
    visit("https://b.test/", placement(), published=date(2025, 3, 19), canonical_url="https://other.test/x"),
    visit("https://c.test/1", placement(), published=date(2026, 1, 1), published_source="jsonld"),
    visit("https://c.test/2", placement(), last_modified=FIRST - timedelta(days=40)),
    visit("https://c.test/3"),
    visit("https://c.test/3", placement(Kind.IFRAME), placement(), day=9),
]


async def briefs(store: Store, where: LinkFilter) -> list[Brief]:
    return sorted([one async for batch in store.briefs(where) for one in batch], key=lambda one: one.id)


def verdict(link: Link, mode: Mode, channel: Channel) -> tuple[str, Verdict]:
    evidence = (
        Evidence(signal="disclosed-beside", channel=channel, weight=1.5, detail="sponsored by"),
        Evidence(signal="syndicated-text", channel=channel, weight=-0.5, detail="0123456789abcdef and more"),
    )
    return link.id, Verdict(
        mode=mode, channel=channel, confidence=0.75, evidence=evidence, model="m1", judged_at=FIRST, state=link.state
    )


async def judge(store: Store) -> None:
    """Of three links two get a verdict; of seven a person overrules one."""
    links = [link async for link in store.links(LinkFilter())]
    said = (Mode.ACTIVE, Channel.SPONSORED), (Mode.PASSIVE, Channel.EDITORIAL_CITATION)
    await store.put_verdicts([verdict(link, *said[place % 2]) for place, link in enumerate(links) if place % 3])
    for link in links[::7]:
        await store.put_override(link.id, Override(mode=said[0][0], channel=said[0][1], by="ann", at=FIRST))


def test_briefs_are_those_of_the_whole_links(store_url: str) -> None:
    async def both() -> list[tuple[list[Brief], list[Brief]]]:
        async with open_store(store_url) as store:
            await store.put([*VISITS, *islice(visits(random.Random(1)), 60)])
            await judge(store)
            return [
                (await briefs(store, where), [brief_of(link) async for link in store.links(_whole(where))])
                for where in WHERES
            ]

    found = asyncio.run(both())
    for where, (told, whole) in zip(WHERES, found, strict=True):
        assert told == sorted(whole, key=lambda one: one.id), where
    everything = found[0][0]
    assert {one.mode for one in everything} == {"active", "passive", "unclassified"}
    assert {one.overruled for one in everything if one.evidence} == {True, False}
    assert any(one.disputed for one in everything)
    assert {one.page for one in everything} >= {"a.test/p?b=1", "b.test/1", "b.test"}
    assert {bool(one.appeared) for one in everything} == {one.dated for one in everything} == {True, False}


def _whole(where: LinkFilter) -> LinkFilter:
    return replace(where, limit=0)
