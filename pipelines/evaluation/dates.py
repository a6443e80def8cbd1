"""How often a page's publication date is exactly right, on labelled saved pages."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isnan
from pathlib import Path
from typing import Any

from linkcrawler.capture.document import parse
from linkcrawler.dating.published import page_dates
from linkcrawler.errors import UsageError
from linkcrawler.walk import Walk

_RAISED = "raised "
_EXAMPLE = '{"page_url": "https://example.org/a", "file": "a.html.gz", "published": "2020-05-31"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLabel:
    """One labelled page; ``published`` is None where the page has no date of publication."""

    page_url: str
    file: str
    published: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMiss:
    """A page that was not dated as labelled; ``source`` is the method, or what it raised."""

    label: DateLabel
    found: date | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesReport:
    """``n`` = ``exact`` + ``wrong`` + ``missing``. ``missing``: no date was found though there is one."""

    n: int
    exact: int
    wrong: int
    missing: int
    misses: tuple[DateMiss, ...] = ()
    """In the order of the labels."""

    def as_json(self) -> dict[str, float]:
        """The object that ``evaluate dates --json`` prints."""
        accuracy = round(self.exact / self.n, 4) if self.n else 0.0
        counts = {"n": self.n, "exact": self.exact, "wrong": self.wrong, "missing": self.missing}
        return {**counts, "accuracy": accuracy}


def evaluate_dates(
    labels: Path, pages: Path, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> DatesReport:
    """Date each page that ``labels`` (JSON lines) names in folder ``pages``; UsageError for a line or page unfit.

    ``on_progress`` is called after each page with the pages done and the pages in all. A page that raises is a miss.
    """
    wanted = list(read_labels(labels))
    today = datetime.now(UTC).date()
    misses, missing = [], 0
    for done, label in enumerate(wanted, 1):
        found, source = _dated(label, _body(pages / label.file), today)
        if found != label.published or source.startswith(_RAISED):
            misses.append(DateMiss(label=label, found=found, source=source))
            missing += found is None
        on_progress(done, len(wanted))
    wrong = len(misses) - missing
    exact = len(wanted) - len(misses)
    return DatesReport(n=len(wanted), exact=exact, wrong=wrong, missing=missing, misses=tuple(misses))


def read_labels(path: Path) -> Iterator[DateLabel]:
    """The labels of a file; UsageError that names the line where one does not fit."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _label(line, f"{path}:{number}")


def _label(line: bytes, where: str) -> DateLabel:
    try:
        record = json.loads(line)
        return DateLabel(page_url=_text(record, "page_url"), file=_text(record, "file"), published=_day(record))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{where}: not a label ({error!r}); a right line looks like: {_EXAMPLE}") from error


def _text(record: dict[str, Any], key: str) -> str:
    value = record[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} must be a text, got {value!r}")
    return value


def _day(record: dict[str, Any]) -> date | None:
    """The labelled day; null and NaN, which spreadsheets write for an empty cell, mean that there is none."""
    value = record["published"]
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    return date.fromisoformat(value)


def _body(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path}: the labelled page cannot be read ({error}); is --pages the right folder?") from error


def _dated(label: DateLabel, body: bytes, today: date) -> tuple[date | None, str]:
    """The date found and its method; for a page that raises, no date and the exception's name."""
    try:
        root = parse(body, label.page_url).root
        if root is None:
            return None, "empty page"
        dates = page_dates(Walk(root), url=label.page_url, fetched=today)
    except Exception as error:  # whatever a page does to the code under measurement is its result
        return None, _RAISED + type(error).__name__
    return dates.published, dates.published_source
