"""Links of every sort that docs/queries.md asks for, seen in the weeks before now."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from linkcrawler.records import Context, Evidence, Link, Override, Page, Placement, Sighting, Verdict, Visit
from linkcrawler.vocabulary import MODE_OF, Channel, Kind, Outcome, Region
from pipelines.stores.connect import open_store
from pipelines.stores.link_filter import LinkFilter

NOW = datetime.now(UTC).replace(microsecond=0)
CHANNELS = tuple(Channel)
RELS: tuple[tuple[str, ...], ...] = ((), ("nofollow",), ("sponsored", "nofollow"), ("noopener",))
ANCHORS = ("Example", "EXAMPLE!", "the long study", "日本語の研究", "=1+1", "")
REGIONS = (Region.BODY, Region.FOOTER, Region.BIO, Region.COMMENT)
TARGETS = (
    ("example.org", "https://example.org/"),
    ("example.org", "https://example.org/docs/start"),
    ("rival.org", "https://rival.org/"),
)
OVERRIDE = Override(mode=MODE_OF[Channel.GUEST_POST], channel=Channel.GUEST_POST, by="Ann", at=NOW, note="=ours")
SITES = 7
PAGES = 60


def visits() -> Iterable[Visit]:
    for number in range(PAGES):
        site = number % SITES
        url = f"https://{'www.' if site % 2 else ''}site{site}.test/page/{number}"
        at = NOW - timedelta(days=number * 1.5, seconds=number)
        page = Page(
            url=url,
            title=f'Page "{number}"',
            language=("en", "de", "ja")[number % 3],
            published=(at - timedelta(days=number % 5)).date() if number % 4 else None,
            published_source="jsonld" if number % 4 else "",
        )
        sightings = tuple(_sighting(url, at, number, place) for place in range(1 + number % 2))
        yield Visit(url=url, at=at, outcome=Outcome.OK, status=200, page=page, sightings=sightings)
        if number % 10 == 3:
            yield Visit(url=url, at=at + timedelta(hours=1), outcome=Outcome.OK, status=200, page=page)
        elif number % 10 == 4:
            yield Visit(url=url, at=at + timedelta(hours=1), outcome=Outcome.GONE, status=410)


def _sighting(url: str, at: datetime, number: int, place: int) -> Sighting:
    # The first two sites know one target only.
    target, target_url = TARGETS[2 * (number % SITES) if number % SITES < 2 else (number + place) % len(TARGETS)]
    anchor = ANCHORS[(number + place) % len(ANCHORS)]
    region = REGIONS[number % len(REGIONS)]
    context = Context(
        sentence=f"We thank our  partners for {anchor}." if number % 6 == 1 else "",
        before="our many partners" if number % 6 == 2 else f"words {number}" if region is Region.BODY else "",
        heading=("Tools", "Straße") if number % 5 == 0 else (),
        owner_date=f"{at:%Y-%m-%d}" if region is Region.COMMENT else "",
    )
    placement = Placement(
        kind=Kind.IFRAME if number == 11 else Kind.A,
        href=target_url,
        target_url=target_url,
        target=target,
        anchor=anchor,
        rel=RELS[number % len(RELS)],
        region=region,
        context=context,
    )
    more = (Placement(href=target_url, target_url=target_url, target=target, anchor="again", position=1),)
    return Sighting(
        source_url=url,
        target_url=target_url,
        target=target,
        seen_at=at,
        placements=(placement, *more) if number % 9 == 0 and region is Region.BODY else (placement,),
    )


def verdict(link: Link, place: int) -> Verdict:
    channel = CHANNELS[place % len(CHANNELS)]
    signals = ("sample", "rel-sponsored")[: 1 + place % 2]
    return Verdict(
        mode=MODE_OF[channel],
        channel=channel,
        confidence=0.5 + place % 50 / 100,
        evidence=tuple(Evidence(signal=name, channel=channel, weight=1.5, detail="a sign") for name in signals),
        model="hand-made",
        judged_at=NOW,
        state=link.state,
    )


def fill(url: str) -> None:
    async def write() -> None:
        async with open_store(url) as store:
            await store.put(list(visits()))
            links = [link async for link in store.links(LinkFilter())]
            await store.put_verdicts([(link.id, verdict(link, n)) for n, link in enumerate(links) if n % 7])
            said = Override(
                mode=MODE_OF[Channel.GUEST_POST], channel=Channel.GUEST_POST, by="Ann", at=NOW, note="=ours"
            )
            for link in links[5::20]:
                await store.put_override(link.id, said)

    asyncio.run(write())
