"""A store to look at: some 300 links of three years, of every mode, gained and lost, some of them hostile.

Everything follows from one seeded generator: the same visits and verdicts in every run.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from linkcrawler.records import Context, Evidence, Link, Override, Page, Placement, Sighting, Verdict, Visit
from linkcrawler.urls import link_id
from linkcrawler.vocabulary import Channel, Mode, Outcome, Region
from pipelines.events.deriving import bring_up_to_date
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import LinkFilter, Store
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import load_model

TARGET = "example.org"
START = datetime(2023, 2, 1, 9, tzinfo=UTC)
VISITED = tuple(START + timedelta(days=days) for days in range(0, 1300, 130))
PATHS = ("/", "/tides", "/guide/moon", "/data/2024", "/tool", "/blog/why-tides-differ", "/press", "/study?part=2")

SORTS: tuple[tuple[str, Region, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("cites", Region.BODY, "a long study of tides", ("cites", "in-sentence", "leads-deep"), ()),
    ("lists", Region.LIST, "Tide tables", ("links-page", "in-list", "blogroll-heading"), ()),
    ("argues", Region.COMMENT, "see here", ("comment-argues", "forum-thread"), ("ugc", "nofollow")),
    ("guest", Region.BIO, "Example Ltd", ("in-bio", "guest-label", "bio-beside"), ()),
    ("pays", Region.BODY, "best tide clock", ("rel-sponsored", "disclosed-beside"), ("sponsored",)),
    ("credits", Region.FOOTER, "Site by Example", ("credit-beside", "in-footer"), ("nofollow",)),
    ("placed", Region.BODY, "tide charts", ("outreach-placed", "in-sentence"), ()),
    ("bare", Region.SIDEBAR, "example.org", ("text-without-sentence", "name-in-host"), ()),
)
"""Name, region, anchor, signals, rel."""

HOSTILE_URL = "https://evil.test/%3Cscript%3Ealert(1)%3C/script%3E?q=%22%3E%3Cimg%20src=x%20onerror=alert(2)%3E"
HOSTILE_TITLE = "</title><script>document.title='owned'</script> \u202egnp.exe\u202c"
HOSTILE_ANCHOR = "<script>alert('anchor')</script><img src=x onerror=\"document.body.id='owned'\"> \u202etxet\u2066"
HUGE = "<b onmouseover=alert(3)>\u202e" + "word $x_1$ & <i>more</i> " * 42_000


def visits(chance: random.Random) -> Iterator[Visit]:
    """Every page at several of the dates; a page's links may go, and its last visits may fail."""
    for number in range(240):
        url = f"https://{'blog' if number % 3 else 'news'}{number % 90}.test/{number}"
        first = chance.randrange(len(VISITED) - 1)
        published = (VISITED[first] - timedelta(days=chance.choice((3, 20, 200)))).date()
        sorts = chance.sample(SORTS, 1 if chance.random() < 0.8 else 2)
        stands = {name: len(VISITED) - (chance.random() < 0.3) * chance.randint(1, 6) for name, *_ in sorts}
        paths = {name: chance.choice(PATHS) for name, *_ in sorts}
        for at in VISITED[first:]:
            if chance.random() < 0.3 and at != VISITED[first]:
                continue
            found = [_placement(sort, paths[sort[0]]) for sort in sorts if VISITED.index(at) < stands[sort[0]]]
            page = Page(
                url=url,
                title=f"Notes on water, part {number}",
                language=("en", "de", "fr", "ar")[number % 4],
                author="Ann Marsh",
                published=published if number % 5 else None,
                published_source="jsonld" if number % 5 else "",
            )
            yield _visit(url, at + timedelta(minutes=number), found, page)
        if number % 17 == 0:
            yield Visit(url=url, at=VISITED[-1] + timedelta(days=9), outcome=Outcome.UNREACHABLE, detail="TimeoutError")
    for number, outcome in enumerate((Outcome.ROBOTS, Outcome.GONE, Outcome.HTTP_ERROR, Outcome.NOT_HTML)):
        yield Visit(url=f"https://other{number}.test/", at=START, outcome=outcome, status=0)


