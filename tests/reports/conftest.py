"""The world as a store, and its report as a file that the command wrote."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html

from tests.commands.calling import call
from tests.web.world import fill


@dataclass(frozen=True)
class Written:
    store: Path
    file: Path

    def tables(self) -> dict[str, list[list[str]]]:
        """Caption to rows, the head's first; every cell as a reader sees it."""
        document = html.fromstring(self.file.read_text(encoding="utf-8"))
        return {
            table.findtext("caption", ""): [
                [" ".join(cell.text_content().split()) for cell in row.iter("th", "td")] for row in table.iter("tr")
            ]
            for table in document.iter("table")
        }


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the store."""
    file = tmp_path_factory.mktemp("world") / "links.db"
    fill(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="package")
def report(world: Path) -> Written:
    done = call("linkcrawler", "report", "--store", f"sqlite:///{world}", "--html", "report.html", folder=world.parent)
    assert (done.status, done.out, done.err) == (0, "", "")
    return Written(world, world.parent / "report.html")
