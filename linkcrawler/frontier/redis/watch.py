"""Looks at a shared frontier from outside, and the few things an operator may do to it."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from linkcrawler.errors import UsageError
from linkcrawler.frontier.redis import items, scripts
from linkcrawler.frontier.redis.backend import CLUSTER, forget

_AT_ONCE = 500
_REFUSED = "refused:"

Client = Any
"""redis.asyncio.Redis, whose own annotations do not tell it from the blocking client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One crawl as it stands. Counts are of its current round; times are seconds."""

    crawl: str
    about: str
    state: str
    round: int
    queued: int = 0
    leased: int = 0
    done: int = 0
    skipped: int = 0
    """Not asked for: forbidden by robots.txt, or on a private address."""
    dead: int = 0
    seen: int = 0
    expired: int = 0
    """Leases that ran out: a worker died, hung, or lost its Redis for long."""
    late: int = 0
    """Answers that came after their lease had run out."""
    violations: int = 0
    """Turns that ended while another worker had the host: must stay 0."""
    waiting_hosts: int = 0
    ready_hosts: int = 0
    oldest_lease: float | None = None
    refused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    host: str
    queued: int
    ready_in: float | None
    """None while someone asks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    url: str
    reason: str
    attempts: int
    at: float
    """Seconds since the epoch, on Redis' clock."""


async def crawls(client: Client) -> list[str]:
    """Keys of the crawls that Redis knows."""
    return sorted(key.decode() for key in await client.smembers(f"{CLUSTER}crawls"))


async def choose(client: Client, crawl: str) -> str:
    """The crawl that a key, or the beginning of one, means; the only one if it is empty."""
    known = await crawls(client)
    found = [key for key in known if key.startswith(crawl)]
    if len(found) == 1:
        return found[0]
    if not known:
        raise UsageError("this Redis holds no crawl: start one with -s LINKCRAWLER_FRONTIER=redis://HOST/DB")
    problem = f"no crawl begins with {crawl!r}" if not found else f"{len(found)} crawls fit"
    raise UsageError(f"{problem}: name one with --crawl, out of {', '.join(known)}")


async def overview(client: Client, crawl: str) -> Overview:
    head = _text(await client.hgetall(f"{CLUSTER}{crawl}:crawl"))
    prefix = f"{CLUSTER}{crawl}:{head.get('round', 0)}:"
    meta = {name: int(value) for name, value in _text(await client.hgetall(f"{prefix}meta")).items()}
    now = await _now(client)
    leases, ready = await client.hvals(f"{prefix}leases"), await client.zcard(f"{prefix}open")
    granted = [_record(lease)[3] for lease in leases]
    counts = ("queued", "leased", "done", "skipped", "dead", "seen", "expired", "late", "violations")
    return Overview(
        crawl=crawl,
        about=head.get("about", ""),
        state=head.get("state", "unknown"),
        round=int(head.get("round", 0)),
        **{name: meta.get(name, 0) for name in counts},
        waiting_hosts=await client.zcard(f"{prefix}ready") + ready,
        ready_hosts=await client.zcount(f"{prefix}ready", "-inf", now * 1000) + ready,
        oldest_lease=round(now - min(granted) / 1000, 3) if granted else None,
        refused={name.removeprefix(_REFUSED): n for name, n in sorted(meta.items()) if name.startswith(_REFUSED)},
    )


async def hosts(client: Client, crawl: str, most: int) -> list[Host]:
    """The hosts with the longest queues. Reads all waiting hosts: for a look, not for a dashboard."""
    prefix, now = await _round(client, crawl), await _now(client)
    found = []
    for key in ("ready", "open"):
        async for host, ready_at in client.zscan_iter(f"{prefix}{key}", count=_AT_ONCE):
            queued = await client.zcard(f"{prefix}q:{host.decode()}")
            ready_in = max(0.0, ready_at / 1000 - now) if key == "ready" else 0.0
            found.append(Host(host=host.decode(), queued=queued, ready_in=ready_in))
    return sorted(found, key=lambda host: (-host.queued, host.host))[:most]


async def dead(client: Client, crawl: str, most: int) -> list[Dead]:
    """What was given up, newest first."""
    prefix = await _round(client, crawl)
    found = []
    for record in await client.lrange(f"{prefix}dead", 0, most - 1):
        _, item, reason, at = _record(record)
        candidate, attempts, _ = items.unpack(item.encode())
        found.append(Dead(url=candidate.url, reason=reason, attempts=attempts, at=at / 1000))
    return found


async def requeue(client: Client, crawl: str) -> int:
    """Queue everything that was given up again; how many URLs that were."""
    keys, number = (await _round(client, crawl), CLUSTER, f"{CLUSTER}{crawl}:"), 0
    while moved := await client.eval(scripts.REQUEUE.text, len(keys), *keys, str(_AT_ONCE)):
        number += moved
    return number


async def clear(client: Client, crawl: str) -> int:
    """Delete a crawl; how many keys it had. Workers that run on it stop."""
    await client.srem(f"{CLUSTER}crawls", crawl)
    return await forget(client, f"{CLUSTER}{crawl}:")


async def _round(client: Client, crawl: str) -> str:
    round_ = await client.hget(f"{CLUSTER}{crawl}:crawl", "round")
    return f"{CLUSTER}{crawl}:{int(round_ or 0)}:"


async def _now(client: Client) -> float:
    seconds, micros = await client.time()
    return float(seconds) + float(micros) / 1e6


def _record(packed: bytes) -> list[Any]:
    """Lua packs text as it is, valid UTF-8 or not; what is packed here is URLs, JSON and words."""
    fields: list[Any] = msgspec.msgpack.decode(packed)
    return fields


def _text(raw: dict[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in raw.items()}