def hostile_visits() -> Iterator[Visit]:
    context = Context(
        sentence=f"<script>alert('sentence')</script> Read {HOSTILE_ANCHOR} now",
        before=HUGE,
        after="\u2067after\x00\x1b[31m <svg onload=alert(4)>",
        heading=("<h1 onclick=alert(5)>", "\u202eheading"),
        block=HUGE,
        owner="<iframe src=javascript:alert(6)>",
    )
    found = Placement(
        href="javascript:alert(7)//https://example.org/",
        target_url="https://example.org/x?a=%3Cscript%3E&b='><svg/onload=alert(8)>",
        target=TARGET,
        anchor=HOSTILE_ANCHOR,
        title='"><script>alert(9)</script>',
        rel=("<b>", '"onload'),
        region=Region.BODY,
        context=context,
        markup='class="><script>',
    )
    page = Page(url=HOSTILE_URL, title=HOSTILE_TITLE, language="en", author="<script>alert(10)</script>")
    yield _visit(HOSTILE_URL, VISITED[-1], [found], page)


def returning_visits() -> Iterator[Visit]:
    """A link that is lost and stands there again later."""
    url = "https://returns.test/1"
    page = Page(url=url, title="Notes that come and go", language="en")
    for number, at in enumerate(VISITED[:6]):
        yield _visit(url, at, [] if number in (2, 3) else [_placement(SORTS[0], "/tides")], page)


def fill(url: str) -> None:
    """Write the world into the empty store."""
    in_thread(asyncio.run, _fill(url))


def in_thread(job: Callable[..., object], *arguments: object) -> None:
    """Run it in a thread of its own: the browser's driver has an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(job, *arguments).result()


def hostile_id() -> str:
    return link_id(HOSTILE_URL, "https://example.org/x?a=%3Cscript%3E&b='><svg/onload=alert(8)>")


async def _fill(url: str) -> None:
    chance = random.Random(20261122)
    model = load_model()
    async with open_store(url) as store:
        await store.put([*visits(chance), *hostile_visits(), *returning_visits()])
        links = [link async for link in store.links(LinkFilter())]
        judged = [(link.id, judge(_evidence(link), model, at=VISITED[-1], state=link.state)) for link in links]
        await store.put_verdicts([pair for place, pair in enumerate(judged) if place % 23])
        await bring_up_to_date(store, now=VISITED[-1] + timedelta(days=30))
        await _overrule(store, [link for link in links if link.id != hostile_id()][5::40])


async def _overrule(store: Store, links: list[Link]) -> None:
    for place, link in enumerate(links):
        said = (Channel.GUEST_POST, Mode.ACTIVE) if place % 2 else (Channel.EDITORIAL_CITATION, Mode.PASSIVE)
        note = "we wrote it, says the mail of May"
        await store.put_override(link.id, Override(channel=said[0], mode=said[1], by="ann", at=VISITED[-1], note=note))


def _placement(sort: tuple[str, Region, str, tuple[str, ...], tuple[str, ...]], path: str) -> Placement:
    name, region, anchor, _, rel = sort
    sentence = f"Whoever {name} it will find {anchor} on this page." if region in (Region.BODY, Region.COMMENT) else ""
    return Placement(
        href=f"https://example.org{path}",
        target_url=f"https://example.org{path}",
        target=TARGET,
        anchor=anchor,
        rel=rel,
        region=region,
        markup=name,
        context=Context(
            sentence=sentence,
            before=f"Whoever {name} it will find",
            after="on this page.",
            heading=("The sea", "Tides and their causes"),
            block=sentence or anchor,
        ),
    )


def _visit(url: str, at: datetime, found: list[Placement], page: Page) -> Visit:
    by_target: dict[str, list[Placement]] = {}
    for one in found:
        by_target.setdefault(one.target_url, []).append(one)
    sightings = tuple(
        Sighting(source_url=url, target_url=to, target=TARGET, seen_at=at, placements=tuple(placements))
        for to, placements in by_target.items()
    )
    return Visit(url=url, at=at, outcome=Outcome.OK, status=200, page=page, sightings=sightings)


def _evidence(link: Link) -> list[Evidence]:
    model = load_model()
    signals = next((sort[3] for sort in SORTS if sort[0] == link.placements[0].markup), ("in-paragraph",))
    pieces = [
        Evidence(signal=name, channel=channel, weight=weight, detail=f"found by {name}")
        for name in signals
        for channel, weight in model.weights.get(name, {}).items()
    ]
    if "outreach-placed" in signals:
        pieces.append(Evidence(signal="outreach-placed", channel=Channel.GUEST_POST, weight=6.0, detail="log, May"))
    return pieces


__all__ = ["HOSTILE_ANCHOR", "HOSTILE_TITLE", "HOSTILE_URL", "HUGE", "TARGET", "Verdict", "fill", "hostile_id"]
