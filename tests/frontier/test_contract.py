"""What every frontier promises, whichever backend keeps it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from linkcrawler.frontier.embedded import EmbeddedFrontier
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Admitted, Candidate, Ended, Frontier, Lease
from linkcrawler.frontier.redis.backend import RedisFrontier
from linkcrawler.vocabulary import Refusal
from tests.servers.redis import RedisServer

Open = Callable[..., Any]
DELAY = 0.15


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the crawl's frontier; opened twice, it is the same crawl."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        server.client.flushall()

    @asynccontextmanager
    async def open_(*, restart: bool = False, **limits: Any) -> AsyncIterator[Frontier]:
        allowed = Limits(delay=DELAY, back_off=0.3, **limits)
        frontier: Frontier
        if request.param == "redis":
            frontier = RedisFrontier(Redis(port=server.port), "crawl", allowed)
        else:
            frontier = EmbeddedFrontier(tmp_path / "f.db", "crawl", allowed, clock=time.monotonic)
        await frontier.open()
        await frontier.begin(restart=restart)
        try:
            yield frontier
        finally:
            await frontier.close()

    return open_


async def until(what: Callable[[], Any]) -> Any:
    """What it gives as soon as it gives something; fails after ten seconds."""
    for _ in range(2000):
        if got := what():
            return got
        await asyncio.sleep(0.005)
    pytest.fail("waited ten seconds in vain")


def pages(host: str, number: int, **hints: Any) -> list[Candidate]:
    return [Candidate(f"https://{host}.example/{i}", **hints) for i in range(number)]


async def take(frontier: Frontier) -> Lease:
    lease: Lease = await until(frontier.reserve)
    return lease


async def test_a_url_is_admitted_once(opened: Open) -> None:
    async with opened() as frontier:
        assert await frontier.admit(pages("a", 3)) == Admitted(3)
        assert await frontier.admit(pages("a", 4)) == Admitted(1, {Refusal.DUPLICATE: 3})
        lease = await take(frontier)
        await frontier.ack(lease)
        assert await frontier.admit([lease.candidate]) == Admitted(0, {Refusal.DUPLICATE: 1})


async def test_a_batch_larger_than_one_call_is_counted_whole(opened: Open) -> None:
    async with opened() as frontier:
        admitted = await frontier.admit([*pages("a", 1700), *pages("a", 100)])
        assert admitted == Admitted(1700, {Refusal.DUPLICATE: 100})


async def test_hints_survive_the_queue(opened: Open) -> None:
    candidate = Candidate("https://a.example/?b=1&c=2", 7, 3, ("https://b.example/",), "https://a.example/?c=2&b=1")
    async with opened() as frontier:
        await frontier.admit([candidate])
        lease = await take(frontier)
        assert (lease.candidate, lease.attempt) == (candidate, 1)


async def test_priority_comes_first_then_arrival(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit([*pages("a", 2), Candidate("https://a.example/seed", priority=10)])
        order = []
        for _ in range(3):
            lease = await take(frontier)
            order.append(lease.candidate.url.rpartition("/")[2])
            await frontier.ack(lease)
        assert order == ["seed", "0", "1"]


async def test_a_host_has_one_lease_and_rests_after_it(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 3))
        last_end = 0.0
        for _ in range(3):
            lease = await take(frontier)
            assert time.monotonic() - last_end >= DELAY
            assert frontier.reserve() is None
            last_end = time.monotonic()
            await frontier.ack(lease)


async def test_the_rest_begins_when_the_request_ends(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 2))
        first = await take(frontier)
        frontier.ended(first)
        end = time.monotonic()
        await asyncio.sleep(DELAY)  # while the page is read and stored
        await frontier.ack(first)
        await take(frontier)
        assert DELAY <= time.monotonic() - end < 2 * DELAY


async def test_hosts_take_turns(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit([*pages("big", 50), *pages("one", 2), *pages("two", 2)])
        turns = []
        for _ in range(6):
            lease = await take(frontier)
            turns.append(lease.candidate.url.split("/")[2])
            await frontier.ack(lease)
        assert sorted(turns) == sorted(["big.example", "one.example", "two.example"] * 2)


async def test_a_longer_pace_is_kept(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 2))
        first = await take(frontier)
        await frontier.pace("a.example", 0.6)
        end = time.monotonic()
        await frontier.ack(first)
        await take(frontier)
        assert time.monotonic() - end >= 0.6


async def test_children_are_known_when_the_parent_is_acknowledged(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 1))
        admitted = await frontier.ack(await take(frontier), [*pages("b", 2), *pages("a", 1)])
        assert admitted == Admitted(2, {Refusal.DUPLICATE: 1})
        assert {(await take(frontier)).candidate.url} == {"https://b.example/0"}


async def test_a_failed_fetch_comes_again_then_is_given_up(opened: Open) -> None:
    async with opened(max_attempts=2) as frontier:
        await frontier.admit(pages("a", 1))
        assert await frontier.nack(await take(frontier), reason="reset")
        failed = time.monotonic()
        second = await take(frontier)
        assert time.monotonic() - failed >= 0.3 - 0.01
        assert second.attempt == 2
        assert not await frontier.nack(second, reason="reset")
        await until(lambda: not frontier.status().pending)
        assert frontier.status().dead == 1


async def test_retry_after_is_kept(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 2))
        lease = await take(frontier)
        end = time.monotonic()
        await frontier.nack(lease, reason="status 429", retry_after=0.7)
        await take(frontier)
        assert time.monotonic() - end >= 0.7


async def test_a_failing_host_rests_longer_each_time_until_it_answers(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 5))
        rests = []
        for ended in (Ended.FAILED, Ended.FAILED, Ended.FETCHED, Ended.FAILED):
            await frontier.ack(await take(frontier), ended=ended)
            end = time.monotonic()
            await frontier.release(await take(frontier))
            rests.append(time.monotonic() - end)
        assert rests[0] >= 0.3
        assert rests[1] >= 0.6
        assert 0.3 <= rests[3] < rests[1]


async def test_a_released_url_keeps_its_place_and_its_attempt(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 2))
        first = await take(frontier)
        await frontier.release(first, wait=0.1)
        again = await take(frontier)
        assert (again.candidate, again.attempt) == (first.candidate, 1)


async def test_an_old_lease_changes_nothing(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit(pages("a", 1))
        old = await take(frontier)
        await frontier.release(old)
        new = await take(frontier)
        if old.token != new.token:
            await frontier.ack(old)
            assert (await until(lambda: frontier.status().leased)) == 1
        await frontier.ack(new)
        await until(lambda: not frontier.status().pending)
        assert frontier.status().done == 1


async def test_the_page_budget_ends_the_crawl(opened: Open) -> None:
    async with opened(max_pages=2) as frontier:
        await frontier.admit([*pages("a", 2), *pages("b", 2), *pages("c", 2)])
        leases = [await take(frontier), await take(frontier)]
        await asyncio.sleep(0.3)
        assert frontier.reserve() is None
        for lease in leases:
            await frontier.ack(lease)
        await until(lambda: not frontier.status().pending)


async def test_pages_that_robots_txt_forbids_cost_no_budget(opened: Open) -> None:
    async with opened(max_pages=1) as frontier:
        await frontier.admit(pages("a", 2))
        await frontier.ack(await take(frontier), ended=Ended.SKIPPED)
        await frontier.ack(await take(frontier))
        await until(lambda: not frontier.status().pending)
        assert frontier.status().done == 1


async def test_what_was_leased_at_the_end_is_queued_again(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit([*pages("a", 1), *pages("b", 1)])
        await frontier.ack(await take(frontier))
        await take(frontier)
    async with opened() as frontier:
        await until(lambda: frontier.status().queued + frontier.status().leased)
        assert frontier.status().pending == 1
        assert frontier.status().done == 1


async def test_hosts_whose_pages_held_hits_go_first(opened: Open) -> None:
    async with opened() as frontier:
        await frontier.admit([page for host in "abcdef" for page in pages(host, 3)])
        for lease in [await take(frontier) for _ in range(6)]:
            await frontier.ack(lease, hit=lease.candidate.url.startswith("https://e."))
    await asyncio.sleep(2 * DELAY)
    async with opened() as frontier:  # all hosts are ready at once, and known
        first = await take(frontier)

        assert first.candidate.url.startswith("https://e.")
        assert (first.host_hits, first.host_tries) == (1, 1)


async def test_without_focus_hosts_take_turns(opened: Open) -> None:
    async with opened(focus=False) as frontier:
        await frontier.admit([page for host in "abc" for page in pages(host, 3)])
        turns = []
        for _ in range(6):
            lease = await take(frontier)
            turns.append(lease.candidate.url.removeprefix("https://")[0])
            await frontier.ack(lease, hit=turns[-1] == "c")

        assert turns == ["a", "b", "c"] * 2


async def test_a_full_queue_keeps_what_has_priority(opened: Open) -> None:
    async with opened(host_queue=4) as frontier:
        assert await frontier.admit(pages("a", 6)) == Admitted(4, {Refusal.BUDGET: 2})
        better = [Candidate(f"https://a.example/better/{n}", priority=3) for n in range(2)]
        assert await frontier.admit(better) == Admitted(0, {Refusal.BUDGET: 2})
        order = []
        for _ in range(4):
            lease = await take(frontier)
            order.append(lease.candidate.url.removeprefix("https://a.example/"))
            await frontier.ack(lease)

        assert order == ["better/0", "better/1", "0", "1"]
        await until(lambda: not frontier.status().pending)


async def test_one_worker_borrows_a_host_once(opened: Open) -> None:
    async with opened() as frontier:
        assert await frontier.borrow("a.example")
        assert not await frontier.borrow("a.example")
        await frontier.give_back("a.example")
        assert not await frontier.borrow("a.example")  # it rests
        await asyncio.sleep(2 * DELAY)
        assert await frontier.borrow("a.example")
