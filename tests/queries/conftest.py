"""One store of each kind, filled with the same links, and mongosh."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.queries.sample import fill
from tests.servers.mongodb import CACHE, fresh_database, java_server, running
from tests.servers.npm import fetched

MONGOSH = "2.12.0"


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('questions') / 'links.db'}"
    fill(url)
    return url


@pytest.fixture(scope="session")
def filled_mongodb(mongodb_url: str) -> Iterator[str]:
    with fresh_database(mongodb_url) as url:
        fill(url)
        yield url


@pytest.fixture(scope="session")
def aggregating() -> Iterator[str]:
    """A filled database on a server that groups by expressions: MongoDB if one is given, else mongo-java-server."""
    if given := os.environ.get("MONGODB_URL"):
        with fresh_database(given) as url:
            fill(url)
            yield url
    elif shutil.which("mvn") and shutil.which("java"):
        with running(java_server()) as server, fresh_database(server) as url:
            fill(url)
            yield url
    else:
        pytest.skip("no server that groups by expressions: set MONGODB_URL to a MongoDB, or install Java with Maven")


@pytest.fixture(scope="session")
def mongosh() -> Path:
    """MongoDB's shell, from npm into .cache/ on first use."""
    if found := shutil.which("mongosh"):
        return Path(found)
    return fetched(CACHE / f"mongosh-{MONGOSH}", f"mongosh@{MONGOSH}") / ".bin" / "mongosh"
