"""How long the cheap pass takes beside a bare parse of the same real pages, and what the full work adds.

pytest tests/benchmarks/test_capture_speed.py --benchmark-enable      a table of all three
python -m tests.benchmarks.test_capture_speed ../shared/gold          the ratio, both measured in turn
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import lxml.html
import pytest

from linkcrawler.capture import CaptureVocabulary, capture_page, load_vocabulary
from linkcrawler.capture.document import cleaned
from linkcrawler.targets import parse_targets
from linkcrawler.urls import canonicalize
from tests.capture import corpus
from tests.capture.cutters import CUTTERS
from tests.capture.cutters import bare as bare_value

pytest.importorskip("pytest_benchmark", reason="needs pytest-benchmark: pip install linkcrawler[test]")
pytestmark = pytest.mark.gold

Pages = list[tuple[bytes, str]]
NOWHERE = parse_targets("target-that-no-page-names.example")
LINKED = parse_targets("wikipedia.org,youtube.com")


def sample(gold: Path, size: int) -> Pages:
    rows = Random(1).sample(corpus.rows(gold), size)
    return [(corpus.body(gold, row), canonicalize(row["url"]) or "") for row in rows]


def bare(pages: Pages) -> None:
    for body, _ in pages:
        lxml.html.document_fromstring(body)


def captured(pages: Pages, vocabulary: CaptureVocabulary, *, linked: bool = False) -> None:
    for body, url in pages:
        capture_page(body, url, targets=LINKED if linked else NOWHERE, vocabulary=vocabulary)


@pytest.fixture(scope="module")
def pages(gold: Path) -> Pages:
    return sample(gold, 40)


def test_bare_parse(pages: Pages, benchmark: Callable[..., None]) -> None:
    benchmark(bare, pages)


def test_cheap_pass_and_target_test(pages: Pages, benchmark: Callable[..., None]) -> None:
    benchmark(captured, pages, load_vocabulary())


@pytest.mark.parametrize("cutter", CUTTERS)
def test_cut_tags(pages: Pages, cutter: str, benchmark: Callable[..., None]) -> None:
    bodies = [cleaned(body)[0] for body, _ in pages]
    benchmark(lambda: [CUTTERS[cutter](body, bare_value) for body in bodies])


def test_full_context(pages: Pages, benchmark: Callable[..., None]) -> None:
    benchmark(captured, pages, load_vocabulary(), linked=True)


def main() -> None:
    """Print CPU seconds of nine interleaved rounds and the median of their ratios."""
    pages, vocabulary = sample(Path(sys.argv[1]), 300), load_vocabulary()
    captured(pages[:5], vocabulary)
    ratios = []
    for number in range(9):
        started = time.process_time()
        bare(pages)
        between = time.process_time()
        captured(pages, vocabulary)
        ended = time.process_time()
        ratios.append((ended - between) / (between - started))
        print(f"round {number}: parse {between - started:.3f} s, cheap pass {ended - between:.3f} s, {ratios[-1]:.2f}")  # noqa: T201
    print(f"median ratio {statistics.median(ratios):.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
