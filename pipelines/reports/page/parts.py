"""What a section of the page is made of: plain data, which templates lay out and charts are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Filters = Mapping[str, str]
"""Filters of ``linkcrawler links``, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    cells: tuple[str, ...]
    filters: Filters | None = None
    """Which links the row speaks of; None where no filters tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    caption: str
    head: tuple[str, ...]
    """Titles of the columns, that of the names first."""
    rows: tuple[Row, ...]
    words: int = 0
    """How many of the columns after the names hold words, not numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """One bar a category and series; one beside the other, or one on the other if ``stacked``."""

    title: str
    unit: str
    categories: tuple[str, ...]
    series: Mapping[str, tuple[float, ...]]
    """Name to a value for each category."""
    lying: bool = False
    """Bars run from left to right."""
    stacked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    """With ``high``: the band around the line; empty without one."""
    high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A value holds until the next one."""

    title: str
    x_unit: str
    y_unit: str
    lines: tuple[Line, ...]
    share: bool = False
    """Values are shares, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """A mark as counted, a mark as corrected and its interval, a line each; values are shares, 0 to 1."""

    title: str
    names: tuple[str, ...]
    counted: tuple[float, ...]
    corrected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


Chart = Bars | Lines | Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    key: str
    """Names the section in addresses: lower-case words and hyphens."""
    title: str
    notes: tuple[str, ...] = ()
    """What the numbers mean, a paragraph each."""
    chart: Chart | None = None
    tables: tuple[Table, ...] = field(default=())
