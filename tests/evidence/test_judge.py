"""Verdicts: they replay, they do not depend on order, and nothing follows from what is absent."""

import dataclasses
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.records import Evidence
from linkcrawler.vocabulary import MODE_OF, Channel, Mode
from pipelines.evidence import gather, load_signals
from pipelines.evidence.catalogue import load_catalogue
from pipelines.verdicts.judge import chances_of, judge, mode_chances
from pipelines.verdicts.model import load_model
from tests.evidence.scenes import NOON, make_link

MODEL = load_model()
SIGNALS = load_signals(MODEL)

weights = st.floats(-6, 6, allow_nan=False).map(lambda number: round(number, 3))
pieces = st.builds(
    Evidence,
    signal=st.sampled_from(sorted(load_catalogue())),
    channel=st.sampled_from(list(Channel)),
    weight=weights,
    detail=st.text(max_size=20),
)
ledgers = st.lists(pieces, max_size=25)


@given(ledgers)
def test_a_verdict_replays_from_its_own_evidence(evidence: list[Evidence]) -> None:
    verdict = judge(evidence, MODEL, at=NOON)

    assert judge(verdict.evidence, MODEL, at=NOON) == verdict


@given(st.lists(pieces, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(evidence: list[Evidence], shuffle: object) -> None:
    other = list(evidence)
    shuffle.shuffle(other)  # type: ignore[attr-defined]

    assert judge(other, MODEL, at=NOON) == judge(evidence, MODEL, at=NOON)


@given(ledgers)
def test_probabilities_add_up_and_confidence_is_that_of_the_mode(evidence: list[Evidence]) -> None:
    chances = chances_of(evidence, MODEL)
    verdict = judge(evidence, MODEL, at=NOON)

    assert math.isclose(math.fsum(chances.values()), 1.0)
    assert verdict.confidence == round(mode_chances(chances)[verdict.mode], 4)
    assert MODE_OF[verdict.channel] is verdict.mode


@given(ledgers)
def test_a_named_mode_has_evidence_of_its_own(evidence: list[Evidence]) -> None:
    verdict = judge(evidence, MODEL, at=NOON)

    if verdict.mode is not Mode.UNDETERMINED:
        assert any(item.weight > 0 and MODE_OF[item.channel] is verdict.mode for item in verdict.evidence)


def test_a_channel_that_evidence_names_comes_before_one_that_only_its_prior_speaks_for() -> None:
    named = [
        Evidence(signal="disclosed-by-page", channel=Channel.SPONSORED, weight=1.6, detail=""),
        Evidence(signal="disclosed-by-page", channel=Channel.EDITORIAL_CITATION, weight=-0.7, detail=""),
    ]

    model = msgspec.structs.replace(MODEL, priors=MODEL.priors | {Channel.OWNED_PROPERTY: 3.0})

    assert judge(named, model, at=NOON).channel is Channel.SPONSORED


def test_no_evidence_is_undetermined() -> None:
    assert judge((), MODEL, at=NOON).mode is Mode.UNDETERMINED


def test_the_strongest_evidence_comes_first() -> None:
    verdict = judge(
        gather(make_link(before="According to ", after=", frost came late this year."), SIGNALS), MODEL, at=NOON
    )
    strengths = [abs(item.weight) for item in verdict.evidence]

    assert strengths
    assert strengths == sorted(strengths, reverse=True)


STORIES = [
    (
        "cited in an article",
        {"before": "According to a study published by ", "after": ", roses on a north wall flower two weeks later."},
        Channel.EDITORIAL_CITATION,
    ),
    (
        "zitiert",
        {
            "before": "Laut einer Studie von ",
            "after": " blühen Rosen an der Nordwand später.",
            "page": {"language": "de"},
        },
        Channel.EDITORIAL_CITATION,
    ),
    ("marked as paid", {"rel": "sponsored", "before": "We love ", "after": " and you will too."}, Channel.SPONSORED),
    ("affiliate redirector", {"target": "https://www.awin1.com/cread.php?p=1", "anchor": "shears"}, Channel.AFFILIATE),
    (
        "commenter's name",
        {"region": "comment", "anchor": "Ida", "markup": "url comment-author vcard", "target": "https://ida.example/"},
        Channel.SELF_PROMOTION,
    ),
    (
        "theme credit",
        {"region": "footer", "before": "Theme by ", "after": "", "target": "https://rosethemes.example/"},
        Channel.EMBEDDED_CREDIT,
    ),
    (
        "blogroll",
        {
            "region": "sidebar",
            "anchor": "Thornhill Diary",
            "target": "https://thornhilldiary.example/",
            "markup": "blogroll",
            "context": {"heading": ("Blogroll",), "within": ("list",)},
        },
        Channel.RESOURCE_LIST,
    ),
    (
        "share button",
        {
            "region": "footer",
            "anchor": "Share",
            "target": "https://www.facebook.com/sharer.php?u=https://gardennotes.example/2024/old-roses",
        },
        Channel.FUNCTIONAL,
    ),
    (
        "link exchange",
        {
            "region": "footer",
            "anchor": "花园网",
            "target": "https://huayuan.example/",
            "page": {"language": "zh"},
            "context": {"heading": ("友情链接",)},
        },
        Channel.RECIPROCAL_EXCHANGE,
    ),
    (
        "sister title",
        {"url": "https://www.rosebank.com/", "target": "https://www.rosebank.fr/", "region": "nav", "anchor": "France"},
        Channel.OWNED_PROPERTY,
    ),
]


@pytest.mark.parametrize(
    ("case", "channel"), [(case, channel) for _, case, channel in STORIES], ids=[s[0] for s in STORIES]
)
def test_plain_cases(case: dict[str, object], channel: Channel) -> None:
    link = make_link(**case)  # type: ignore[arg-type]

    assert judge(gather(link, SIGNALS), MODEL, at=NOON).channel is channel


def test_absence_of_disclosure_moves_nothing() -> None:
    """The same words with and without a page that discloses nothing about itself: no evidence in between."""
    plain = gather(make_link(region="other", anchor="Rosebank", target="https://rosebank.example/x"), SIGNALS)

    assert not any("disclos" in item.signal or "paid" in item.signal for item in plain)


def test_a_declaration_counts_wherever_the_link_stands() -> None:
    """A citation in the text, and a button to the same address that is declared paid."""
    plain = make_link(before="The hedge that we bought from ", after=" did better than all the others in spring.")
    button = make_link(region="sidebar", anchor="Check price", rel="sponsored").placements[0]
    both = dataclasses.replace(plain, placements=(*plain.placements, dataclasses.replace(button, position=1)))
    found = {item.signal: item.detail for item in gather(both, SIGNALS)}

    assert found["rel-sponsored"] == 'sidebar: rel="sponsored"'
    assert "rel-sponsored" not in {item.signal for item in gather(plain, SIGNALS)}
    assert judge(gather(both, SIGNALS), MODEL, at=NOON).mode is Mode.ACTIVE


def test_where_a_link_stands_is_no_evidence_that_somebody_chose_it() -> None:
    """A lone link in the main text stays open; in a running sentence it is a citation (rule 1)."""
    lone = make_link(anchor="Rosebank")
    cited = make_link(before="Frost came late this year, and at ", anchor="Rosebank", after=" they lost half the buds.")

    assert judge(gather(lone, SIGNALS), MODEL, at=NOON).mode is Mode.UNDETERMINED
    assert judge(gather(cited, SIGNALS), MODEL, at=NOON).mode is Mode.PASSIVE
