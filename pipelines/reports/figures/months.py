"""Calendar months as numbers, so that ages can be computed and gaps be filled."""

from collections.abc import Iterable, Mapping
from datetime import datetime


def month_number(time: datetime) -> int:
    """Months since the year 0."""
    return time.year * 12 + time.month - 1


def month_name(number: int) -> str:
    """
    >>> month_name(month_number(datetime(2026, 11, 2)))
    '2026-11'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def number_of(name: str) -> int:
    """The reverse of :func:`month_name`."""
    year, month = name.split("-")
    return int(year) * 12 + int(month) - 1


def every_month(names: Iterable[str]) -> list[str]:
    """All months from the first to the last of ``names`` (2026-11), without gaps."""
    numbers = [number_of(name) for name in names]
    return [month_name(number) for number in range(min(numbers), max(numbers) + 1)] if numbers else []


def by_year(months: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Counts of months added up by year."""
    years: dict[str, dict[str, int]] = {}
    for month, counts in months.items():
        year = years.setdefault(month[:4], dict.fromkeys(counts, 0))
        for group, count in counts.items():
            year[group] += count
    return years
