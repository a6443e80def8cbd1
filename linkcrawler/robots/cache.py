"""Where records are kept: in the memory of one process, or in Redis for all workers of a cluster."""

import zlib
from collections import OrderedDict
from typing import Protocol

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from linkcrawler.frontier.redis.line import Line
from linkcrawler.robots.record import LONG_OUTAGE_SECONDS, Record

MOST_RECORDS = 20_000
_KEPT_SECONDS = int(LONG_OUTAGE_SECONDS) + 86_400
"""Long enough to know, in Redis, since when a host has been silent."""


class Cache(Protocol):
    """Records by origin, such as ``https://example.org:8443``."""

    async def get(self, origin: str) -> Record | None: ...

    async def put(self, origin: str, known: Record) -> None: ...

    async def close(self) -> None: ...


class MemoryCache:
    """The records used last."""

    def __init__(self, most: int = MOST_RECORDS) -> None:
        self._records: OrderedDict[str, Record] = OrderedDict()
        self._most = most

    async def get(self, origin: str) -> Record | None:
        if origin in self._records:
            self._records.move_to_end(origin)
        return self._records.get(origin)

    async def put(self, origin: str, known: Record) -> None:
        self._records[origin] = known
        self._records.move_to_end(origin)
        while len(self._records) > self._most:
            self._records.popitem(last=False)

    async def close(self) -> None:
        self._records.clear()


class RedisCache:
    """Strings ``PREFIXrobots:ORIGIN``, compressed msgpack of a Record."""

    def __init__(self, client: Redis, prefix: str) -> None:
        self._client, self._prefix, self._line = client, prefix, Line(client)

    async def get(self, origin: str) -> Record | None:
        try:
            raw = await self._line.ask("GET", f"{self._prefix}robots:{origin}")
            return msgspec.msgpack.decode(zlib.decompress(raw), type=Record) if isinstance(raw, bytes) else None
        except (RedisError, OSError, zlib.error, msgspec.DecodeError):
            # What cannot be read is asked for again: politeness is not at stake, the host's turn is ours.
            return None

    async def put(self, origin: str, known: Record) -> None:
        packed = zlib.compress(msgspec.msgpack.encode(known))
        try:
            await self._line.ask("SET", f"{self._prefix}robots:{origin}", packed, "EX", _KEPT_SECONDS)
        except (RedisError, OSError):
            return

    async def close(self) -> None:
        await self._line.close()
        await self._client.aclose()
