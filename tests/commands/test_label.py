"""``linkcrawler label`` and ``labels``: a person's word, everywhere that verdicts show, and as labels."""

import json
from pathlib import Path

import pytest

from linkcrawler.vocabulary import Channel, Mode
from pipelines.evaluation.labels import read_labels
from tests.commands.conftest import Run
from tests.commands.sample import fill, id_of

SEA = id_of("https://sea.test/tides", "/study")


@pytest.fixture(autouse=True)
def _store(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'linkcrawler.db'}")


def test_it_shows_wherever_verdicts_show_and_survives_classify(run: Run) -> None:
    done = run("label", SEA, "--channel", "sponsored", "--note", "we paid", "--by", "Ann")
    run("classify", "--all")

    assert done.out == f"{SEA} https://sea.test/tides -> https://example.org/study: active, sponsored\n"
    (link,) = map(json.loads, run("links", "--id", SEA, "--format", "jsonl").out.splitlines())
    assert (link["mode"], link["channel"]) == ("active", "sponsored")
    assert (link["override"]["by"], link["override"]["note"]) == ("Ann", "we paid")
    assert link["evidence"]
    assert SEA in run("links", "--mode", "active").out
    assert [line.split("\t")[0] for line in run("links", "--overruled").out.splitlines()] == ["id", SEA]
    assert "sponsored" in run("links", "--id", SEA).out
    story = run("explain", SEA).out
    assert "Ann said on" in story
    assert "we paid" in story
    assert "Passive, editorial citation" in story
    assert json.loads(run("report", "--json").out)["channels"]["active"]["sponsored"] == 1


def test_taking_it_back(run: Run) -> None:
    run("label", SEA, "--channel", "sponsored")

    assert run("label", SEA, "--remove").out.endswith(": no longer overruled\n")
    (link,) = map(json.loads, run("links", "--id", SEA, "--format", "jsonl").out.splitlines())
    assert (link["mode"], link["override"]) == ("passive", None)


def test_a_page_with_several_links(run: Run) -> None:
    refused = run("label", "blog.test/guest", "--channel", "guest_post")

    assert refused.status == 2
    assert id_of("https://blog.test/guest", "/") in refused.err
    assert run("label", "blog.test/guest", "--channel", "guest_post", "--every").out.count("active, guest_post") == 2


def test_labels_are_what_training_reads(run: Run, tmp_path: Path) -> None:
    run("label", SEA, "--mode", "passive", "--by", "Ann")
    run("label", "blog.test/guest", "--channel", "guest_post", "--every")

    (tmp_path / "labels.jsonl").write_text(run("labels", "--format", "jsonl").out, encoding="utf-8")

    labels = {label.id: label for label in read_labels(tmp_path / "labels.jsonl")}
    assert len(labels) == 3
    sea = labels[SEA]
    assert (sea.mode, sea.channel, sea.region) == (Mode.PASSIVE, Channel.EDITORIAL_CITATION, "body")
    assert (sea.page_url, sea.href, sea.nth, sea.target) == (
        "https://sea.test/tides",
        "https://example.org/study",
        0,
        "example.org",
    )


def test_no_labels_is_said(run: Run) -> None:
    done = run("labels")

    assert (done.status, done.out) == (0, "")
    assert "nobody has judged" in done.err


MISUSES = [
    ((SEA,), "say either"),
    ((SEA, "--remove", "--mode", "active"), "say either"),
    ((SEA, "--mode", "active"), "Add --channel, one of affiliate"),
    ((SEA, "--mode", "passive", "--channel", "sponsored"), "sponsored is active, not passive"),
    (("nowhere.test/", "--mode", "active"), "no link is known"),
]


@pytest.mark.parametrize(("arguments", "hint"), MISUSES)
def test_misuse_is_explained(run: Run, arguments: tuple[str, ...], hint: str) -> None:
    done = run("label", *arguments)

    assert done.status == 2
    assert hint in done.err
