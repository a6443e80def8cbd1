"""The full-text indexes of the SQLite store are written beside its tables: SQLite compares the two."""

import asyncio
import sqlite3
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkcrawler.records import Evidence, Verdict, Visit
from linkcrawler.vocabulary import Channel, Mode, Region
from pipelines.stores.connect import open_store
from pipelines.stores.protocol import LinkFilter
from tests.stores.visits import START, visit, visits

_SIGNALS = st.lists(st.sampled_from(["sample", "named", "cited"]), unique=True)


FIRST = visit(day=0, found=[(0, "Acme", Region.BODY, ())])
CHANGED = visit(day=1, found=[(0, "Größe", Region.BODY, ())])


def judged(signals: Sequence[str]) -> Verdict:
    evidence = tuple(Evidence(signal=name, channel=Channel.GUEST_POST, weight=1.0) for name in signals)
    return Verdict(
        mode=Mode.ACTIVE, channel=Channel.GUEST_POST, confidence=0.9, evidence=evidence, model="hand", judged_at=START
    )


@settings(max_examples=30, deadline=None)
@example(batches=[([FIRST], ["sample"]), ([CHANGED], ["cited"]), ([FIRST], [])])
@given(batches=st.lists(st.tuples(st.lists(visits(), max_size=4), _SIGNALS), min_size=1, max_size=4))
def test_the_indexes_hold_what_the_tables_hold(
    tmp_path_factory: pytest.TempPathFactory, batches: list[tuple[list[Visit], list[str]]]
) -> None:
    file = tmp_path_factory.mktemp("store") / "links.db"

    async def write() -> int:
        async with open_store(f"sqlite:///{file}") as store:
            for found, signals in batches:
                await store.put(found)
                ids = [link.id async for link in store.links(LinkFilter())]
                await store.put_verdicts([(link, judged(signals)) for link in ids])
            return await store.count(LinkFilter(signal=signals[0])) if signals else 0

    counted = asyncio.run(write())

    with sqlite3.connect(file) as connection:
        for index in ("link_words", "link_signals"):
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        [[links]] = connection.execute("SELECT count(*) FROM links")
    assert counted == (links if batches[-1][1] else 0)
