"""How visits ended, counted by the server."""

import asyncio
from collections import Counter

from linkcrawler.records import Visit
from linkcrawler.vocabulary import Outcome
from pipelines.stores.connect import open_store
from tests.commands.sample import DAY, VISITS


def test_visits_are_counted_by_outcome(store_url: str) -> None:
    failed = [
        Visit(url=f"https://away.test/{number}", at=DAY, outcome=outcome)
        for number, outcome in enumerate((Outcome.UNREACHABLE, Outcome.UNREACHABLE, Outcome.ROBOTS))
    ]
    told = [*VISITS, *failed]

    async def count() -> dict[Outcome, int]:
        async with open_store(store_url) as store:
            await store.put([*told, told[0]])
            return await store.outcomes()

    expected = Counter(visit.outcome for visit in told)
    assert asyncio.run(count()) == {outcome: expected[outcome] for outcome in Outcome}
