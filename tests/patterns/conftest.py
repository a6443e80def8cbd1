"""Servers that a search must give the same result on as SQLite."""

from collections.abc import Iterator

import pytest

from tests.servers.mongodb import fresh_database
from tests.stores.conftest import atomic_url

__all__ = ["atomic_url"]


@pytest.fixture(params=["mongodb", "atomic"])
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("mongodb_url" if request.param == "mongodb" else "atomic_url")
    with fresh_database(server) as url:
        yield url
