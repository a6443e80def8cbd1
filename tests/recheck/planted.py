"""A planted web of one year: pages that change at their own pace, links that come, change, go and come back.

Everything is known beforehand: what a visit at any moment finds, and, from the moments alone, which events follow.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from linkcrawler.outline import STAYED, outline
from linkcrawler.records import Page, Placement, Sighting, Visit
from linkcrawler.urls import link_id
from linkcrawler.vocabulary import Outcome, Region

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
TARGET = "acme.org"
LISTED = 12
"""Items of a listing."""
PACES = ((0.10, 4, 10), (0.30, 20, 60), (0.60, 120, 1000))
"""Share of pages, and the days between two changes, from and to: few pages change often, most hardly ever."""
FAILING = 0.03
"""Share of visits that get no answer."""
Told = tuple[datetime, str, str, str, str, str]
"""Time, link, kind, reason, before, now."""


@dataclass(frozen=True)
class State:
    """A page between two changes."""

    links: tuple[tuple[str, str], ...]
    """Target address and anchor, in page order."""
    items: tuple[str, ...]
    """Other links, newest first on a listing."""
    pushed: int = 0
    """Items that the listing has had so far."""
    answer: Outcome = Outcome.OK


@dataclass
class PlantedPage:
    url: str
    period: float
    """Days between two changes, on average."""
    listing: bool
    times: list[datetime] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    def at(self, moment: datetime) -> tuple[int, State]:
        """The version and state of the page; times are those from which a state holds."""
        version = bisect_right(self.times, moment) - 1
        return version, self.states[version]

    def arrivals(self) -> Iterator[tuple[str, datetime]]:
        """Each link that was not there when the page began, and when it first came."""
        known = {link for link, _ in self.states[0].links}
        for time, state in zip(self.times, self.states, strict=True):
            for link, _ in state.links:
                if link not in known:
                    known.add(link)
                    yield link, time


def plant(pages: int, days: int, seed: int) -> list[PlantedPage]:
    chance = random.Random(seed)
    return [_page(number, days, random.Random(chance.random())) for number in range(pages)]


def _page(number: int, days: int, chance: random.Random) -> PlantedPage:
    drawn, period = chance.random(), 0.0
    for share, low, high in PACES:
        if not period and (drawn < share or share == PACES[-1][0]):
            period = low * (high / low) ** chance.random()
        drawn -= share
    listing = period < PACES[0][2] and chance.random() < 0.5
    page = PlantedPage(f"https://site{number % 997}.example.com/page{number}", period, listing)
    first = f"https://acme.org/{number}/0"
    state = State(((first, "Acme"),), tuple(_item(number, at) for at in range(LISTED - 1)), LISTED)
    time = START - DAY
    fresh = 1
    while time < START + days * DAY:
        page.times.append(time)
        page.states.append(state)
        time += max(0.02, chance.expovariate(1 / period)) * DAY
        time = time.replace(microsecond=time.microsecond // 1000 * 1000)
        state, fresh = _changed(page, number, state, fresh, chance)
    return page


def _item(number: int, at: int) -> str:
    return f"https://site{number % 997}.example.com/item{number}-{at}"


def _changed(page: PlantedPage, number: int, state: State, fresh: int, chance: random.Random) -> tuple[State, int]:
    """The next state; how many links the page has had."""
    if state.answer is not Outcome.OK:
        return replace(state, answer=Outcome.OK), fresh
    draw = chance.random()
    if draw < 0.04:
        return replace(state, answer=chance.choice([Outcome.GONE, Outcome.REDIRECTED, Outcome.ROBOTS])), fresh
    if page.listing:
        return _pushed(number, state, fresh, new_link=draw < 0.3)
    past = [link for earlier in page.states for link, _ in earlier.links]
    there = [link for link, _ in state.links]
    gone = [link for link in dict.fromkeys(past) if link not in there]
    if draw < 0.35:
        links = (*state.links, (f"https://acme.org/{number}/{fresh}", f"Acme {fresh}"))
        return replace(state, links=links), fresh + 1
    if draw < 0.5 and there:
        out = chance.choice(there)
        return replace(state, links=tuple(one for one in state.links if one[0] != out)), fresh
    if draw < 0.6 and gone:
        back = chance.choice(gone)
        return replace(state, links=(*state.links, (back, f"back {len(past)}"))), fresh
    if draw < 0.75 and there:
        which = chance.choice(there)
        links = tuple((link, f"words {len(past)}" if link == which else words) for link, words in state.links)
        return replace(state, links=links), fresh
    items = (_item(number, 1000 + len(page.states)), *state.items[1:])
    return replace(state, items=items), fresh


def _pushed(number: int, state: State, fresh: int, *, new_link: bool) -> tuple[State, int]:
    """A new item on top; what is beyond the end is off. Links are items too: they carry their place in ``items``."""
    item = f"https://acme.org/{number}/{fresh}" if new_link else _item(number, state.pushed)
    items = (item, *(state.items if len(state.links) == 0 or state.links[0][0] in state.items else _opened(state)))
    items = items[:LISTED]
    links = dict(state.links) | ({item: f"Acme {fresh}"} if new_link else {})
    kept = tuple((one, links[one]) for one in items if one in links)
    return replace(state, links=kept, items=items, pushed=state.pushed + 1), fresh + new_link


def _opened(state: State) -> tuple[str, ...]:
    """The first state of a listing: its link is the last item."""
    return (*state.items, state.links[0][0])


def visited(page: PlantedPage, moment: datetime, etag: str, standing: Sequence[Sighting]) -> Visit:
    """What the spider makes of a visit; ``etag`` is what it asks with."""
    version, state = page.at(moment)
    if random.Random(f"{page.url} {moment.isoformat()}").random() < FAILING:
        return Visit(url=page.url, at=moment, outcome=Outcome.UNREACHABLE, detail="time-out")
    if state.answer is not Outcome.OK:
        detail = "https://example.com/" if state.answer is Outcome.REDIRECTED else ""
        return Visit(url=page.url, at=moment, outcome=state.answer, status=404, detail=detail)
    tag = f'"{page.url} {version}"' if len(page.url) % 2 else ""
    if tag and tag == etag:
        again = tuple(replace(one, seen_at=moment) for one in standing)
        return Visit(url=page.url, at=moment, outcome=Outcome.OK, status=304, sightings=again)
    sightings = tuple(_sighting(page.url, moment, *link) for link in state.links)
    links = ["https://nav.example/", *shown(page, state), "https://foot.example/"]
    found = Page(url=page.url, content_hash=f"{version:016x}")
    return Visit(
        url=page.url,
        at=moment,
        outcome=Outcome.OK,
        status=200,
        page=found,
        sightings=sightings,
        outline=outline(links),
        etag=tag,
    )


def shown(page: PlantedPage, state: State) -> tuple[str, ...]:
    """All links between navigation and footer."""
    if page.listing and (not state.links or state.links[0][0] in state.items):
        return state.items
    return (*state.items, *(link for link, _ in state.links))


def _sighting(url: str, moment: datetime, link: str, words: str) -> Sighting:
    placed = Placement(href=link, target_url=link, target=TARGET, anchor=words, region=Region.BODY)
    return Sighting(source_url=url, target_url=link, target=TARGET, seen_at=moment, placements=(placed,))


def expected(page: PlantedPage, visits: Sequence[Visit]) -> list[Told]:
    """The events that must follow from visits at these moments, read off the plan and not off what visits carry."""
    told: list[Told] = []
    words: dict[str, str] = {}
    ever: set[str] = set()
    answer, pushed = Outcome.OK, 0
    for visit in sorted(visits, key=lambda one: one.at):
        if visit.outcome is Outcome.UNREACHABLE:
            continue
        _, state = page.at(visit.at)
        here = dict(state.links) if state.answer is Outcome.OK else None
        if here is not None:
            for link, anchor in here.items():
                if link not in words:
                    told.append(_told(visit, page, link, "returned" if link in ever else "appeared"))
                elif words[link] != anchor:
                    told.append(_told(visit, page, link, "changed", "anchor", words[link], anchor))
            off = page.listing and state.pushed - pushed <= LISTED - STAYED
            why = "rolled_off" if off else "removed"
            told += [_told(visit, page, link, "lost", why) for link in words if link not in here]
            stayed = [link for link in words if link in here]
            words, pushed = here, state.pushed
            ever |= here.keys()
        else:
            stayed = [*words]
        if state.answer is not answer:
            reason = "page_back" if state.answer is Outcome.OK else f"page_{state.answer}"
            to = "https://example.com/" if state.answer is Outcome.REDIRECTED else ""
            told += [_told(visit, page, link, "changed", reason, "", to) for link in stayed]
            answer = state.answer
    return told


def _told(
    visit: Visit, page: PlantedPage, link: str, kind: str, reason: str = "", before: str = "", now: str = ""
) -> Told:
    return visit.at, link_id(page.url, link), kind, reason, before, now
