"""``linkcrawler frontier`` on a real Redis with a crawl in it."""

import asyncio
import json

import pytest
from click.testing import CliRunner, Result
from redis.asyncio import Redis

from linkcrawler.commands import main
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate
from linkcrawler.frontier.redis.backend import RedisFrontier
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.redis


async def crawl(server: RedisServer, key: str = "c0ffee") -> None:
    """Six pages of two hosts queued, one of them given up, four seen twice."""
    limits = Limits(delay=0.01, max_attempts=1)
    frontier = RedisFrontier(Redis(port=server.port), key, limits, about="backlinks x.org")
    await frontier.open()
    await frontier.begin()
    pages = [Candidate(f"https://{host}.example/{i}") for host in "ab" for i in range(3)]
    await frontier.admit([*pages, *pages[:4]])
    while (lease := frontier.reserve()) is None:
        await asyncio.sleep(0.01)
    await frontier.nack(lease, reason="status 500", host_at_fault=False)
    await frontier.close()


@pytest.fixture
def server(redis_server: RedisServer) -> RedisServer:
    redis_server.client.flushall()
    asyncio.run(crawl(redis_server))
    return redis_server


def call(server: RedisServer, *words: str) -> Result:
    return CliRunner().invoke(main, ["frontier", *words, "--frontier", server.url])


def test_status_tells_what_there_is(server: RedisServer) -> None:
    done = call(server, "status")

    assert done.exit_code == 0, done.output
    assert "backlinks x.org" in done.output
    assert "queued 5  leased 0  done 0" in done.output
    assert "given up 1" in done.output
    assert "4 duplicate" in done.output
    assert "violations 0" in done.output


def test_status_as_json_has_the_same_figures(server: RedisServer) -> None:
    seen = json.loads(call(server, "status", "--json").output)

    assert (seen["queued"], seen["dead"], seen["seen"], seen["refused"]["duplicate"]) == (5, 1, 6, 4)


def test_hosts_lists_the_longest_queues_first(server: RedisServer) -> None:
    hosts = json.loads(call(server, "hosts", "--json").output)

    assert [host["queued"] for host in hosts] == [3, 2]
    assert "a.example" in call(server, "hosts").output


def test_dead_says_why_and_requeue_gives_another_chance(server: RedisServer) -> None:
    assert "status 500" in call(server, "dead").output
    assert call(server, "requeue").output == "1 addresses queued again\n"
    assert json.loads(call(server, "dead", "--json").output) == []
    assert json.loads(call(server, "status", "--json").output)["queued"] == 6


def test_clear_asks_first_and_leaves_nothing_of_the_crawl(server: RedisServer) -> None:
    refused = CliRunner().invoke(main, ["frontier", "clear", "--frontier", server.url], input="n\n")
    assert refused.exit_code != 0
    assert json.loads(call(server, "status", "--json").output)["queued"] == 5

    assert call(server, "clear", "--yes").exit_code == 0
    assert server.client.keys("lc:c0ffee:*") == []


def test_misuse_is_explained(server: RedisServer) -> None:
    local = CliRunner().invoke(main, ["frontier", "status", "--frontier", "none"])
    assert local.exit_code == 2
    assert "redis://localhost/0" in local.output

    unknown = call(server, "status", "--crawl", "dead")
    assert unknown.exit_code == 2
    assert "c0ffee" in unknown.output
