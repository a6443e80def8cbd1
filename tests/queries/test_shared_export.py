"""What several processes write together is what one writes alone."""

import asyncio
import io
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from linkcrawler.errors import StoreError
from pipelines.queries.filter_fields import parse
from pipelines.reports.export.shared import write_text
from pipelines.reports.export.text_files import write_header, write_lines
from pipelines.stores.connect import open_store
from tests.queries.sample import PAGES

QUESTIONS = (
    [("kind", "any")],
    [("kind", "any"), ("sort", "-first_seen")],
    [("kind", "any"), ("sort", "confidence")],
    [("one_per", "domain"), ("sort", "source_url")],
    [("kind", "any"), ("limit", "30")],
    [("appeared_from", "2020-01-01")],
)


async def both_ways(url: str, pairs: list[tuple[str, str]], form: str) -> tuple[bytes, bytes, int]:
    where, alone, together = parse(pairs), io.BytesIO(), io.BytesIO()
    async with open_store(url) as store:
        write_header(form, alone)
        count = await write_lines(store, where, form, alone)
        assert await write_text(store, url, where, form, together, few=1) == count
    return alone.getvalue(), together.getvalue(), count


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("pairs", QUESTIONS, ids=str)
def test_the_bytes_are_the_same(filled_sqlite: str, pairs: list[tuple[str, str]], form: str) -> None:
    alone, together, count = asyncio.run(both_ways(filled_sqlite, pairs, form))

    assert together == alone
    assert count > 1


@pytest.mark.mongodb
def test_the_bytes_are_those_of_the_other_store(filled_sqlite: str, filled_mongodb: str) -> None:
    for form in ("csv", "jsonl"):
        sqlite = asyncio.run(both_ways(filled_sqlite, QUESTIONS[0], form))

        assert sqlite == asyncio.run(both_ways(filled_mongodb, QUESTIONS[0], form))
        assert sqlite[2] >= PAGES


class KillsWriters(io.BytesIO):
    """Where the header is written, every process that helps is killed."""

    def write(self, data: object) -> int:
        for task in Path(f"/proc/{os.getpid()}/task").iterdir():
            with suppress(FileNotFoundError):  # threads and processes that have just ended
                for child in (task / "children").read_text().split():
                    if b"export.writer" in Path(f"/proc/{child}/cmdline").read_bytes():
                        os.kill(int(child), signal.SIGKILL)
        return super().write(data)  # type: ignore[arg-type]


def test_a_dead_helper_is_told(filled_sqlite: str) -> None:
    async def write() -> None:
        async with open_store(filled_sqlite) as store:
            await write_text(store, filled_sqlite, parse([("kind", "any")]), "csv", KillsWriters(), few=1)

    with pytest.raises(StoreError, match="ended before its work was done"):
        asyncio.run(write())
