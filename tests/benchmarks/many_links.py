"""A million links whose words are as rare and as common as those of real text, fast to make.

Page facts are those of tests/benchmarks/stored_links.py. Anchors and contexts are made of 60,000 words that occur as
Zipf's law has it, the most common one in every second link; sites hold few pages or very many. One page in twenty is
visited once more and has lost its links, one in fifty could not be read any more.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, islice

from linkcrawler.records import Context, Placement, Visit
from linkcrawler.vocabulary import Outcome, Region
from tests.benchmarks import stored_links

POOL = 2_000
WORDS = 60_000
SITES = 60_000
APART = timedelta(seconds=40)
"""Between two pages: a million links take some 230 days."""
WRITTEN = (Region.BODY, Region.LIST, Region.COMMENT)


def visits(links: int, until: datetime, seed: int = 1) -> Iterator[Visit]:
    """Visits with ``links`` links in all, the newest page found at ``until``."""
    chance = random.Random(seed)
    pool = list(islice(stored_links.visits(10 * POOL), POOL))
    words = [f"{chance.choice(stored_links.SYLLABLES)}{number:x}" for number in range(WORDS)]
    weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))
    made = number = 0
    while made < links:
        number += 1
        base = pool[number % POOL]
        sightings = base.sightings[: links - made]
        made += len(sightings)
        # 2.25 links a page, see stored_links.
        at = until - APART * ((links - made) / 2.25)
        yield from _history(replace(base, sightings=sightings), number, at, chance, (words, weights))


def _history(
    base: Visit, number: int, at: datetime, chance: random.Random, vocabulary: tuple[list[str], list[float]]
) -> Iterator[Visit]:
    assert base.page
    site = f"site{int(SITES * chance.random() ** 3)}.example"
    url = f"https://www.{site}/{chance.choice(stored_links.SECTIONS)}/{number:x}-{base.page.simhash}"
    published = (at - timedelta(days=chance.randrange(400))).date()
    page = replace(base.page, url=url, canonical_url=url, published=published, site_name=site)
    # Half of the sites have a block that is the same on all pages.
    same = random.Random(site) if number % 2 else chance
    sightings = tuple(
        replace(
            one,
            source_url=url,
            seen_at=at,
            placements=tuple(_worded(placement, same, chance, vocabulary) for placement in one.placements),
        )
        for one in base.sightings
    )
    yield Visit(url=url, at=at, outcome=Outcome.OK, status=200, page=page, sightings=sightings)
    if number % 20 == 0:
        yield Visit(url=url, at=at + APART, outcome=Outcome.OK, status=200, page=page)
    elif number % 50 == 1:
        yield Visit(url=url, at=at + APART, outcome=Outcome.UNREACHABLE, detail="TimeoutError")


def _worded(
    base: Placement, same: random.Random, chance: random.Random, vocabulary: tuple[list[str], list[float]]
) -> Placement:
    words, weights = vocabulary
    source = chance if base.region in WRITTEN else same
    said = source.choices(words, cum_weights=weights, k=40)
    anchor, before, after = " ".join(said[:3]), " ".join(said[3:21]), " ".join(said[21:37])
    context: Context = replace(
        base.context,
        before=before,
        after=after,
        sentence=f"{' '.join(said[9:21])} {anchor} {' '.join(said[21:28])}." if base.region in WRITTEN else "",
        block=f"{before} {anchor} {after}",
    )
    return replace(base, anchor=anchor, context=context)
