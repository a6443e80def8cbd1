"""Writes which sites link to which targets, as tables of tabs, CSV or JSON Lines."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import IO

import msgspec

from pipelines.queries.comparing import Compared


def write_compared(rows: Sequence[Compared], targets: Sequence[str], form: str, out: IO[bytes]) -> None:
    """One line a source domain. In tables a column a target: ``active 1, passive 2``, empty without a link."""
    if form == "jsonl":
        for row in rows:
            out.write(msgspec.json.encode(row) + b"\n")
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text) if form == "csv" else csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(["source_domain", *targets])
    writer.writerows([row.source_domain, *(_told(row.targets[target]) for target in targets)] for row in rows)
    out.write(text.getvalue().encode("utf-8", "replace"))


def _told(modes: Mapping[str, int]) -> str:
    return ", ".join(f"{mode} {count}" for mode, count in sorted(modes.items()))
