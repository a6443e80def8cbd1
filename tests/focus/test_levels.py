"""What a host's pages say of its next one, and that Redis computes the same."""

import pytest

from linkcrawler.focus.levels import GIVEN_UP, PATIENCE, base_rate, host_level, host_rank
from linkcrawler.frontier.redis import scripts
from tests.servers.redis import RedisServer


def test_little_evidence_is_shrunk() -> None:
    base = 0.01

    assert host_level(0, 0, base) == 0
    assert host_level(1, 1, base) < host_level(10, 10, base)
    assert host_level(0, 3, base) > host_level(0, 30, base)


def test_seeds_that_all_hold_hits_do_not_hide_what_hosts_say() -> None:
    base = base_rate(hits=30, tries=30)

    assert host_level(5, 5, base) > 6


def test_a_host_without_hits_for_long_comes_after_all_others() -> None:
    lucky_once = host_rank(8, 1, PATIENCE + 1, PATIENCE, 0.005)

    assert lucky_once < host_rank(-8, 0, PATIENCE - 1, PATIENCE - 1, 0.005)
    assert host_rank(8, 1, PATIENCE, PATIENCE - 1, 0.005) - lucky_once >= GIVEN_UP - 1


@pytest.mark.redis
@pytest.mark.skipif(not RedisServer.installed(), reason="redis-server is not on PATH")
def test_redis_ranks_hosts_alike(tmp_path_factory: pytest.TempPathFactory) -> None:
    prelude = scripts.RESERVE.text.partition("-- Take back what dead workers held")[0]
    script = prelude + "\nreturn rank_of(ARGV[1], base_rate())"
    cases = [
        (hits, tries, dry, priority, all_hits, all_tries)
        for hits, tries, dry in ((0, 0, 0), (0, 7, 7), (1, 1, 0), (3, 40, 12), (2, 200, 60), (9, 9, 0))
        for priority in (-8, 0, 5, 10)
        for all_hits, all_tries in ((0, 0), (3, 1000), (90, 100))
    ]
    with RedisServer(tmp_path_factory.mktemp("redis"), append_only=False) as server:
        for hits, tries, dry, priority, all_hits, all_tries in cases:
            server.client.hset("c:hosts", "a.example", f"{hits}:{tries}:{dry}")
            server.client.hset("c:meta", mapping={"hits": all_hits, "tries": all_tries})
            server.client.zadd("c:q:a.example", {"item": 17 - priority * 2**40})
            ranked = server.client.eval(script, 2, "c:", "lc:", "a.example")

            assert ranked == host_rank(priority, hits, tries, dry, base_rate(all_hits, all_tries))
