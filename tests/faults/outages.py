"""Servers that go away and come back."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.faults.rig import Graph, Rig, Row, paused, repeated
from tests.servers.mongodb import build_ferretdb, started


def _outage(name: str, disturb: Callable[[Rig], None], size: int, store: str = "") -> Row:
    graph = Graph(size, hosts=40)
    with Rig(graph, graph.seeds, LINKCRAWLER_LEASE_SECONDS=20) as rig:
        rig.store = store or rig.store
        rig.start(2)
        rig.wait_for_pages(size // 4)
        began = time.monotonic()
        disturb(rig)
        until = time.monotonic() + 1.0
        ended = rig.wait(240)
        lag, usual = rig.loop_lag(began, until), rig.loop_lag(0.0, began)
        lost, lies = size - len({*rig.stored()}), rig.false_ends(size)
        errors = sum(log.count("ERROR") for log in rig.logs())
        return Row(
            name,
            f"lost {lost}, false ends {lies}, fetched again {repeated(rig.web.pages())}, errors logged {errors}, "
            f"loop lag p99 {lag * 1000:.0f} ms during the fault ({usual * 1000:.0f} ms before)",
            "0 lost, 0 false ends, lag < 200 ms",
            ended and lost == 0 and lies == 0 and lag < 0.2,
        )


def redis_restart(size: int = 1500) -> Row:
    def disturb(rig: Rig) -> None:
        rig.redis.stop()
        time.sleep(5)
        rig.redis.start()

    return _outage("Redis restarted, away for 5 s", disturb, size)


def redis_killed(size: int = 1500) -> Row:
    def disturb(rig: Rig) -> None:
        time.sleep(1.2)  # the append-only file is synced each second: that much is promised
        rig.redis.kill()
        time.sleep(2)
        rig.redis.start()

    return _outage("Redis killed (kill -9), away for 2 s", disturb, size)


def redis_stall(size: int = 1500) -> Row:
    def disturb(rig: Rig) -> None:
        with paused(rig.redis):
            time.sleep(10)

    return _outage("Redis stalls for 10 s (SIGSTOP)", disturb, size)


def connection_resets(size: int = 1500) -> Row:
    def disturb(rig: Rig) -> None:
        for _ in range(30):
            rig.redis.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            time.sleep(0.1)

    return _outage("30 storms of connection resets", disturb, size)


def redis_out_of_memory(size: int = 1500) -> Row:
    def disturb(rig: Rig) -> None:
        rig.redis.client.config_set("maxmemory", 1)
        time.sleep(5)
        rig.redis.client.config_set("maxmemory", 0)

    return _outage("Redis out of memory for 5 s", disturb, size)


def scripts_flushed(size: int = 1500) -> Row:
    def disturb(rig: Rig) -> None:
        for _ in range(20):
            rig.redis.client.script_flush()
            time.sleep(0.2)

    return _outage("script cache flushed 20 times", disturb, size)


def store_away(size: int = 1500, seconds: float = 30.0) -> Row:
    def disturb(rig: Rig) -> None:
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            database = sqlite3.connect(rig.folder / "links.db", isolation_level=None, timeout=30)
            database.execute("BEGIN EXCLUSIVE")
            held.set()
            done.wait()
            database.execute("ROLLBACK")
            database.close()

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait()
        time.sleep(seconds)
        done.set()
        holder.join()

    return _outage(f"store locked for {seconds:.0f} s", disturb, size)


def mongodb_stalls(size: int = 600, seconds: float = 30.0) -> Row:
    """The server of the store is stopped as a machine that hangs: connections stay open, and nothing answers."""
    with TemporaryDirectory() as folder, started([str(build_ferretdb()), folder]) as (url, server):

        def disturb(rig: Rig) -> None:
            os.kill(server.pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(server.pid, signal.SIGCONT)

        store = urlsplit(url)._replace(path="/faults").geturl()
        return _outage(f"store on a MongoDB server that hangs for {seconds:.0f} s", disturb, size, store)
