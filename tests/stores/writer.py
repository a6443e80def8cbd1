"""A writing process for the store tests: puts its share of a seeded history into a store, in an order of its own.

python writer.py STORE_URL VISITS BATCH SHARE OF     prints a line after each batch that is stored
"""

import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from linkcrawler.records import Visit
from linkcrawler.vocabulary import Outcome, Region
from pipelines.stores.connect import open_store
from tests.stores.visits import SOURCES, TARGETS, visit


def history(visits: int) -> list[Visit]:
    """The same visits in every process: few pages, so that all writers meet on all links."""
    chance = random.Random(7)
    outcomes = [Outcome.OK, Outcome.OK, Outcome.UNREACHABLE, Outcome.TRUNCATED]
    return [
        visit(
            chance.choice(SOURCES),
            day=day,
            outcome=chance.choice(outcomes),
            found=[
                (number, f"Acme {day // 5}", Region.BODY, ()) for number in range(len(TARGETS)) if chance.random() < 0.6
            ],
            title=f"Edition {day // 4}",
        )
        for day in range(visits)
    ]


async def write(url: str, visits: Sequence[Visit], size: int) -> None:
    async with open_store(url) as store:
        for start in range(0, len(visits), size):
            await store.put(visits[start : start + size])
            sys.stdout.write(f"{start}\n")
            sys.stdout.flush()


def main() -> None:
    url = sys.argv[1]
    count, size, share, of = map(int, sys.argv[2:])
    visits = history(count)[share::of]
    random.Random(share).shuffle(visits)
    asyncio.run(write(url, visits, size))


if __name__ == "__main__":
    main()
