"""Fixtures that several test folders share: where the labelled real pages are."""

import os
from pathlib import Path

import pytest

from tests.servers.mongodb import mongodb_store_url, mongodb_url
from tests.web.stores import filled, report_file

__all__ = ["filled", "mongodb_store_url", "mongodb_url", "report_file"]

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real pages and labels, beside the checkout or named by LINKCRAWLER_SHARED."""
    folder = Path(os.environ.get("LINKCRAWLER_SHARED", CHECKOUT.parent / "shared"))
    if not (folder / "gold" / "dev.jsonl").is_file():
        pytest.skip(f"no labelled real pages in {folder}: set LINKCRAWLER_SHARED to the folder that holds gold/")
    return folder


@pytest.fixture(scope="session")
def gold(shared: Path) -> Path:
    return shared / "gold"
