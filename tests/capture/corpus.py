"""The real pages beside the checkout, read once per test session where tests share them."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def rows(gold: Path, name: str = "pages.jsonl") -> list[dict[str, Any]]:
    """The lines of a file of the labelled set."""
    return [json.loads(line) for line in (gold / name).read_text(encoding="utf-8").splitlines()]


def body(gold: Path, row: dict[str, Any]) -> bytes:
    """The bytes of the page that a row names."""
    return gzip.decompress((gold / "pages" / row["file"]).read_bytes())


def pages(gold: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """All pages with their bytes, one at a time."""
    for row in rows(gold):
        yield row, body(gold, row)
