"""``python -m tests.faults``: run the fault matrix and print what came of it."""

import sys
import time
from collections.abc import Callable

from tests.faults import deaths, figures, hostile, outages, politeness
from tests.faults.rig import Row
from tests.servers.redis import RedisServer

ROWS: dict[str, Callable[[], Row]] = {
    "kill": deaths.killed_workers,
    "stop": deaths.told_to_stop,
    "polite": politeness.one_host,
    "fair": politeness.fair_shares,
    "slow": politeness.one_slow_host,
    "starve": politeness.starvation,
    "restart": outages.redis_restart,
    "redis-kill": outages.redis_killed,
    "stall": outages.redis_stall,
    "resets": outages.connection_resets,
    "memory": outages.redis_out_of_memory,
    "scripts": outages.scripts_flushed,
    "store": outages.store_away,
    "mongodb": outages.mongodb_stalls,
    "trap": hostile.trap,
    "traps": hostile.four_traps,
    "hostile": hostile.beside_healthy_hosts,
    "admit": figures.admission,
    "seen": figures.seen_bytes,
}


def main(names: list[str]) -> int:
    if not RedisServer.installed():
        print("faults: redis-server is not on PATH; on Debian: apt-get install redis-server", file=sys.stderr)
        return 1
    if unknown := [name for name in names if name not in ROWS]:
        print(f"faults: {unknown[0]!r} is not known; expected some of {', '.join(ROWS)}", file=sys.stderr)
        return 2
    broken = 0
    for name in names or ROWS:
        began = time.monotonic()
        row = ROWS[name]()
        broken += not row.kept
        print(f"{'kept  ' if row.kept else 'BROKEN'}  {name:10}  {row.name}  ({time.monotonic() - began:.0f} s)")
        print(f"{'':20}{row.figure}\n{'':20}promised: {row.promise}", flush=True)
    print(f"\n{broken} promises broken" if broken else "\nall promises kept")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
