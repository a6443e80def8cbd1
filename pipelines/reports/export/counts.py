"""Writes counts of links, as tables of tabs, CSV or JSON Lines."""

import csv
import io
from collections.abc import Sequence
from typing import IO

import msgspec

from linkcrawler.errors import UsageError
from pipelines.reports.terminal import printable
from pipelines.stores.link_filter import Counted

LINKS = "links"
"""The column of the counts."""


def write_counts(found: Sequence[Counted], fields: Sequence[str], form: str, out: IO[bytes]) -> None:
    """One line for each combination of values, with a header but in JSON Lines. UsageError for another form."""
    if form == "jsonl":
        for values, count in found:
            out.write(msgspec.json.encode(dict(zip(fields, values, strict=True)) | {LINKS: count}) + b"\n")
        return
    if form not in ("table", "csv"):
        raise UsageError(f"counts are not written as {form}; expected --format table, csv or jsonl")
    text = io.StringIO(newline="")
    writer = csv.writer(text) if form == "csv" else csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow([*fields, LINKS])
    writer.writerows([*map(printable, values), count] for values, count in found)
    out.write(text.getvalue().encode("utf-8", "replace"))
