"""``linkcrawler diff-verdicts`` and ``classify --model``: old verdicts again, and what changed through what."""

import json
from pathlib import Path

import msgspec
import pytest

from linkcrawler.vocabulary import Channel
from pipelines.verdicts.model import load_model, save_model
from tests.commands.conftest import Run
from tests.commands.sample import fill


@pytest.fixture(autouse=True)
def _store(tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'linkcrawler.db'}")


def export(run: Run, path: Path) -> Path:
    path.write_text(run("links", "--format", "jsonl", "--kind", "any").out, encoding="utf-8")
    return path


def verdicts(path: Path) -> list[tuple[object, ...]]:
    links = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        (link["id"], link["mode"], link["channel"], link["confidence"], link["evidence"], link["model"])
        for link in links
    ]


def changed_model(path: Path) -> Path:
    """The shipped model, but for a signal that fires in the sample: it now speaks for advertising, and loudly."""
    model = load_model()
    weights = {**model.weights, "in-sentence": {Channel.SPONSORED: 9.0}}
    save_model(msgspec.structs.replace(model, version="loud", weights=weights), path)
    return path


def test_an_old_model_gives_its_verdicts_again(run: Run, tmp_path: Path) -> None:
    run("classify")
    before = export(run, tmp_path / "before.jsonl")
    save_model(load_model(), tmp_path / "old.json")
    run("classify", "--model", str(changed_model(tmp_path / "loud.json")))
    other = export(run, tmp_path / "other.jsonl")

    done = run("classify", "--model", "old.json")

    assert done.out.startswith("10 links judged by model ")
    assert verdicts(export(run, tmp_path / "again.jsonl")) == verdicts(before) != verdicts(other)


def test_an_archived_model_is_named_by_its_version(run: Run) -> None:
    done = run("classify", "--model", "hand")

    assert done.status == 0
    assert "judged by model hand-" in done.out


def test_an_unknown_model_is_answered_with_those_there_are(run: Run) -> None:
    done = run("classify", "--model", "nosuch")

    assert done.status == 2
    assert "hand-" in done.err
    assert "no such file" in run("classify", "--model", "nosuch.json").err


@pytest.mark.parametrize("by", ["exports", "models"])
def test_what_changed_and_through_what(run: Run, tmp_path: Path, by: str) -> None:
    shipped, loud = tmp_path / "shipped.json", changed_model(tmp_path / "loud.json")
    save_model(load_model(), shipped)
    sides = [str(shipped), str(loud)]
    if by == "exports":
        for at, model in enumerate(sides):
            run("classify", "--model", model)
            sides[at] = str(export(run, tmp_path / f"{at}.jsonl"))

    *links, counts = map(json.loads, run("diff-verdicts", *sides, "--json").out.splitlines())

    assert counts["same"] + len(links) == 10
    assert sum(counts["mode_changed"].values()) + sum(counts["channel_changed"].values()) == len(links) > 0
    assert counts["mode_changed"]["passive -> active"] == len(links)
    assert set(counts["signals"]) == {"in-sentence"}
    for link in links:
        gained = [move for move in link["moves"] if move["channel"] == "sponsored"]
        assert [(move["signal"], move["after"]) for move in gained] == [("in-sentence", 9.0)]
        assert (link["before"]["mode"], link["after"]["mode"]) == ("passive", "active")
    text = run("diff-verdicts", *sides, "--limit", "1").out
    assert f"... and {len(links) - 1} more links: --limit 0 tells all" in text
    assert "gained in-sentence: none -> +9.00 sponsored" in text


def test_links_of_one_side_only(run: Run, tmp_path: Path) -> None:
    whole = export(run, tmp_path / "whole.jsonl")
    lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "part.jsonl").write_text("".join(lines[:1:-1]), encoding="utf-8")  # in whatever order

    counts = json.loads(run("diff-verdicts", "whole.jsonl", "part.jsonl", "--json").out)

    assert (counts["same"], counts["only_a"], counts["only_b"]) == (len(lines) - 2, 2, 0)


def test_misuse_is_explained(run: Run, tmp_path: Path) -> None:
    whole = export(run, tmp_path / "whole.jsonl")
    lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "twice.jsonl").write_text("".join([*lines, lines[0]]), encoding="utf-8")
    (tmp_path / "other.jsonl").write_text('{"id": 1}\n', encoding="utf-8")

    for other, hint in (
        ("twice.jsonl", f"line {len(lines) + 1}: a link that an earlier line has"),
        ("other.jsonl", "line 1"),
        ("nosuch.jsonl", "no such file"),
        ("hand", "not one of each"),
    ):
        done = run("diff-verdicts", "whole.jsonl", other)
        assert done.status == 2
        assert hint in done.err


def test_a_person_who_overrules_changes_no_verdict(run: Run, tmp_path: Path) -> None:
    before = export(run, tmp_path / "before.jsonl")
    first = json.loads(before.read_text(encoding="utf-8").splitlines()[0])
    run("label", first["id"], "--channel", "guest_post" if first["channel"] == "sponsored" else "sponsored")
    export(run, tmp_path / "after.jsonl")

    done = run("diff-verdicts", "before.jsonl", "after.jsonl", "--json")

    assert json.loads(done.out)["mode_changed"] == json.loads(done.out)["channel_changed"] == {}


def test_text_of_foreign_pages_does_not_reach_the_terminal_as_it_is(run: Run, tmp_path: Path) -> None:
    lines = export(run, tmp_path / "before.jsonl").read_text(encoding="utf-8").splitlines()
    link = next(one for one in map(json.loads, lines) if one["mode"] == "passive")
    link["target_url"] += "\x1b[31m\u202e\u2028"
    (tmp_path / "one.jsonl").write_text(json.dumps(link) + "\n", encoding="utf-8")
    evidence = [{"signal": "s", "channel": "sponsored", "weight": 2.0, "detail": "paid\x1b]0;x\x07\u200b"}]
    after = link | {"mode": "active", "channel": "sponsored", "evidence": evidence, "judged": None}
    (tmp_path / "other.jsonl").write_text(json.dumps(after) + "\n", encoding="utf-8")

    out = run("diff-verdicts", "one.jsonl", "other.jsonl").out

    assert "gained s: none -> +2.00 sponsored (paid" in out
    assert "\n  passive, " in out
    assert not set(out) & set("\x1b\x07\u202e\u2028\u200b")


def test_a_model_of_another_configuration_is_announced(run: Run, tmp_path: Path) -> None:
    save_model(msgspec.structs.replace(load_model(), config="00000000"), tmp_path / "old.json")

    done = run("classify", "--patterns", "skip", "--model", "old.json")

    assert done.status == 0
    assert "was made with another configuration (00000000, today's is" in done.err
    save_model(load_model(), tmp_path / "new.json")
    assert "another configuration" not in run("classify", "--patterns", "skip", "--model", "new.json").err
