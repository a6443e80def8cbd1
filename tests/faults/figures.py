"""What the shared frontier costs: time on Redis' core, time of the client, bytes."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from redis.asyncio import Redis

from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate
from linkcrawler.frontier.redis.backend import RedisFrontier
from tests.faults.rig import Row
from tests.servers.redis import RedisServer

LINKS_PER_PAGE = 100


def admission(number: int = 300_000) -> Row:
    return asyncio.run(_admission(number))


async def _admission(number: int) -> Row:
    with TemporaryDirectory() as folder, RedisServer(Path(folder), append_only=False) as server:
        frontier = RedisFrontier(Redis(port=server.port), "0123456789abcdef", Limits(delay=1.0))
        await frontier.open()
        await frontier.begin()
        memory, core = server.client.info()["used_memory"], _core_seconds(server)
        batches = (_page(number_) for number_ in range(number // LINKS_PER_PAGE))
        client = 0.0
        for batch in batches:
            began = time.process_time()
            await frontier.admit(batch)
            client += time.process_time() - began
        rate = number / (_core_seconds(server) - core)
        each = client / number * 1e6
        size = (server.client.info()["used_memory"] - memory) / number
        await frontier.close()
    return Row(
        f"admit {number:,} new URLs, {LINKS_PER_PAGE} a page",
        f"{rate:,.0f} URLs a second of Redis' core, client {each:.1f} us a link, {size:.0f} bytes a queued URL in all",
        ">= 30,000 a second, <= 40 us, <= 240 bytes",
        rate >= 30_000 and each <= 40 and size <= 240,
    )


def _page(number: int) -> list[Candidate]:
    return [
        Candidate(f"https://www.h{(number * 7 + i % 20) % 7000}.example.org/articles/2024/a-title-{number}-{i}.html", 1)
        for i in range(LINKS_PER_PAGE)
    ]


def _core_seconds(server: RedisServer) -> float:
    info = server.client.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


def seen_bytes(number: int = 10_000_000) -> Row:
    """Digests of so many URLs in the buckets that the admit script fills, as it fills them, without their queues."""
    from random import Random

    from linkcrawler.frontier.redis.backend import FIRST_BUCKETS, URLS_PER_BUCKET

    chance = Random(1)
    with TemporaryDirectory() as folder, RedisServer(Path(folder), append_only=False) as server:
        before = server.client.info()["used_memory"]
        generation, room = 1, FIRST_BUCKETS * URLS_PER_BUCKET
        pipe = server.client.pipeline(transaction=False)
        for at in range(number):
            digest = chance.getrandbits(64) - 2**63
            buckets = FIRST_BUCKETS * 4 ** (generation - 1)
            pipe.execute_command("SADD", f"lc:0123456789abcdef:1:s{generation}:{abs(digest) % 10**9 % buckets}", digest)
            room -= 1
            if not room:
                generation += 1
                room = FIRST_BUCKETS * 4 ** (generation - 1) * URLS_PER_BUCKET
            if at % 20_000 == 19_999:
                pipe.execute()
        pipe.execute()
        each = (server.client.info()["used_memory"] - before) / number
    return Row(f"{number:,} seen URLs", f"{each:.1f} bytes each", "<= 12 bytes", each <= 12)
