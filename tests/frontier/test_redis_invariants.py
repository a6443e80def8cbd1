"""The Redis scripts hold their invariants under any order of calls, lost answers, repetitions and worker deaths.

The clock is a key that the test moves. What a crash does to a worker is that it forgets: its leases stay in Redis.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linkcrawler.frontier.protocol import Candidate
from linkcrawler.frontier.redis import items, scripts
from linkcrawler.frontier.redis.scripts import Script
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.redis

DELAY, LEASE = 60_000, 600_000
HOSTS, PAGES, ATTEMPTS, DEATHS, HOST_CAP = "abc", 6, 3, 2, 4
CRAWL, CLUSTER = "lc:t:1:", "lc:"

_LEASED = """
local out = {}
for _, token in ipairs(redis.call('HKEYS', KEYS[1])) do
  out[#out + 1] = token
  out[#out + 1] = cmsgpack.unpack(redis.call('HGET', KEYS[1], token))[3]
end
return out
"""
_DEAD = """
local out = {}
for _, record in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do out[#out + 1] = cmsgpack.unpack(record)[2] end
return out
"""

_urls = st.builds(lambda host, page: f"https://{host}.example/{page}", st.sampled_from(HOSTS), st.integers(0, PAGES))
_batches = st.lists(st.builds(Candidate, _urls, priority=st.integers(0, 2)), max_size=5)


class Scripts(RuleBasedStateMachine):
    server: RedisServer

    @initialize()
    def empty(self) -> None:
        self.redis = self.server.client
        self.redis.flushall()
        self.now, self.nonce, self.sent = 10_000_000, 0, 0
        self.held: dict[str, str] = {}
        self.forgotten: list[str] = []
        self.admitted: set[str] = set()
        self.gave_way: set[str] = set()
        """URLs that were not kept because their host's queue was full."""
        self.done: set[str] = set()
        self.rests_until: dict[str, int] = {}
        self.call(scripts.BEGIN, 0, 0, 0, "test", "t", keys=("lc:t:", CLUSTER))

    def call(self, script: Script, *args: Any, keys: tuple[str, ...] = (CRAWL, CLUSTER), twice: bool = False) -> Any:
        self.redis.set("clock", self.now)
        text = script.text.replace(
            "redis.call('TIME')",
            "{math.floor(redis.call('GET', 'clock') / 1000), redis.call('GET', 'clock') % 1000 * 1000}",
        )
        if twice:  # the first answer was lost on its way
            self.redis.eval(text, len(keys), *keys, *args)
        return self.redis.eval(text, len(keys), *keys, *args)

    def settle(self, batch: list[Candidate], token: str = "", ended: str = "done", *, twice: bool = False) -> Any:
        packed = items.pack_batch(batch)
        hit = {"done": self.nonce % 2, "failed": 0}.get(ended, "") if token else ""
        return self.call(scripts.SETTLE, packed, HOST_CAP, 2, 3, token, ended, DELAY, 2000, 8000, 0, hit, twice=twice)

    def note_admitted(self) -> None:
        """What the queues hold beyond what was known came in by the call just made; what they hold no more while the
        host's queue is full had to give way."""
        queued = {url for urls in self.queued().values() for url in urls}
        gone = self.admitted - queued - set(self.leased().values()) - self.done - set(self.dead())
        full = {host for host, urls in self.queued().items() if len(urls) == HOST_CAP}
        assert {host_of(url) for url in gone} <= full, "a URL gave way although there was room"
        self.gave_way |= gone
        self.admitted = (self.admitted | queued) - gone

    def queued(self) -> dict[str, list[str]]:
        queues = {f"{host}.example": self.redis.zrange(f"{CRAWL}q:{host}.example", 0, -1) for host in HOSTS}
        return {host: [items.unpack(item)[0].url for item in queue] for host, queue in queues.items()}

    def leased(self) -> dict[str, str]:
        """Token -> URL."""
        flat = self.redis.eval(_LEASED, 1, f"{CRAWL}leases")
        return {token.decode(): items.unpack(item)[0].url for token, item in zip(flat[::2], flat[1::2], strict=True)}

    def dead(self) -> list[str]:
        return [items.unpack(item)[0].url for item in self.redis.eval(_DEAD, 1, f"{CRAWL}dead")]

    def counter(self, name: str) -> int:
        return int(self.redis.hget(f"{CRAWL}meta", name) or 0)

    def rest(self, url: str, wait: int) -> None:
        self.rests_until[host_of(url)] = self.now + wait

    @rule(batch=_batches, twice=st.booleans())
    def admit(self, batch: list[Candidate], twice: bool) -> None:
        before = len(self.admitted)
        kept, duplicates, over, _ = self.settle(batch, twice=twice)
        self.note_admitted()
        self.gave_way |= self.over_cap(batch) - self.admitted
        assert kept + duplicates + over == len(batch)
        if not twice:
            assert kept == len(self.admitted) - before

    @rule(want=st.integers(1, 4), twice=st.booleans(), answer_arrives=st.booleans())
    def reserve(self, want: int, twice: bool, answer_arrives: bool) -> None:
        self.reap_in_model()
        first = {host: urls[0] for host, urls in self.queued().items() if urls}
        leased_before = set(self.leased())
        self.nonce += 1
        answer = self.call(scripts.RESERVE, f"w:{self.nonce}", want, LEASE, 0, DEATHS, DELAY, 1, 3, twice=twice)
        granted = {
            token.decode(): items.unpack(item)[0].url for token, item in zip(answer[7::4], answer[8::4], strict=True)
        }
        assert len(granted) <= want
        assert granted == {token: url for token, url in self.leased().items() if token not in leased_before}
        for url in granted.values():
            assert url == first[host_of(url)], "I7: priority, then arrival"
            assert self.now >= self.rests_until.get(host_of(url), 0), "I3: the host still rests"
            self.rests_until[host_of(url)] = self.now + LEASE
        if answer_arrives:
            self.held |= granted

    def reap_in_model(self) -> None:
        """The next reserve takes back what ran out; do that now, and note which hosts rest from now on."""
        before = self.leased()
        self.nonce += 1
        self.call(scripts.RESERVE, f"w:{self.nonce}", 0, LEASE, 0, DEATHS, DELAY, 1, 3)
        for token in before.keys() - self.leased().keys():
            self.rest(before[token], DELAY)
            if token in self.held:
                self.forgotten.append(token)
                del self.held[token]

    @precondition(lambda self: self.held)
    @rule(data=st.data(), batch=_batches, ended=st.sampled_from(["done", "failed", "skipped"]), twice=st.booleans())
    def acknowledge(self, data: st.DataObject, batch: list[Candidate], ended: str, twice: bool) -> None:
        token = data.draw(st.sampled_from(sorted(self.held)))
        url = self.held.pop(token)
        still = token in self.leased()
        self.settle(batch, token, ended, twice=twice)
        if still:
            self.done.add(url)
            self.rest(url, 0 if ended == "skipped" else DELAY)
        self.note_admitted()
        self.gave_way |= self.over_cap(batch) - self.admitted
        assert {c.url for c in batch} <= self.admitted | self.gave_way, "I6: children before the parent"

    def over_cap(self, batch: list[Candidate]) -> set[str]:
        full = {host for host, urls in self.queued().items() if len(urls) >= HOST_CAP}
        return {c.url for c in batch if host_of(c.url) in full}

    @precondition(lambda self: self.held)
    @rule(data=st.data(), reason=st.sampled_from(["", "reset"]), twice=st.booleans())
    def give_back(self, data: st.DataObject, reason: str, twice: bool) -> None:
        token = data.draw(st.sampled_from(sorted(self.held)))
        url = self.held.pop(token)
        still = token in self.leased()
        self.call(scripts.GIVE_BACK, token, reason, ATTEMPTS, 1, 1000, DELAY, 2000, 8000, 0, twice=twice)
        self.forgotten.append(token)
        if still:
            self.rest(url, DELAY if reason else 1000)

    @precondition(lambda self: self.forgotten)
    @rule(data=st.data(), how=st.sampled_from(["ack", "nack", "release", "renew"]))
    def use_an_old_token(self, data: st.DataObject, how: str) -> None:
        token = data.draw(st.sampled_from(self.forgotten))
        if token in self.leased():
            return
        before = self.queued(), self.leased(), self.dead(), self.counter("done")
        if how == "ack":
            assert self.settle([], token)[3] == -1
        elif how == "renew":
            assert self.call(scripts.HEARTBEAT, LEASE, token) == [token.encode()]
        else:
            reason = "reset" if how == "nack" else ""
            assert self.call(scripts.GIVE_BACK, token, reason, ATTEMPTS, 1, 0, DELAY, 2000, 8000, 0)[0] == -1
        assert before == (self.queued(), self.leased(), self.dead(), self.counter("done")), "I4: an old token"

    @precondition(lambda self: self.held)
    @rule()
    def renew(self) -> None:
        lost = {token.decode() for token in self.call(scripts.HEARTBEAT, LEASE, *self.held)}
        assert lost == self.held.keys() - self.leased().keys()
        for token, url in self.held.items():
            if token not in lost:
                self.rests_until[host_of(url)] = self.now + LEASE

    @rule()
    def worker_dies(self) -> None:
        self.forgotten += self.held
        self.held.clear()

    @rule(by=st.sampled_from([1, 1000, DELAY - 1, DELAY + 1, LEASE + 1]))
    def time_passes(self, by: int) -> None:
        self.now += by

    @invariant()
    def every_url_is_in_one_place(self) -> None:
        waiting = [url for urls in self.queued().values() for url in urls]
        places = [*waiting, *self.leased().values(), *self.dead(), *self.done]
        assert len(places) == len(set(places)), "I1: in two places"
        assert set(places) == self.admitted, "I1: lost, or from nowhere"

    @invariant()
    def a_host_has_one_lease(self) -> None:
        hosts = [host_of(url) for url in self.leased().values()]
        assert len(hosts) == len(set(hosts)), "I2"

    @invariant()
    def counters_are_right(self) -> None:
        assert self.counter("queued") == sum(map(len, self.queued().values())), "I5"
        assert self.counter("leased") == len(self.leased()) == self.redis.zcard(f"{CRAWL}expiry"), "I5"
        assert self.counter("dead") == len(self.dead())
        assert self.counter("violations") == 0
        assert len(self.admitted) <= self.counter("seen") <= len(self.admitted | self.gave_way)

    @invariant()
    def no_host_is_forgotten(self) -> None:
        """A host with queued URLs takes turns, or someone asks it."""
        asked = {host_of(url) for url in self.leased().values()}
        for host, urls in self.queued().items():
            lined_up = [self.redis.zscore(f"{CRAWL}{key}", host) for key in ("ready", "open")]
            assert not urls or host in asked or lined_up != [None, None]


def host_of(url: str) -> str:
    return url.split("/")[2]


def test_the_invariants_hold(redis_server: RedisServer) -> None:
    Scripts.server = redis_server
    checks = settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Scripts, settings=checks)
