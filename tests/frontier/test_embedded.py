"""What the embedded frontier adds to the contract: it lives in a file, and a killed crawl goes on from it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from linkcrawler.errors import StoreError, UsageError
from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate


class Clock:
    """Seconds that pass when the test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def connected(path: Path, clock: Clock, **limits: int) -> EmbeddedFrontier:
    frontier = EmbeddedFrontier(path, "crawl", Limits(delay=1.0, **limits), clock=clock)
    await frontier.open()
    return frontier


async def opened(path: Path, clock: Clock, **limits: int) -> EmbeddedFrontier:
    frontier = await connected(path, clock, **limits)
    await frontier.begin()
    return frontier


def urls(*names: str) -> list[Candidate]:
    return [Candidate(f"https://{name}.example/") for name in names]


async def test_what_was_leased_when_the_process_died_is_queued_again(tmp_path: Path) -> None:
    clock = Clock()
    first = await opened(tmp_path / "f.db", clock)
    await first.admit(urls("a", "b", "c"))
    done, lost = first.reserve(), first.reserve()
    assert done is not None
    assert lost is not None
    await first.ack(done)
    await first.close()

    second = await connected(tmp_path / "f.db", clock)
    assert (await second.begin()).resumed
    clock.now = 5.0
    left = {lease.candidate.url for lease in iter(second.reserve, None)}

    assert left == {"https://b.example/", "https://c.example/"}
    assert second.status().done == 1


async def test_a_finished_crawl_begins_anew(tmp_path: Path) -> None:
    clock = Clock()
    first = await opened(tmp_path / "f.db", clock)
    await first.admit(urls("a"))
    lease = first.reserve()
    assert lease is not None
    await first.ack(lease)
    await first.finish()
    await first.close()

    second = await connected(tmp_path / "f.db", clock)
    assert not (await second.begin()).resumed
    assert (await second.admit(urls("a"))).kept == 1


async def test_restart_forgets_an_unfinished_crawl(tmp_path: Path) -> None:
    clock = Clock()
    await (await opened(tmp_path / "f.db", clock)).close()
    second = await connected(tmp_path / "f.db", clock)

    assert not (await second.begin(restart=True)).resumed


async def test_a_larger_budget_goes_on_where_the_smaller_one_ended(tmp_path: Path) -> None:
    clock = Clock()
    first = await opened(tmp_path / "f.db", clock, max_pages=1)
    await first.admit(urls("a", "b"))
    lease = first.reserve()
    assert lease is not None
    assert first.reserve() is None
    await first.ack(lease)
    assert first.status().pending == 0
    await first.finish()
    await first.close()

    second = await connected(tmp_path / "f.db", clock, max_pages=2)
    assert (await second.begin()).resumed
    clock.now = 5.0
    lease = second.reserve()
    assert lease is not None
    assert lease.candidate.url == "https://b.example/"


async def test_a_page_that_keeps_failing_is_given_up(tmp_path: Path) -> None:
    clock = Clock()
    frontier = await opened(tmp_path / "f.db", clock, max_attempts=2)
    await frontier.admit(urls("a"))
    first = frontier.reserve()
    assert first is not None
    assert await frontier.nack(first, reason="reset")
    assert frontier.reserve() is None
    clock.now = 10.0
    second = frontier.reserve()
    assert second is not None
    assert second.attempt == 2
    assert not await frontier.nack(second, reason="reset")

    status = frontier.status()
    assert (status.pending, status.dead) == (0, 1)


async def test_two_processes_cannot_run_one_crawl(tmp_path: Path) -> None:
    clock = Clock()
    first = await opened(tmp_path / "f.db", clock)
    with pytest.raises(UsageError, match="already running"):
        await connected(tmp_path / "f.db", clock)
    await first.close()
    await (await connected(tmp_path / "f.db", clock)).close()


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one " * 20)
    with pytest.raises(StoreError, match=r"notes\.txt.*cannot be opened"):
        await connected(path, Clock())


