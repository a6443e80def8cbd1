"""The fault matrix in its short form; ``make faults`` runs the whole."""

from collections.abc import Callable

import pytest

from tests.faults import deaths, outages, politeness
from tests.faults.rig import Row
from tests.servers.redis import RedisServer

pytestmark = [
    pytest.mark.redis,
    pytest.mark.skipif(not RedisServer.installed(), reason="redis-server is not on PATH"),
]

ROWS: dict[str, Callable[[], Row]] = {
    "killed workers": lambda: deaths.killed_workers(size=400, kills=2, workers=2),
    "told to stop": lambda: deaths.told_to_stop(size=200),
    "one host, many workers": lambda: politeness.one_host(workers=3, pages=16, delay=0.3),
    "redis restart": lambda: outages.redis_restart(size=300),
    "store locked": lambda: outages.store_away(size=300, seconds=6.0),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_promise_is_kept(name: str) -> None:
    row = ROWS[name]()

    assert row.kept, f"{row.name}: {row.figure}; promised: {row.promise}"
