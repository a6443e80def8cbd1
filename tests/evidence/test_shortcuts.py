"""What is fast must say what the plain way says: phrases, hosts, verdicts."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcrawler.config import load
from linkcrawler.lexicons import _EXAMPLE, _WORDS, LABEL_SLACK, _File, _phrases, fold, load_lexicons
from linkcrawler.records import Evidence
from linkcrawler.vocabulary import MODE_OF, Channel, Mode
from pipelines.evidence.hosts import HostSet, bears, holds_any, shared_stem, squeeze
from pipelines.evidence.press import _DATED, _DATELINE
from pipelines.verdicts.judge import chances_of, mode_chances
from pipelines.verdicts.model import load_model

LEXICONS = load_lexicons()
LANGUAGES = [("en",), ("de", "en"), ("fr", "en"), ("pl", "de", "en"), ("ru", "en")]
FILES = {code: load(f"lexicons/{code}.toml", _File, _EXAMPLE) for code in ("en", "de", "fr", "pl", "ru")}
VOCABULARY = sorted({word.rstrip("*") for file in FILES.values() for phrase in _phrases(file) for word in phrase.words})
PHRASES = sorted({phrase.hit.phrase.replace("*", "") for file in FILES.values() for phrase in _phrases(file)})


def plainly(text: str, languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """At each word the longest phrases of any language that stand there; what they take is not looked at again."""
    words = _WORDS.findall(fold(text, languages[0]))
    phrases = sorted(
        (phrase for code in languages for phrase in _phrases(FILES[code])),
        key=lambda phrase: (-len(phrase.words), phrase.hit.phrase),
    )
    found, at = [], 0
    while at < len(words):
        longest = 0
        for phrase in phrases:
            stands = words[at : at + len(phrase.words)]
            counts = not phrase.label or len(words) <= len(phrase.words) + LABEL_SLACK
            if counts and len(stands) == len(phrase.words) and all(map(fits, stands, phrase.words)):
                longest = longest or len(phrase.words)
                if len(phrase.words) == longest:
                    found.append((phrase.hit.kind, phrase.hit.phrase))
        at += max(longest, 1)
    return list(dict.fromkeys(found))


def fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if len(wanted) > 1 and wanted[-1] == "*" else word == wanted


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(PHRASES) | st.sampled_from(VOCABULARY) | st.sampled_from(["tide", "Ebbe", "."]), max_size=14
    ),
    st.sampled_from(LANGUAGES),
)
def test_phrases_are_found_as_the_plain_way_finds_them(pieces: list[str], languages: tuple[str, ...]) -> None:
    text = " ".join(pieces)

    assert [(hit.kind, hit.phrase) for hit in LEXICONS.find_in(text, languages)] == plainly(text, languages)


KINDS = sorted({phrase.hit.kind for file in FILES.values() for phrase in _phrases(file)})
LINES = st.lists(st.sampled_from(PHRASES) | st.sampled_from(VOCABULARY), max_size=4).map(
    lambda row: " ".join(row).upper()
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(LINES, unique=True, max_size=9),
    st.frozensets(st.sampled_from(KINDS), max_size=5),
    st.sampled_from([*LANGUAGES, ("tr", "en"), ("ja", "en")]),
)
def test_no_line_with_a_phrase_is_left_out(lines: list[str], kinds: frozenset[str], languages: tuple[str, ...]) -> None:
    reader = LEXICONS.reader(languages)
    kept = reader.may_hold(lines, kinds)

    assert kept == [line for line in lines if line in kept]
    for line in set(lines).difference(kept):
        assert not [hit for hit in reader.find(line) if hit.kind in kinds and any(map(str.isalpha, hit.phrase))]


ENTRIES = ("example.com", "shop.example.org", "google.com/ads", "a.b.example.net", "example.org/go")
HOSTS = (
    "example.com",
    "www.example.com",
    "example.org",
    "shop.example.org",
    "google.com",
    "b.example.net",
    "a.b.example.net",
    "com",
)


@given(st.sampled_from(HOSTS), st.sampled_from(["", "/", "/ads/1", "/GO", "/other"]), st.sets(st.sampled_from(ENTRIES)))
def test_hosts_are_matched_as_the_plain_way_matches_them(host: str, path: str, entries: set[str]) -> None:
    hosts = HostSet(entries)
    parts = host.split(".")
    parents = [".".join(parts[at:]) for at in range(len(parts) - 1)]
    wanted = [entry for name in parents for entry in entries if entry.partition("/")[0] == name]
    fitting = [entry for entry in wanted if "/" not in entry or path.lower().startswith("/" + entry.partition("/")[2])]

    for _ in range(2):  # the second answer comes from what is kept
        assert hosts.match(host, path) == (fitting[0] if fitting else "")


NAMES = ("rose", "rosebank", "ros", "bank", "rose-bank", "straße", "café", "7days", "x")
TEXTS = st.lists(st.sampled_from((*NAMES, "Rose", "BANK", "ers", " ", "-", "/", ".", "é", "花", "7")), max_size=6)


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_ascii_is_squeezed_as_the_plain_way_squeezes_it(text: str) -> None:
    assert squeeze(text) == re.sub(r"[\W_]+", "", text.casefold())


@given(TEXTS.map("".join), st.sampled_from(NAMES))
def test_a_text_bears_no_name_whose_letters_it_does_not_hold_in_a_row(text: str, name: str) -> None:
    if bears(text, name):
        assert squeeze(name) in squeeze(text)


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.integers(1, 5))
def test_the_longest_shared_run_is_found_from_a_least_length_on(one: str, other: str, least: int) -> None:
    runs = {one[at:end] for at in range(len(one)) for end in range(at + 1, len(one) + 1) if one[at:end] in other}
    longest = max(map(len, runs), default=0)
    found = shared_stem(one, other, least)

    assert len(found) == (longest if longest >= least else 0)
    assert not found or found in runs


@given(st.from_regex(_DATELINE))
def test_each_dateline_has_what_is_looked_for_first(text: str) -> None:
    assert holds_any(text, _DATED)


@given(
    st.lists(
        st.builds(
            Evidence,
            signal=st.sampled_from(["a", "b", "c"]),
            channel=st.sampled_from(Channel),
            weight=st.floats(-9, 9),
            detail=st.just(""),
        ),
        max_size=20,
    )
)
def test_chances_are_what_the_formula_says(evidence: list[Evidence]) -> None:
    model = load_model()
    scores = {
        channel: math.fsum([model.priors[channel], *(item.weight for item in evidence if item.channel is channel)])
        / model.temperature
        for channel in Channel
    }
    total = math.fsum(math.exp(score) for score in scores.values())
    chances = chances_of(evidence, model)

    assert chances == pytest.approx({channel: math.exp(score) / total for channel, score in scores.items()})
    for mode, chance in mode_chances(chances).items():
        assert chance == pytest.approx(math.fsum(chances[c] for c in Channel if MODE_OF[c] is mode))
    assert set(mode_chances(chances)) == set(Mode)
