"""``linkcrawler report``: every figure against the sample, counted by hand."""

import json
from pathlib import Path

from tests.commands.calling import on_terminal
from tests.commands.conftest import Run
from tests.commands.sample import FOOTER, VISITS, fill, visit


def counts(active: int, passive: int, undetermined: int, unclassified: int = 0) -> dict[str, int]:
    return {"active": active, "passive": passive, "undetermined": undetermined, "unclassified": unclassified}


def test_json_figures(run: Run, sqlite_url: str) -> None:
    done = run("report", "--store", sqlite_url, "--json")

    report = json.loads(done.out)
    assert done.status == 0
    assert report["links"] == {"total": 10, **counts(5, 3, 1, 1)}
    assert report["domains"] == {"total": 5, **counts(3, 2, 1, 1)}
    # The tides under two addresses, the footer of the shop, and the guest's post (in two modes) count once each.
    assert report["decisions"] == {"total": 6, **counts(3, 2, 1, 1)}
    assert report["undetermined_share"]["links"] == round(1 / 9, 4)
    assert {mode: sum(found.values()) for mode, found in report["channels"].items()} == {
        "active": 5,
        "passive": 3,
        "undetermined": 1,
    }
    assert report["channels"]["active"]["embedded_credit"] == 3
    assert report["channels"]["passive"]["reference_work"] == 0
    assert report["regions"]["footer"] == counts(3, 0, 1)
    assert report["target_pages"] == {
        "https://example.org/": counts(5, 0, 0),
        "https://example.org/study": counts(0, 3, 0),
        "https://example.org/help": counts(0, 0, 1),
        "https://example.org/x": counts(0, 0, 0, 1),
    }
    assert report["first_seen"] == {"2026-03": counts(4, 2, 1, 1), "2026-04": counts(1, 1, 0)}
    assert report["targets"] == {"example.org": 10}


def test_modes_stand_in_alphabetical_order(run: Run, sqlite_url: str) -> None:
    report = json.loads(run("report", "--store", sqlite_url, "--json").out)

    for table in (report["channels"], *report["regions"].values(), *report["target_pages"].values()):
        names = [name for name in table if name != "unclassified"]
        assert names == sorted(names)


def test_top_bounds_the_target_pages(run: Run, sqlite_url: str) -> None:
    report = json.loads(run("report", "--store", sqlite_url, "--json", "--top", "1").out)

    assert list(report["target_pages"]) == ["https://example.org/"]
    assert report["target_pages_total"] == 4


def test_text_in_a_pipe_is_plain(run: Run, sqlite_url: str) -> None:
    done = run("report", "--store", sqlite_url)

    lines = [line.split() for line in done.out.splitlines()]
    assert ["links", "5", "3", "1", "1", "10"] in lines
    assert ["decisions", "3", "2", "1", "1", "6"] in lines
    assert "1 link is not classified yet: run linkcrawler classify" in done.out.splitlines()
    assert "\x1b" not in done.out


def test_text_fits_a_narrow_terminal(sqlite_url: str) -> None:
    lines = on_terminal(80, "linkcrawler", "report", "--store", sqlite_url)

    assert max(map(len, lines)) <= 80
    assert any(line.split() == ["links", "5", "3", "1", "1", "10"] for line in lines)


def test_an_unknown_target_names_the_known_ones(run: Run, sqlite_url: str) -> None:
    done = run("report", "--store", sqlite_url, "--target", "other.test")

    assert (done.status, done.out) == (2, "")
    assert "there are links to example.org" in done.err


def test_nothing_is_said_of_classifying_where_all_is_classified(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'all.db'}"
    fill(url, [found for found in VISITS if "forum" not in found.url])

    assert "unclassified" not in run("report", "--store", url).out


def test_before_classifying_the_shares_are_unknown(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    fill(url, [visit("https://new.test/", FOOTER)])

    report = json.loads(run("report", "--store", url, "--json").out)
    assert report["undetermined_share"] == {"links": None, "decisions": None}
    assert "1 link is not classified yet" in run("report", "--store", url).out
