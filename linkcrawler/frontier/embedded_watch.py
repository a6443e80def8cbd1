"""Looks at an embedded frontier from outside, while a crawl runs on it or when none does."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from linkcrawler.errors import StoreError
from linkcrawler.frontier.embedded_file import UrlState


@dataclass(frozen=True, slots=True)
class FileOverview:
    """All crawls of one file together."""

    states: dict[str, int] = field(default_factory=dict)
    """Number of crawls by state: running, finished, budget."""
    urls: dict[str, int] = field(default_factory=dict)
    """Number of admitted URLs by where they stand, every :class:`UrlState` present."""


def overview(path: Path) -> FileOverview | None:
    """How the crawls of the file stand; None if it holds no frontier. Raises StoreError if it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'frontier_urls'").fetchone():
                return None
            states = connection.execute("SELECT state, count(*) FROM frontier_crawls GROUP BY state ORDER BY state")
            urls = connection.execute("SELECT state, count(*) FROM frontier_urls GROUP BY state")
            found = {UrlState(state): count for state, count in urls}
            return FileOverview(dict(states), {state.name.lower(): found.get(state, 0) for state in UrlState})
    except sqlite3.Error as error:
        raise StoreError(f"{path}: the frontier cannot be read ({error})") from error
