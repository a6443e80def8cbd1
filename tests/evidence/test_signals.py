"""Every signal fires where it should and stays silent where it should not, in the languages it claims."""

from typing import Any

import pytest

from pipelines.evidence.catalogue import FUNCTIONS, load_catalogue
from tests.evidence.case_tables.known_failures import KNOWN_FAILURES
from tests.evidence.cases import CASES
from tests.evidence.scenes import detail_of, make_link


@pytest.mark.parametrize(("signal", "fires", "case"), CASES, ids=[f"{name}-{fires}" for name, fires, _ in CASES])
def test_signal(signal: str, fires: bool, case: dict[str, Any]) -> None:
    assert (detail_of(signal, make_link(**case)) is not None) is fires


@pytest.mark.parametrize(
    ("signal", "fires", "case"),
    [
        pytest.param(*case, marks=pytest.mark.xfail(reason=reason, strict=True), id=f"{case[0]}-{case[1]}")
        for reason, case in KNOWN_FAILURES
    ],
)
def test_known_failures(signal: str, fires: bool, case: dict[str, Any]) -> None:
    assert (detail_of(signal, make_link(**case)) is not None) is fires


def test_every_signal_has_both_kinds_of_cases() -> None:
    positive = {name for name, fires, _ in CASES if fires}
    negative = {name for name, fires, _ in CASES if not fires}

    assert sorted(FUNCTIONS.keys() - positive) == []
    assert sorted(FUNCTIONS.keys() - negative) == []


def test_lexicon_signals_work_in_several_languages() -> None:
    languages: dict[str, set[str]] = {}
    for name, fires, case in CASES:
        if fires:
            languages.setdefault(name, set()).add(case.get("page", {}).get("language", "en"))
    lexical = [name for name, entry in load_catalogue().items() if entry.languages == "lexicon"]
    spoken = set().union(*(languages[name] for name in lexical))

    assert [name for name in lexical if not languages[name] - {"en"}] == []

    assert {"en", "de", "fr", "es", "it", "pt", "ja", "zh", "ru", "pl", "nl", "ko", "cs", "tr", "sv", "da"} <= spoken


def test_a_signal_never_raises_on_an_empty_link() -> None:
    link = make_link(url="https://a.example/", target="https://b.example/", anchor="", region="other")

    for name in FUNCTIONS:
        detail_of(name, link)
