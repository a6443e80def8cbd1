"""A migration that dies with kill -9: python killed_migration.py STORE_URL BATCHES. One document a batch."""

import asyncio
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.stores.migrating import migrate
from pipelines.stores.mongodb import migration as of_mongodb
from pipelines.stores.sqlite import migration as of_sqlite


def main() -> None:
    url, left = sys.argv[1], int(sys.argv[2])
    of_sqlite.BATCH = of_mongodb.BATCH = 1

    def die(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(migrate(url, on_progress=die))


if __name__ == "__main__":
    main()
