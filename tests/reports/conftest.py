"""The world as a store, and its report as a file that the command wrote."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html


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


@pytest.fixture
def report(filled: Path, report_file: Path) -> Written:
    return Written(filled, report_file)
