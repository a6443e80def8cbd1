"""A damaged file never crashes an import: it is read as far as it can be, or refused with a word of what is wrong."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcrawler.errors import UsageError
from linkcrawler.targets import parse_target
from pipelines.imports.importing import read_file
from tests.imports.exports import AHREFS, AHREFS_API, GOOGLE_LATEST, encoded, separated, workbook
from tests.imports.test_access_logs import COMBINED, JSON_LINES

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Edit = tuple[float, int, bytes]
"""Where (share of the length), how many bytes go, and what comes in their place."""
PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from([b'"', b"\n", b"\r", b"\0", b",", b"{", b"[", b"\xff", b"\xe2", b"http://[", b"9" * 30]),
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    book = workbook(AHREFS, tmp_path_factory.mktemp("book") / "made.xlsx").read_bytes()
    texts = [body for lines in (AHREFS, AHREFS_API, GOOGLE_LATEST) for _, body in encoded(lines)]
    packed = gzip.compress(separated(AHREFS).encode())
    return [book, *texts, COMBINED.encode(), JSON_LINES.encode(), packed]


def edited(body: bytes, edits: list[Edit]) -> bytes:
    for where, gone, come in edits:
        at = int(where * len(body))
        body = body[:at] + come + body[at + gone :]
    return body


def never_crashes(body: bytes, path: Path) -> None:
    path.write_bytes(body)
    try:
        found = read_file(path, target=parse_target("example.org"), noted_at=NOW).found
    except UsageError:
        return
    assert found.rows == len(found.seeds) + found.repeated + sum(found.passed_over.values()) + len(found.bad)
    assert all(row.line > 0 and row.problem for row in found.bad)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.integers(0, 21), edits=EDITS)
def test_a_damaged_file(bodies: list[bytes], tmp_path: Path, which: int, edits: list[Edit]) -> None:
    never_crashes(edited(bodies[which % len(bodies)], edits), tmp_path / "damaged")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_file(tmp_path: Path, body: bytes) -> None:
    never_crashes(body, tmp_path / "any")
