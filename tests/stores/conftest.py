"""The stores that every contract test runs against: an SQLite file, and databases on real servers.

``mongodb`` is the server of tests/servers/mongodb.py. Where that is FerretDB, whose updates are not atomic, ``atomic``
adds mongo-java-server, whose updates are, as MongoDB's are: on the first the writers take turns, on the second (and on
MongoDB) concurrent updates meet on the server.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.mongodb import fresh_database, java_server, running

_KINDS = ["sqlite", *(pytest.param(kind, marks=pytest.mark.mongodb) for kind in ("mongodb", "atomic"))]


@pytest.fixture(scope="session")
def atomic_url() -> Iterator[str]:
    if not (shutil.which("mvn") and shutil.which("java")):
        pytest.skip("no server with atomic updates: install Java with Maven, or set MONGODB_URL to a MongoDB")
    with running(java_server()) as url:
        yield url


@pytest.fixture(params=_KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty store of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'links.db'}"
        return
    server = request.getfixturevalue("mongodb_url" if request.param == "mongodb" else "atomic_url")
    with fresh_database(server) as url:
        yield url
