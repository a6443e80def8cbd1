"""A year of rechecks of a planted web, by a clock of its own: are the events the planted ones in any order of delivery,
and are new links found in time with half the fetches of a fixed interval?

python -m tests.recheck.year [--pages 5000] [--days 365] [--a-day 500] [--seed 1]
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linkcrawler.records import Event, Visit
from linkcrawler.vocabulary import Outcome
from pipelines.events.deriving import bring_up_to_date
from pipelines.events.schedule import NOT_MODIFIED
from pipelines.stores.connect import open_store
from pipelines.stores.history import EventFilter
from pipelines.stores.protocol import Store
from tests.recheck.planted import DAY, START, TARGET, PlantedPage, Told, expected, plant, visited

IN_TIME = 2.0
"""A new link counts as found in time within so many change periods of its page."""
WANTED = 0.90


@dataclass(frozen=True)
class Year:
    visits: list[Visit]
    told: list[Told]
    """The events that the store holds at the end."""


async def live(store: Store, web: Sequence[PlantedPage], days: int, a_day: int) -> Year:
    """Find the pages, ``a_day`` of them a day, and visit what is due, at most ``a_day`` pages a day.

    A page in which no link is found yet is looked at by the crawl again the next day: a recheck is of known pages.
    """
    by_url = {page.url: page for page in web}
    visits: list[Visit] = []
    unknown: list[PlantedPage] = []
    for day in range(days):
        noon = START + day * DAY + DAY / 2
        await bring_up_to_date(store, now=noon)
        unknown += web[day * a_day : (day + 1) * a_day]
        batch = [visited(page, _moment(noon, at), "", ()) for at, page in enumerate(unknown)]
        unknown = [page for page, visit in zip(unknown, batch, strict=True) if not visit.sightings]
        for at, due in enumerate(await store.history.due_pages([TARGET], by=noon, most=a_day), start=len(batch)):
            standing = await store.history.standing(due.url) if due.etag else ()
            batch.append(visited(by_url[due.url], _moment(noon, at), due.etag, standing))
        await store.put(batch)
        visits += batch
    return Year(visits, await told_by(store))


def _moment(noon: datetime, at: int) -> datetime:
    return noon + at * DAY / 100_000


async def told_by(store: Store) -> list[Told]:
    await bring_up_to_date(store, now=START)
    return sorted([_told(event) async for batch in store.history.events(EventFilter()) for event in batch])


def _told(event: Event) -> Told:
    return event.at, event.link, str(event.kind), str(event.reason or ""), event.before, event.now


def planted_events(web: Sequence[PlantedPage], visits: Sequence[Visit]) -> list[Told]:
    of_page: dict[str, list[Visit]] = {}
    for visit in visits:
        of_page.setdefault(visit.url, []).append(visit)
    return sorted(one for page in web for one in expected(page, of_page.get(page.url, [])))


async def retold(url: str, visits: Sequence[Visit], seed: int) -> list[Told]:
    """The same visits in another order, a third of them twice, in batches, events derived in between."""
    chance = random.Random(seed)
    order = [*visits, *chance.sample(visits, len(visits) // 3)]
    chance.shuffle(order)
    async with open_store(url) as store:
        for start in range(0, len(order), 500):
            await store.put(order[start : start + 500])
            if chance.random() < 0.1:
                await bring_up_to_date(store, now=START)
        return await told_by(store)


def found_in_time(web: Sequence[PlantedPage], moments: Mapping[str, Sequence[datetime]], days: int) -> tuple[int, int]:
    """Of the links that came while their page was known, and early enough to be found in time: how many were; all."""
    in_time = all_new = 0
    for page in web:
        times = moments.get(page.url, ())
        for link, came in page.arrivals():
            last = came + IN_TIME * page.period * DAY
            if not times or came < times[0] or last > START + days * DAY:
                continue
            all_new += 1
            in_time += any(came <= at <= last and link in dict(page.at(at)[1].links) for at in times)
    return in_time, all_new


def fixed_interval(web: Sequence[PlantedPage], first: Mapping[str, datetime], days: int) -> tuple[int, int]:
    """The longest interval in whole days at which pages visited alike give as many links in time; its fetches."""
    end, found = START + days * DAY, (1, 0)
    for interval in range(1, 61):
        moments = {page.url: _every(first[page.url], interval, end) for page in web if page.url in first}
        in_time, all_new = found_in_time(web, moments, days)
        if in_time < WANTED * all_new:
            break
        found = interval, sum(map(len, moments.values()))
    return found


def _every(first: datetime, interval: int, end: datetime) -> list[datetime]:
    times = []
    while first < end:
        times.append(first)
        first += interval * DAY
    return times


async def measure(pages: int, days: int, a_day: int, seed: int, folder: Path, say: Callable[[str], object]) -> bool:
    web = plant(pages, days, seed)
    async with open_store(f"sqlite:///{folder / 'year.db'}") as store:
        year = await live(store, web, days, a_day)
    planted = planted_events(web, year.visits)
    exact = year.told == planted
    same = await retold(f"sqlite:///{folder / 'retold.db'}", year.visits, seed) == planted
    moments: dict[str, list[datetime]] = {}
    for visit in year.visits:
        if visit.outcome is Outcome.OK and (visit.sightings or visit.url in moments):
            moments.setdefault(visit.url, []).append(visit.at)
    fetched = sum(visit.url in moments and visit.at >= moments[visit.url][0] for visit in year.visits)
    in_time, all_new = found_in_time(web, moments, days)
    interval, fetches = fixed_interval(web, {url: times[0] for url, times in moments.items()}, days)
    share, budget = fetched / max(1, fetches), a_day * days
    kinds = Counter(told[2] for told in planted)
    by_kind = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    unchanged = sum(visit.status == NOT_MODIFIED for visit in year.visits)
    say(f"{pages} pages, {days} days, at most {a_day} visits a day, seed {seed}")
    say(f"events planted: {len(planted)} ({by_kind})")
    say(f"stored: {'the same' if exact else 'OTHERS'}; shuffled, a third twice: {'the same' if same else 'OTHERS'}")
    say(f"new links: {all_new}; found within {IN_TIME:g} change periods of their page: {in_time / all_new:.1%}")
    say(f"fetches of known pages: {fetched}; of all, {unchanged} were answered 304")
    say(f"a fixed interval that finds {WANTED:.0%} in time: {interval} days, {fetches} fetches: ours are {share:.1%}")
    say(f"{a_day} a day for all days: {budget} fetches: ours are {fetched / budget:.1%}")
    return exact and same and in_time >= WANTED * all_new and share <= 0.5


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("pages", 5000), ("days", 365), ("a-day", 500), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        good = asyncio.run(measure(given.pages, given.days, given.a_day, given.seed, Path(folder), _say))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
