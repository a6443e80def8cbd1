"""``linkcrawler report``: shares as counted beside those corrected for measured errors, or why there are none."""

import json
from pathlib import Path

import pytest

from pipelines.reports.prevalence import confusion_of
from pipelines.verdicts.model import load_model
from tests.commands.conftest import Run
from tests.commands.sample import fill, id_of


@pytest.fixture(autouse=True)
def _store(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'linkcrawler.db'}")


def test_the_shipped_model_was_measured() -> None:
    rates = confusion_of(load_model().figures)

    assert rates
    assert sum(map(sum, rates.values())) >= 500


def test_shares_stand_beside_those_corrected(run: Run) -> None:
    run("classify")
    run("label", id_of("https://sea.test/tides", "/study"), "--channel", "sponsored")

    summary = json.loads(run("report", "--json").out)

    assert load_model().core_id in summary["shares_note"]
    for what, counts in (("links", summary["links"]), ("decisions", summary["decisions"])):
        judged = sum(counts[mode] for mode in ("active", "passive", "undetermined"))
        for mode, share in summary["shares"][what].items():
            assert share["raw"] == pytest.approx(counts[mode] / judged, abs=1e-4)
            assert share["low"] <= share["adjusted"] <= share["high"]
    text = run("report").out
    assert "as counted" in text
    assert "95 % interval" in text


def test_verdicts_of_other_models_have_no_rates(run: Run) -> None:
    summary = json.loads(run("report", "--json").out)

    assert summary["shares"] == {}
    assert summary["shares_note"].startswith("no measured rates: 9 links were judged by other models")
    assert "Shares are as counted; no measured rates" in run("report").out


def test_what_people_say_of_all_links_is_corrected_nowhere(run: Run) -> None:
    run("classify")
    for link in map(json.loads, run("links", "--format", "jsonl").out.splitlines()):
        run("label", link["id"], "--channel", "guest_post" if "blog" in link["source_url"] else "editorial_citation")

    summary = json.loads(run("report", "--json").out)

    for what in ("links", "decisions"):
        assert summary[what]["active"] > 0
        assert {share["raw"] == share["adjusted"] == share["low"] == share["high"]
                for share in summary["shares"][what].values()} == {True}  # fmt: skip
