"""Brings a store of an older release forward, batch by batch: killed at any moment, it goes on when it is run again.

Each batch is one transaction (SQLite) or a set of updates that may be repeated (MongoDB). The version is written last:
until then every command but ``linkcrawler migrate`` refuses the store.
"""

import asyncio
from pathlib import Path

from pipelines.stores.connect import SQLITE
from pipelines.stores.migration import Migration, Progress
from pipelines.stores.sqlite.migration import migrate_file


async def migrate(url: str, *, dry_run: bool = False, on_progress: Progress = lambda *_: None) -> Migration:
    """Bring the store forward; ``dry_run``: only say what there is to do.

    Raises StoreError if there is no store, or one that a newer release wrote.
    """
    if url.startswith(SQLITE):
        return await asyncio.to_thread(migrate_file, Path(url.removeprefix(SQLITE)), dry_run, on_progress)
    # Not above: PyMongo takes longer to load than a small file takes to migrate.
    from pipelines.stores.mongodb.migration import migrate_database

    return await migrate_database(url, dry_run=dry_run, on_progress=on_progress)
