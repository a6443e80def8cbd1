"""Scoring of page dates: counts, labels without a date, bad lines, missing pages, progress."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from linkcrawler.errors import UsageError
from pipelines.evaluation.dates import evaluate_dates

PAGE = '<title>A page about mills</title><meta property="article:published_time" content="2020-05-12"><p>text'


def write(folder: Path, published: list[object]) -> Path:
    (folder / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "empty.html").write_bytes(b"")
    lines = []
    for day in published:
        name = "empty.html" if day in ("2001-01-01", None) else "a.html.gz"
        lines.append(json.dumps({"page_url": "https://example.org/a", "file": name, "published": day}))
    labels = folder / "labels.jsonl"
    labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return labels


def test_counts(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    labels = write(tmp_path, ["2020-05-12", "2020-05-13", "2001-01-01", None, "2020-05-12"])

    report = evaluate_dates(labels, tmp_path, lambda done, total: seen.append((done, total)))

    assert report.as_json() == {"n": 5, "exact": 3, "wrong": 1, "missing": 1, "accuracy": 0.6}
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert [(miss.label.published, miss.found) for miss in report.misses] == [
        (date(2020, 5, 13), date(2020, 5, 12)),
        (date(2001, 1, 1), None),
    ]


def test_an_empty_cell_is_no_date(tmp_path: Path) -> None:
    report = evaluate_dates(write(tmp_path, [float("nan")]), tmp_path)

    assert report.as_json() == {"n": 1, "exact": 0, "wrong": 1, "missing": 0, "accuracy": 0.0}


def test_no_labels(tmp_path: Path) -> None:
    assert evaluate_dates(write(tmp_path, []), tmp_path).as_json()["n"] == 0


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"page_url": "x", "file": 3, "published": null}',
                                  '{"page_url": "x", "file": "a.html.gz", "published": "last May"}'])  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    labels = write(tmp_path, ["2020-05-12"])
    labels.write_text(labels.read_text() + line + "\n")

    with pytest.raises(UsageError, match=r"labels\.jsonl:2: not a label"):
        evaluate_dates(labels, tmp_path)


def test_a_missing_page_is_named(tmp_path: Path) -> None:
    labels = write(tmp_path, ["2020-05-12"])
    (tmp_path / "a.html.gz").unlink()

    with pytest.raises(UsageError, match=r"a\.html\.gz: the labelled page cannot be read"):
        evaluate_dates(labels, tmp_path)
