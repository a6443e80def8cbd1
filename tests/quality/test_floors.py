"""Measured quality stays above the floors, on the corpus that they were measured on; no floor is lowered in silence."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipelines.evaluation.dates import evaluate_dates
from pipelines.evaluation.links import evaluate_links
from pipelines.verdicts.model import load_model

FLOORS = Path(__file__).parent / "floors.toml"
TRAINED = ("macro_f1", "passive_f1", "channel", "calibration")
FLOORED = frozenset(("found", "region", "dates", *TRAINED, *(f"unseen_{name}" for name in TRAINED)))


@pytest.fixture(scope="module")
def pinned() -> dict[str, Any]:
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured(gold: Path) -> dict[str, float]:
    """Every figure that may have a floor, larger is better."""
    pages = gold / "pages"
    links = evaluate_links(gold / "dev.jsonl", pages).to_json()
    dates = evaluate_dates(gold / "dates_dev.jsonl", pages).as_json()
    unseen = load_model().figures
    return {
        "found": 1 - links["not_found"] / links["n"],
        "region": links["region"]["accuracy"],
        "dates": dates["accuracy"],
        "macro_f1": links["mode"]["macro_f1"],
        "passive_f1": links["mode"]["passive"]["f1"],
        "channel": links["channel"]["accuracy"],
        "calibration": 1 - links["ece"],
        "unseen_macro_f1": unseen["dev.macro_f1"],
        "unseen_passive_f1": unseen["dev.passive_f1"],
        "unseen_channel": unseen["dev.channel_accuracy"],
        "unseen_calibration": 1 - unseen["dev.ece"],
    }


def digest(gold: Path, labels: str) -> str:
    """SHA-256 over the file of labels and the bytes of every saved page that it names, in the order of their names."""
    text = (gold / labels).read_bytes()
    found = hashlib.sha256(text)
    for file in sorted({json.loads(line)["file"] for line in text.splitlines() if line.strip()}):
        found.update(file.encode() + (gold / "pages" / file).read_bytes())
    return found.hexdigest()


def shortfalls(measured: dict[str, float], floors: dict[str, dict[str, Any]]) -> list[str]:
    """The figures below their floor, in words."""
    return [
        f"{name} is {measured[name]:.4f}, below its floor {entry['floor']}"
        for name, entry in floors.items()
        if measured[name] < entry["floor"]
    ]


def silent_lowerings(floors: dict[str, dict[str, Any]]) -> list[str]:
    """Floors below the highest that they ever had, without a reason; or above it, which must be recorded."""
    return [
        name
        for name, entry in floors.items()
        if entry["floor"] > entry["highest"]
        or (entry["floor"] < entry["highest"] and len(str(entry.get("reason", "")).split()) < 5)
    ]


@pytest.mark.gold
@pytest.mark.parametrize("labels", ["dev.jsonl", "dates_dev.jsonl"])
def test_the_corpus_is_the_pinned_one(gold: Path, pinned: dict[str, Any], labels: str) -> None:
    assert digest(gold, labels) == pinned["corpus"][labels], f"{labels} or its pages changed: see {FLOORS.name}"


@pytest.mark.gold
def test_quality_is_above_its_floors(measured: dict[str, float], pinned: dict[str, Any]) -> None:
    assert shortfalls(measured, pinned["floors"]) == []


def test_every_figure_has_a_floor(pinned: dict[str, Any]) -> None:
    assert pinned["floors"].keys() == FLOORED


def test_no_floor_is_lowered_without_a_reason(pinned: dict[str, Any]) -> None:
    assert silent_lowerings(pinned["floors"]) == []


def test_the_rules_bite() -> None:
    """A figure below its floor, a floor lowered in silence and a rise that is not recorded are each reported."""
    assert shortfalls({"region": 0.89}, {"region": {"floor": 0.9}}) == ["region is 0.8900, below its floor 0.9"]
    assert shortfalls({"region": 0.9}, {"region": {"floor": 0.9}}) == []
    assert silent_lowerings({"region": {"floor": 0.8, "highest": 0.9}}) == ["region"]
    assert silent_lowerings({"region": {"floor": 0.95, "highest": 0.9}}) == ["region"]
    reason = "labels of two pages were wrong and are corrected"
    assert silent_lowerings({"region": {"floor": 0.8, "highest": 0.9, "reason": reason}}) == []