async def test_a_file_that_another_process_holds_stops_nothing_else(tmp_path: Path) -> None:
    frontier = await opened(tmp_path / "f.db", Clock())
    await frontier.admit(urls("a"))
    lease = frontier.reserve()
    assert lease is not None
    with closing(sqlite3.connect(tmp_path / "f.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        acknowledged = asyncio.create_task(frontier.ack(lease, urls("b", "c")))
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert not acknowledged.done()
        assert frontier.status().leased == 1
        other.execute("COMMIT")
    admitted = await acknowledged

    assert admitted.kept == 2
    assert (frontier.status().queued, frontier.status().done) == (2, 1)
    await frontier.close()


async def test_a_host_rests_across_a_restart(tmp_path: Path) -> None:
    clock, calendar = Clock(), Clock()
    calendar.now = 1e9

    async def process() -> EmbeddedFrontier:
        limits = Limits(delay=1.0, longest_back_off=300.0)
        frontier = EmbeddedFrontier(tmp_path / "f.db", "crawl", limits, clock=clock, calendar=calendar)
        await frontier.open()
        await frontier.begin()
        return frontier

    first = await process()
    await first.admit([Candidate(f"https://{host}.example/{n}") for n in range(2) for host in "ab"])
    await first.pace("b.example", 50.0)
    slow, paced = first.reserve(), first.reserve()
    assert slow is not None
    assert paced is not None
    await first.nack(slow, reason="status 429", retry_after=100.0)
    await first.ack(paced)
    await first.close()

    clock.now, calendar.now = 0.0, calendar.now + 20.0
    second = await process()
    waits = []
    for moment in range(0, 200, 5):
        clock.now = float(moment)
        while lease := second.reserve():
            waits.append((lease.candidate.url[8], moment))
    await second.close()

    assert waits == [("b", 50), ("a", 80)]


async def test_a_file_of_an_earlier_version_is_taken_up(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "f.db")) as database:
        database.execute(
            "CREATE TABLE frontier_urls (id INTEGER PRIMARY KEY, crawl TEXT NOT NULL, host TEXT NOT NULL,"
            " url TEXT NOT NULL, depth INTEGER NOT NULL, priority INTEGER NOT NULL, chain TEXT NOT NULL,"
            " spelled TEXT NOT NULL, attempt INTEGER NOT NULL, turn INTEGER NOT NULL, state INTEGER NOT NULL)"
        )
    frontier = await opened(tmp_path / "f.db", Clock())
    await frontier.admit([Candidate("https://a.example/", hint=7)])
    lease = frontier.reserve()
    await frontier.close()

    assert lease is not None
    assert lease.candidate.hint == 7


async def test_a_change_that_fails_takes_none_of_those_made_with_it_along(tmp_path: Path) -> None:
    frontier = await opened(tmp_path / "f.db", Clock())
    unfit = [Candidate("https://b.example/\ud800")]  # no text that a file can hold

    before, failure, after = await asyncio.gather(
        *map(frontier.admit, (urls("a"), unfit, urls("c"))), return_exceptions=True
    )
    await frontier.close()

    assert isinstance(failure, UnicodeEncodeError)
    assert [admitted.kept for admitted in (before, after) if not isinstance(admitted, BaseException)] == [1, 1]
    with closing(sqlite3.connect(tmp_path / "f.db")) as file:
        kept = {url for (url,) in file.execute("SELECT url FROM frontier_urls")}
    assert kept == {"https://a.example/", "https://c.example/"}


async def test_what_waits_to_be_written_is_written_before_the_file_is_closed(tmp_path: Path) -> None:
    frontier = await opened(tmp_path / "f.db", Clock())
    under_way = [asyncio.create_task(frontier.admit(urls(name))) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    await frontier.close()

    assert [(await task).kept for task in under_way] == [1, 1, 1]
    with closing(sqlite3.connect(tmp_path / "f.db")) as file:
        assert file.execute("SELECT count(*) FROM frontier_urls").fetchone() == (3,)
