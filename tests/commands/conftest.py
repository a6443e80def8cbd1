"""Stores that hold the sample, and a folder of one's own to run commands in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.calling import Done, call
from tests.commands.sample import fill

Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``linkcrawler`` in an empty folder."""
    return lambda *arguments, **environment: call("linkcrawler", *arguments, folder=tmp_path, **environment)


@pytest.fixture(scope="package")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'links.db'}"
    fill(url)
    return url
