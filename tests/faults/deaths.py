"""Workers that die and workers that are told to stop."""

import random
import signal
import time

from tests.faults.rig import Graph, Rig, Row, repeated


def killed_workers(size: int = 5000, kills: int = 5, workers: int = 4) -> Row:
    """Kill one of the workers at a random moment, again and again; each is replaced. They stay until all is done: one
    that came after the end would begin the crawl anew."""
    graph, chance = Graph(size, hosts=max(10, size // 50)), random.Random(7)
    with Rig(graph, graph.seeds, LINKCRAWLER_STAY=1) as rig:
        rig.start(workers)
        recoveries, held = [], 0
        for moment in sorted(chance.sample(range(size // 20, size * 9 // 10), kills)):
            rig.wait_for_pages(moment)
            victim = chance.choice([worker for worker in rig.workers if worker.poll() is None])
            mine = f"{victim.pid:x}".encode()
            held += sum(t.startswith(mine) for t in rig.redis.client.zrange(rig.round_key("expiry"), 0, -1))
            recoveries.append(rig.kill(victim))
            rig.start(1)
        ended = rig.drained(300)
        lost = size - len({*rig.stored()})
        twice = len(rig.stored()) - len({*rig.stored()})
        again = repeated(rig.web.pages())
        lease = rig.settings["LINKCRAWLER_LEASE_SECONDS"]
        return Row(
            f"kill -9, {kills} times among {workers} workers, {size} pages",
            f"lost {lost}, stored twice {twice}, fetched again {again} (leases out {held}), "
            f"recovery {max(recoveries):.1f} s of a lease of {lease} s, dead {rig.counter('dead')}",
            "0 lost, 0 stored twice, recovery <= lease + 1 s",
            ended and lost == 0 and twice == 0 and max(recoveries) <= lease + 1 and again <= held,
        )


def told_to_stop(size: int = 400) -> Row:
    """SIGTERM: leases are returned at once, not after they run out, and the crawl goes on with the next worker."""
    graph = Graph(size, hosts=20, wait=0.3)
    with Rig(graph, graph.seeds, LINKCRAWLER_LEASE_SECONDS=60) as rig:
        rig.start(2)
        rig.wait_for_pages(size // 3)
        first = rig.workers[0]
        first.send_signal(signal.SIGTERM)
        began = time.monotonic()
        first.wait(60)
        seconds = time.monotonic() - began
        mine = f"{first.pid:x}".encode()
        left = sum(t.startswith(mine) for t in rig.redis.client.zrange(rig.round_key("expiry"), 0, -1))
        ended = rig.wait(120)
        lost, again = size - len({*rig.stored()}), repeated(rig.web.pages())
        return Row(
            "SIGTERM to one of two workers",
            f"ended after {seconds:.1f} s with {left} leases left, lost {lost}, fetched again {again}",
            "<= 25 s, 0 leases left, 0 lost",
            ended and seconds <= 25 and left == 0 and lost == 0,
        )
