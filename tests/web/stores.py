"""A store that holds the world, and its report: made once for all tests that only read them."""

from pathlib import Path

import pytest

from tests.commands.calling import call


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that holds the world; not to be written to."""
    from tests.web.world import fill  # the lexicons that it judges by take their time

    file = tmp_path_factory.mktemp("filled") / "links.db"
    fill(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def report_file(filled: Path) -> Path:
    """The report of that store, as the command writes it."""
    url, folder = f"sqlite:///{filled}", filled.parent
    done = call("linkcrawler", "report", "--store", url, "--html", "report.html", folder=folder)
    assert (done.status, done.out, done.err) == (0, "", "")
    return folder / "report.html"
