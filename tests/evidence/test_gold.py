"""The shipped model on labelled real pages: figures must not fall below their floors."""

import hashlib
from pathlib import Path

import pytest

from linkcrawler.vocabulary import Mode
from pipelines.evaluation.errors import errors_html
from pipelines.evaluation.labels import read_labels
from pipelines.evaluation.links import LinksReport, evaluate_links, outcome
from pipelines.verdicts.model import load_model

pytestmark = pytest.mark.gold

# In-sample, on every fifth label: a smoke test. The floors of all labels are in tests/quality/floors.toml.
FLOORS = {"macro_f1": 0.80, "passive": 0.82, "channel": 0.74, "region": 0.85}
LABELS = Path(__file__).parents[1] / "quality" / "labels"
MORE, HARD, FRESH, WIDE = (LABELS / f"{name}.jsonl" for name in ("more", "hard", "fresh", "wide"))
HELD_OUT, APART = (LABELS / f"{name}.jsonl" for name in ("held_out", "apart"))


@pytest.fixture(scope="module")
def report(gold: Path, tmp_path_factory: pytest.TempPathFactory) -> LinksReport:
    """A fifth of the labels, spread over the file."""
    lines = (gold / "dev.jsonl").read_bytes().splitlines(keepends=True)
    sample = tmp_path_factory.mktemp("labels") / "sample.jsonl"
    sample.write_bytes(b"".join(lines[::5]))
    return evaluate_links(sample, gold / "pages", ablate=True)


def test_figures_of_the_shipped_model(report: LinksReport) -> None:
    figures = report.to_json()

    assert figures["n"] == 158
    assert figures["mode"]["macro_f1"] >= FLOORS["macro_f1"]
    assert figures["mode"]["passive"]["f1"] >= FLOORS["passive"]
    assert figures["channel"]["accuracy"] >= FLOORS["channel"]
    assert figures["region"]["accuracy"] >= FLOORS["region"]


def test_figures_agree_with_each_other(report: LinksReport) -> None:
    figures = report.to_json()
    cells = [count for row in figures["confusion"].values() for count in row.values()]
    right = sum(figures["confusion"][mode].get(mode, 0) for mode in Mode)

    assert sum(cells) == figures["n"]
    assert figures["mode"]["accuracy"] == round(right / figures["n"], 4)
    assert sum(row["n"] for row in figures["per_region"].values()) == figures["n"]
    assert sum(row["n"] for row in figures["reliability"]) == figures["n"]
    assert figures["ablation"]


def test_the_page_of_errors_shows_each_and_escapes(report: LinksReport) -> None:
    page = errors_html(report)
    wrong = [item for item in report.judged if not (outcome(item).mode_right and outcome(item).channel_right)]

    assert page.count("<article ") == len(wrong) > 0
    assert "<script" not in page
    assert all(item.label.id in page for item in wrong)


def test_the_shipped_model_was_measured_on_these_labels(gold: Path) -> None:
    model = load_model()
    files = [gold / "dev.jsonl", MORE, HARD, FRESH, WIDE]

    assert [model.data[path.name] for path in files] == [
        hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest() for path in files
    ]
    assert model.data["sites"] == len({label.site for path in files for label in read_labels(path)})


def test_no_placement_that_is_held_out_was_trained_on(gold: Path) -> None:
    """Of its 250 placements 85 are of sites that no training label is of: docs/quality.md tells their figures apart."""
    held_out, more = read_labels(HELD_OUT), read_labels(MORE)
    others = [label for path in (gold / "dev.jsonl", HARD, FRESH, WIDE) for label in read_labels(path)]
    known = {(label.page_url, label.href, label.nth) for label in (*others, *more)}
    sites = {label.site for label in (*others, *more)}

    assert not [label.id for label in held_out if (label.page_url, label.href, label.nth) in known]
    assert not {label.site for label in others} & {label.site for label in held_out}
    assert sum(label.site not in sites for label in held_out) == 85


def test_no_site_that_is_measured_apart_is_in_another_file(gold: Path) -> None:
    others = (gold / "dev.jsonl", MORE, HARD, FRESH, WIDE, HELD_OUT)

    assert not sites_of(APART) & set().union(*map(sites_of, others))


def sites_of(path: Path) -> set[str]:
    return {label.site for label in read_labels(path)}
