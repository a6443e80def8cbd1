"""``linkcrawler classify``: verdicts for what is due, and nothing else; told on a terminal and in a pipe."""

import json
from pathlib import Path

import pytest

from linkcrawler.records import Evidence, Verdict
from linkcrawler.vocabulary import MODE_OF, Channel, Mode
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import load_model
from pipelines.verdicts.overturn import overturn, overturn_by
from tests.commands.calling import on_terminal
from tests.commands.conftest import Run
from tests.commands.sample import DAY, VISITS, fill


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'links.db'}"
    fill(url)
    return url


def verdicts(run: Run, store: str) -> dict[str, tuple[str, str]]:
    lines = run("links", "--store", store, "--format", "jsonl").out.splitlines()
    return {link["id"]: (link["mode"], link["model"]) for link in map(json.loads, lines)}


def test_every_link_gets_a_verdict_of_the_model(run: Run, store: str) -> None:
    done = run("classify", "--store", store)

    model = load_model().id
    assert done.status == 0
    assert done.out.startswith(f"10 links judged by model {model}: ")
    assert done.err.splitlines()[-1] == "classifying: 10 of 10"
    assert {(mode in set(Mode), by) for mode, by in verdicts(run, store).values()} == {(True, model)}


def test_a_second_run_has_nothing_to_do_unless_told(run: Run, store: str) -> None:
    run("classify", "--store", store)
    before = verdicts(run, store)

    assert run("classify", "--store", store).out == "no link is due\n"
    assert run("classify", "--store", store, "--all").out.startswith("10 links judged")
    assert verdicts(run, store) == before


def test_only_what_changed_is_judged_again(run: Run, store: str) -> None:
    run("classify", "--store", store)
    fill(store, VISITS[:0])
    changed = run("classify", "--store", store).out

    # The hand-made verdicts have come back, and are of another model.
    assert changed.startswith("9 links judged")


def test_a_terminal_shows_a_bar(store: str) -> None:
    lines = on_terminal(80, "linkcrawler", "classify", "--store", store)

    assert any("classifying" in line and "10/10" in line for line in lines)
    assert any(line.startswith("10 links judged") for line in lines)


def test_explain_tells_what_would_overturn_it(run: Run, store: str) -> None:
    run("classify", "--store", store)

    for source in ("sea.test/tides", "forum.test/t/1", "blog.test/guest", "shop.test/3"):
        story = run("explain", source, "--store", store).out
        assert "What would overturn it" in story
        assert "run linkcrawler classify" not in story


def verdict_of(*evidence: Evidence) -> Verdict:
    return judge(evidence, load_model(), at=DAY)


def test_what_is_said_to_overturn_a_verdict_does() -> None:
    """Replayed with the model that ships, for every signal alone and for two that pull apart."""
    model = load_model()
    fired = {
        signal: [Evidence(signal=signal, channel=channel, weight=weight) for channel, weight in weights.items()]
        for signal, weights in model.weights.items()
    }
    strongest = max(fired, key=lambda signal: max(piece.weight for piece in fired[signal]))
    for signal in fired:
        verdict = verdict_of(*fired[signal], *(fired[strongest] if signal != strongest else ()))
        changes = overturn_by(verdict, model)
        assert changes is not None
        for change in changes.without:
            rest = [piece for piece in verdict.evidence if piece.signal not in change.signals]
            assert verdict_of(*rest).mode is change.mode is not verdict.mode
        for change in changes.added:
            more = [piece for name in change.signals for piece in fired[name]]
            assert verdict_of(*verdict.evidence, *more).mode is change.mode is not verdict.mode


def test_a_verdict_of_another_model_is_not_replayed() -> None:
    foreign = Verdict(mode=Mode.ACTIVE, channel=Channel.SPONSORED, confidence=0.9, model="other", judged_at=DAY)

    assert overturn_by(foreign, load_model()) is None


def test_several_signals_are_named_together_where_none_decides_alone() -> None:
    pieces = tuple(Evidence(signal=name, channel=Channel.SPONSORED, weight=2.0) for name in ("one", "two"))
    verdict = Verdict(
        mode=Mode.ACTIVE, channel=Channel.SPONSORED, confidence=0.9, evidence=pieces, model="", judged_at=DAY
    )

    changes = overturn(verdict, lambda left: MODE_OF[left[0].channel] if left else Mode.UNDETERMINED, ())

    assert [(change.signals, change.mode) for change in changes.without] == [(("one", "two"), Mode.UNDETERMINED)]


def test_sites_of_a_target_are_gathered_and_only_their_links_judged_anew(run: Run, store: str) -> None:
    run("classify", "--store", store)
    owned = ("--patterns", "skip", "--owned", "example.org=sea.test", "--owned", "example.org=blog.test")

    done = run("classify", "--store", store, *owned)

    assert done.out.startswith("4 links judged")
    assert "tracing" not in done.err
    links = map(json.loads, run("links", "--store", store, "--format", "jsonl").out.splitlines())
    listed = {link["source_domain"] for link in links if "owned-listed" in {one["signal"] for one in link["evidence"]}}
    assert listed == {"sea.test", "blog.test"}
    assert run("classify", "--store", store, *owned).out == "no link is due\n"
    assert run("classify", "--store", store, "--owned", "example.org=sea.test").out.startswith("2 links judged")
    assert run("classify", "--store", store, "--owned", "example.org=").out.startswith("2 links judged")
