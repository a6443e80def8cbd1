"""``linkcrawler evaluate`` on the labelled real pages: the figures add up, and are of the form that scripts rely on."""

import json
import re
from pathlib import Path

import pytest

from tests.commands.conftest import Run


@pytest.fixture
def some_links(gold: Path, tmp_path: Path) -> Path:
    """Every tenth label, and one that no page holds."""
    lines = (gold / "dev.jsonl").read_text(encoding="utf-8").splitlines()[::10]
    missing = json.loads(lines[0]) | {"id": "missing", "href": "https://nowhere.test/"}
    file = tmp_path / "labels.jsonl"
    file.write_text("\n".join([*lines, json.dumps(missing)]), encoding="utf-8")
    return file


def test_links(run: Run, gold: Path, some_links: Path) -> None:
    done = run("evaluate", "links", "--labels", str(some_links), "--pages", str(gold / "pages"), "--json")

    figures = json.loads(done.out)
    assert figures["n"] == 80
    assert figures["not_found"] >= 1
    assert figures["mode"]["accuracy"] >= 0.6
    for mode in ("passive", "active", "undetermined"):
        assert figures["mode"][mode].keys() == {"precision", "recall", "f1"}
    f1 = [figures["mode"][mode]["f1"] for mode in ("passive", "active", "undetermined")]
    assert figures["mode"]["macro_f1"] == pytest.approx(sum(f1) / 3, abs=0.001)
    assert 0 < figures["channel"]["accuracy"] <= figures["mode"]["accuracy"]
    assert figures["region"]["accuracy"] >= 0.7


def test_links_as_text(run: Run, gold: Path, some_links: Path) -> None:
    done = run("evaluate", "links", "--labels", str(some_links), "--pages", str(gold / "pages"), "--ablate")

    lines = [line.split() for line in done.out.splitlines()]
    assert ["n", "80"] in lines
    assert ["mode", "precision", "recall", "f1"] in lines
    assert any(line[:1] == ["ablation"] for line in lines)
    assert done.err.splitlines()[-1] == "judging: 80 of 80"


def test_a_page_of_errors(run: Run, gold: Path, some_links: Path, tmp_path: Path) -> None:
    page = tmp_path / "errors.html"
    options = ("--labels", str(some_links), "--pages", str(gold / "pages"), "--errors", str(page), "--json")
    done = run("evaluate", "links", *options)

    wrong = 80 - round(80 * json.loads(done.out)["mode"]["accuracy"])
    assert page.read_text(encoding="utf-8").count("<article") >= wrong > 0


def test_dates(run: Run, gold: Path, tmp_path: Path) -> None:
    lines = (gold / "dates_dev.jsonl").read_text(encoding="utf-8").splitlines()[::10]
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(lines), encoding="utf-8")

    done = run("evaluate", "dates", "--labels", str(labels), "--pages", str(gold / "pages"), "--json")

    figures = json.loads(done.out)
    assert figures["n"] == len(lines) == figures["exact"] + figures["wrong"] + figures["missing"]
    assert figures["accuracy"] == round(figures["exact"] / figures["n"], 4) >= 0.8


@pytest.mark.parametrize("what", ["links", "dates"])
def test_labels_of_another_form(run: Run, tmp_path: Path, what: str) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"unexpected": 1}\n', encoding="utf-8")

    done = run("evaluate", what, "--labels", str(labels), "--pages", str(tmp_path))

    assert (done.status, done.out) == (2, "")
    assert re.search(r"labels\.jsonl(:|, line )1\b", done.err)
    assert "Traceback" not in done.err


@pytest.mark.parametrize("what", ["links", "dates"])
def test_a_page_that_is_missing(run: Run, tmp_path: Path, what: str) -> None:
    label = {"id": "1", "page_url": "https://a.test/", "file": "gone.html", "href": "/", "nth": 0, "anchor": ""}
    label |= {"target": "b.test", "mode": "passive", "channel": "editorial_citation", "region": "body", "conf": 3}
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps(label | {"published": "2020-05-31"}) + "\n", encoding="utf-8")

    done = run("evaluate", what, "--labels", str(labels), "--pages", str(tmp_path))

    assert (done.status, done.out) == (2, "")
    assert "gone.html" in done.err


def test_labels_that_are_missing(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", "links", "--labels", "missing.jsonl", "--pages", str(tmp_path))

    assert done.status == 2
    assert "missing.jsonl" in done.err
