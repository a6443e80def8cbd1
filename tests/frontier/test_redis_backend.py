"""What the shared frontier adds to the contract: several workers, several crawls, deaths, refusals to start."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from scrapy.settings import BaseSettings

from linkcrawler.errors import StoreError, UsageError
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate, Lease
from linkcrawler.frontier.redis import connection, watch
from linkcrawler.frontier.redis.backend import RedisFrontier
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.redis
DELAY = 0.15


@asynccontextmanager
async def worker(
    server: RedisServer, crawl: str = "crawl", *, restart: bool = False, **limits: Any
) -> AsyncIterator[RedisFrontier]:
    given: dict[str, Any] = {"delay": DELAY, "lease": 1.0, "longest_fetch": 0.2, **limits}
    allowed = Limits(**given)
    frontier = RedisFrontier(Redis(port=server.port), crawl, allowed)
    await frontier.open()
    await frontier.begin(restart=restart)
    try:
        yield frontier
    finally:
        await frontier.close()


@pytest.fixture
def server(redis_server: RedisServer) -> RedisServer:
    redis_server.client.flushall()
    return redis_server


async def take(*frontiers: RedisFrontier) -> Lease:
    """The next lease of any of them."""
    for _ in range(2000):
        for frontier in frontiers:
            if lease := frontier.reserve():
                return lease
        await asyncio.sleep(0.005)
    pytest.fail("waited ten seconds in vain")


async def die(frontier: RedisFrontier) -> None:
    """Stop as a killed process does: nothing is returned."""
    for task in frontier._tasks:
        task.cancel()
    forget(frontier)


def forget(frontier: RedisFrontier) -> None:
    for token in frontier._held.tokens:
        frontier._held.let_go(token)


def pages(number: int) -> list[Candidate]:
    return [Candidate(f"https://a.example/{i}") for i in range(number)]


async def test_a_dead_worker_s_page_is_taken_up_when_its_lease_has_run_out(server: RedisServer) -> None:
    async with worker(server) as first, worker(server) as second:
        await first.admit(pages(1))
        lease = await take(first, second)
        holder, other = (first, second) if lease.token in first._held.tokens else (second, first)
        await die(holder)
        again = await take(other)
        assert again.candidate == lease.candidate
        assert again.token != lease.token


async def test_a_worker_whose_seeds_another_admitted_just_before_does_not_take_the_crawl_for_ended(
    server: RedisServer,
) -> None:
    async with worker(server) as first, worker(server) as second:
        await first.admit(pages(1))
        await second.admit(pages(1))
        assert second.status().pending
        lease = await take(first, second)
        await (first if lease.token in first._held.tokens else second).ack(lease)
        while second.status().pending:
            await asyncio.sleep(0.01)


async def test_a_worker_that_lives_keeps_its_lease(server: RedisServer) -> None:
    async with worker(server) as first, worker(server) as second:
        await first.admit(pages(1))
        lease = await take(first, second)
        await asyncio.sleep(2.5)
        assert first.reserve() is None
        assert second.reserve() is None
        await (first if lease.token in first._held.tokens else second).ack(lease)
        assert server.client.hget("lc:crawl:1:meta", "late") is None


async def test_leases_wait_while_redis_is_away_too_long_and_are_used_when_it_is_back(tmp_path: Path) -> None:
    with RedisServer(tmp_path) as own:
        async with worker(own, longest_fetch=0.5) as frontier:
            await frontier.admit([Candidate(f"https://h{i}.example/") for i in range(5)])
            first = await take(frontier)
            own.pause()
            await asyncio.sleep(1.5)
            assert frontier.reserve() is None
            own.go_on()
            urls = {first.candidate.url}
            while len(urls) < 5:
                urls.add((await take(frontier)).candidate.url)


async def test_a_page_that_kills_its_workers_is_given_up_with_the_reason(server: RedisServer) -> None:
    async with worker(server, deaths=2) as witness:
        await witness.admit(pages(1))
        for _ in range(2):
            await take(witness)
            forget(witness)
            await asyncio.sleep(0)
        for _ in range(1000):
            if witness.status().dead:
                break
            await asyncio.sleep(0.01)
        (dead,) = await watch.dead(Redis(port=server.port), "crawl", 10)
        assert dead.url == "https://a.example/0"
        assert "ran out 2 times" in dead.reason
        assert await watch.requeue(Redis(port=server.port), "crawl") == 1
        assert (await take(witness)).candidate.url == dead.url


async def test_two_crawls_share_the_politeness_of_a_host(server: RedisServer) -> None:
    async with worker(server, "one") as one, worker(server, "two") as two:
        await one.admit(pages(3))
        await two.admit(pages(3))
        last_end = 0.0
        for _ in range(6):
            lease = await take(one, two)
            assert time.monotonic() - last_end >= DELAY
            assert one.reserve() is None
            assert two.reserve() is None
            last_end = time.monotonic()
            await (one if lease.token in one._held.tokens else two).ack(lease)
        for crawl in ("one", "two"):
            assert (await watch.overview(Redis(port=server.port), crawl)).violations == 0


async def test_workers_that_start_together_crawl_one_round(server: RedisServer) -> None:
    async with worker(server) as first:
        await first.admit(pages(1))
        await first.ack(await take(first))
        await first.finish()
        async with worker(server) as late:
            assert not late.status().pending
            assert server.client.hget("lc:crawl:crawl", "round") == b"1"


async def test_restart_begins_anew_and_ends_the_old_round_s_workers(server: RedisServer, monkeypatch: Any) -> None:
    async with worker(server) as old:
        await old.admit(pages(3))
        await take(old)
        monkeypatch.setattr("linkcrawler.frontier.redis.backend._STARTED", time.monotonic())
        async with worker(server, restart=True) as new:
            assert (await new.admit(pages(3))).kept == 3
            for _ in range(500):
                if old.lost:
                    break
                await asyncio.sleep(0.01)
            assert "begun anew" in old.lost
            await new.ack(await take(new))


async def test_a_host_cannot_fill_redis(server: RedisServer) -> None:
    async with worker(server, host_queue=10) as frontier:
        admitted = await frontier.admit([*pages(50), Candidate("https://b.example/")])
        assert (admitted.kept, admitted.refused) == (11, {"budget": 40})
        for _ in range(5):
            await frontier.ack(await take(frontier))
        assert (await frontier.admit(pages(50))).kept >= 4  # what was refused may come again


async def test_the_overview_adds_up(server: RedisServer) -> None:
    async with worker(server) as frontier:
        await frontier.admit([*pages(4), *pages(2)])
        await take(frontier)
        seen = await watch.overview(Redis(port=server.port), "crawl")
        assert (seen.state, seen.queued, seen.leased, seen.seen) == ("running", 3, 1, 4)
        assert seen.refused == {"budget": 0, "duplicate": 2} or seen.refused == {"duplicate": 2}
        assert seen.oldest_lease is not None
        (host,) = await watch.hosts(Redis(port=server.port), "crawl", 5) or [None]
        assert host is None or host.queued == 3
    assert await watch.clear(Redis(port=server.port), "crawl") > 0
    assert await watch.crawls(Redis(port=server.port)) == []


async def test_a_server_that_throws_away_is_refused(server: RedisServer) -> None:
    server.client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(StoreError, match=r"allkeys-lru.*expected noeviction"):
            await connection.check(Redis(port=server.port), server.url)
    finally:
        server.client.config_set("maxmemory-policy", "noeviction")


async def test_an_old_server_is_refused(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "OLDEST_VERSION", (99, 0))
    with pytest.raises(StoreError, match=r"is too old"):
        await connection.check(Redis(port=server.port), server.url)


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    url = "redis://user:secret@127.0.0.1:1/0"
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1.*cannot be reached") as caught:
        await connection.check(connection.connect(url, BaseSettings()), url)
    assert "secret" not in str(caught.value)


async def test_scrapy_redis_settings_are_honoured(server: RedisServer) -> None:
    settings = BaseSettings({"REDIS_URL": server.url, "REDIS_PARAMS": {"client_name": "ours"}})
    client = connection.connect("redis://", settings)
    assert await client.client_getname() in (b"ours", "ours")
    await client.aclose()


async def test_a_sentinel_address_leads_to_the_master(server: RedisServer, tmp_path: Path) -> None:
    sentinel = RedisServer(tmp_path)
    config = tmp_path / "sentinel.conf"
    config.write_text(f"port {sentinel.port}\nbind 127.0.0.1\nsentinel monitor crawl 127.0.0.1 {server.port} 1\n")
    command = [str(shutil.which("redis-server")), str(config), "--sentinel"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = connection.connect(f"sentinel://127.0.0.1:{sentinel.port}/crawl/0", BaseSettings())
        for _ in range(100):
            try:
                await client.set("written", "through the sentinel")
                break
            except Exception:
                await asyncio.sleep(0.1)
        assert server.client.get("written") == b"through the sentinel"
        await client.aclose()
    finally:
        process.kill()
        process.wait()


def test_a_sentinel_address_without_a_master_is_explained() -> None:
    with pytest.raises(UsageError, match="sentinel://HOST:PORT"):
        connection.connect("sentinel://127.0.0.1:26379", BaseSettings())


async def test_a_worker_whose_background_work_fails_says_why_and_ends(server: RedisServer) -> None:
    news = []
    frontier = RedisFrontier(Redis(port=server.port), "crawl", Limits(delay=DELAY), on_ready=lambda: news.append(1))
    await frontier.open()
    await frontier.begin()
    server.client.delete(frontier._keys[0] + "ready")
    server.client.set(frontier._keys[0] + "ready", "not a sorted set")
    for _ in range(200):
        if frontier.lost:
            break
        await asyncio.sleep(0.02)
    await frontier.close()

    assert "_prefetch_leases" in frontier.lost
    assert "WRONGTYPE" in frontier.lost
    assert news
