"""A migration that dies with kill -9: python killed_migration.py STORE_URL BATCHES. One document a batch."""

import asyncio
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.stores import mongodb_migration, sqlite_migration
from pipelines.stores.migrating import migrate


def main() -> None:
    url, left = sys.argv[1], int(sys.argv[2])
    sqlite_migration.BATCH = mongodb_migration.BATCH = 1

    def die(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(migrate(url, on_progress=die))


if __name__ == "__main__":
    main()
