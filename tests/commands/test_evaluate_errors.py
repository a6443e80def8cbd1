"""``linkcrawler evaluate`` tells what it cannot read."""

import json
from pathlib import Path

import pytest

from tests.commands.calling import call_here

LABEL = {
    "id": "1",
    "page_url": "https://some.blog/post",
    "file": "1.html.gz",
    "href": "https://example.org/",
    "nth": 0,
    "target": "example.org",
    "mode": "passive",
    "channel": "editorial_citation",
    "region": "body",
    "published": "2020-05-31",
}


@pytest.mark.parametrize("what", ["links", "dates"])
@pytest.mark.parametrize("saved", [b"<p>not packed", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03cut"])
def test_a_page_that_is_no_gzip(what: str, saved: bytes, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps(LABEL))
    (tmp_path / "1.html.gz").write_bytes(saved)

    done = call_here("evaluate", what, "--labels", str(labels), "--pages", str(tmp_path))

    assert done.status == 2
    assert "1.html.gz: the" in done.err
    assert "cannot be read" in done.err


@pytest.mark.parametrize("what", ["links", "dates"])
def test_labels_in_another_encoding(what: str, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_bytes(json.dumps(LABEL | {"id": "größe"}, ensure_ascii=False).encode("latin-1"))

    done = call_here("evaluate", what, "--labels", str(labels), "--pages", str(tmp_path))

    assert done.status == 2
    assert f"{labels}" in done.err
