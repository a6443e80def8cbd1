"""What the shared frontier costs: time on Redis' core, time of the client, bytes."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from redis.asyncio import Redis

from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate
from linkcrawler.frontier.redis.backend import FIRST_BUCKETS, URLS_PER_BUCKET, RedisFrontier
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
        Candidate(
            f"https://www.h{(number * 7 + i % 20) % 7000}.example.org/articles/2024/a-title-{number}-{i}.html",
            depth=1,
            hint=100_000_000 + i,
        )
        for i in range(LINKS_PER_PAGE)
    ]


def _core_seconds(server: RedisServer) -> float:
    info = server.client.info("cpu")
    return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])


_FILL = """
for _ = 1, tonumber(ARGV[3]) do
  local digest = string.format('%d%09d', math.random(-9e8, 9e8), math.random(0, 999999999))
  redis.call('SADD', KEYS[1] .. ARGV[1] .. ':' .. (tonumber(string.sub(digest, -9)) % tonumber(ARGV[2])), digest)
end
"""


def seen_bytes(number: int = 10_000_000) -> Row:
    """Random digests in the buckets that settle.lua makes, generation after generation, without the queues."""
    with TemporaryDirectory() as folder, RedisServer(Path(folder), append_only=False) as server:
        server.client.eval("math.randomseed(7)", 0)
        before, left, generation = server.client.info()["used_memory"], number, 1
        while left:
            buckets = FIRST_BUCKETS * 4 ** (generation - 1)
            here = min(left, buckets * URLS_PER_BUCKET)
            for start in range(0, here, 50_000):
                size = min(50_000, here - start)
                server.client.eval(_FILL, 1, "lc:0123456789abcdef:1:s", str(generation), str(buckets), str(size))
            left, generation = left - here, generation + 1
        each = (server.client.info()["used_memory"] - before) / number
    return Row(f"{number:,} seen URLs", f"{each:.1f} bytes each", "<= 12 bytes", each <= 12)
