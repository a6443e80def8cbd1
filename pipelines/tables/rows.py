"""What a table is made of."""

from dataclasses import dataclass

Row = tuple[int, tuple[str, ...]]
"""Line of the file (of the sheet, for XLSX; of the list, for JSON), counted from 1, and the cells."""


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    problem: str
    """What was expected and what came."""
