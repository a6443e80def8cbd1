"""Reads a file of whatever kind, and puts its seeds into the store."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from linkcrawler.errors import UsageError
from linkcrawler.targets import Target
from pipelines.imports.access_log import is_line, read_click
from pipelines.imports.columns import find_columns
from pipelines.imports.referrers import ORIGIN, ClickCounter
from pipelines.imports.table_rows import Imported, read_rows
from pipelines.imports.vocabulary import Vocabulary, load_vocabulary
from pipelines.stores.protocol import Store
from pipelines.tables.reading import read_table
from pipelines.tables.rows import BadRow

_GZIP = b"\x1f\x8b"
_LOOKED_AT = 20
"""Lines at the top of a file, one of which tells that it is a log."""
LONGEST_LINE = 1 << 16
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    origin: str
    told: str
    """Which column holds what."""
    found: Imported


def read_file(
    path: Path,
    *,
    target: Target | None,
    noted_at: datetime,
    form: str | None = None,
    named: Mapping[str, str] | None = None,
    days_first: bool | None = None,
) -> Reading:
    """``form``: the vendor's name or ``access log``; None: the file tells. ``named``: columns by hand.

    Raises UsageError if the file cannot be read or is not understood.
    """
    vocabulary = load_vocabulary()
    if form == ORIGIN or (form is None and not named and _is_log(path, vocabulary)):
        return Reading(ORIGIN, "referrers", _read_log(path, target, noted_at, vocabulary))
    columns = find_columns(read_table(path), vocabulary, named or {}, vendor=form, target=target)
    if "target" not in columns.at and target is None:
        raise UsageError(
            f"{path}: read as {columns.origin} ({columns.told()}), which does not say what the pages link to: "
            "add --target example.org, or name the column: --column target='Leads to'"
        )
    found = read_rows(columns, source=path.name, target=target, noted_at=noted_at, days_first=days_first)
    return Reading(columns.origin, columns.told(), found)


async def store_seeds(store: Store, found: Imported) -> int:
    """How many were new."""
    seeds = iter(found.seeds)
    new = 0
    while batch := list(islice(seeds, BATCH)):
        new += await store.seeds.put(batch)
    return new


def _is_log(path: Path, vocabulary: Vocabulary) -> bool:
    return any(is_line(line, vocabulary.log) for _, line in islice(_lines(path), _LOOKED_AT))


def _read_log(path: Path, target: Target | None, noted_at: datetime, vocabulary: Vocabulary) -> Imported:
    counter = ClickCounter(target, vocabulary.referrers)
    bad, lines = [], 0
    for number, line in _lines(path):
        lines += 1
        try:
            counter.add(number, read_click(line, vocabulary.log))
        except ValueError as error:
            bad.append(BadRow(number, str(error)))
    seeds = tuple(counter.seeds(path.name, noted_at))
    return Imported(seeds, tuple(bad), lines, counter.repeated, dict(counter.passed_over))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbers and lines that are not blank, unpacked if need be; of a longer line its beginning."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            yield from _split(gzip.GzipFile(fileobj=raw) if packed else raw)
    except (OSError, EOFError, zlib.error) as error:
        said = getattr(error, "strerror", None) or error
        raise UsageError(f"{path}: cannot be read ({said}); give an export or a log, plain or in gzip") from error


def _split(file: BinaryIO | gzip.GzipFile) -> Iterator[tuple[int, str]]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        whole = line
        while not whole.endswith(b"\n") and (whole := file.readline(LONGEST_LINE)):
            pass
        if text := line.decode("utf-8", "replace").lstrip("\ufeff").strip():
            yield number, text
