"""Lexicons: whole words, longest first, labels only as labels, every file readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.lexicons import fold, load_lexicons

LEXICONS = load_lexicons()
REQUIRED = {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "sv", "da", "ja", "zh", "ko", "cs", "tr"}


def kinds(text: str, language: str) -> list[str]:
    return [hit.kind for hit in LEXICONS.find(text, language)]


def test_all_languages_are_there() -> None:
    assert set(LEXICONS.languages) >= REQUIRED


@pytest.mark.parametrize("language", sorted(REQUIRED))
def test_every_language_covers_the_main_kinds(language: str) -> None:
    entries = LEXICONS.kinds_of(language)

    assert entries >= {
        "disclosure",
        "not_paid",
        "affiliate",
        "guest",
        "press",
        "directory",
        "partner",
        "credit",
        "citation",
    }


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Anzeige", "de", "disclosure"),
        ("Anzeige: Rosenhof", "de", "disclosure"),
        ("PUBLICITÉ", "fr", "disclosure"),
        ("artículo patrocinado por un vivero", "es", "paid"),
        ("Materiał sponsorowany", "pl", "paid"),
        ("[협찬]", "ko", "disclosure"),
        ("本記事はプロモーションを含みます", "ja", "paid"),
        ("İŞ BİRLİĞİ", "tr", "disclosure"),
        ("Gästinlägg av Ida", "sv", "guest"),
        ("Pressemeddelelse", "da", "press"),
        ("ochrana osobních údajů", "cs", "legal"),
    ],
)
def test_found(text: str, language: str, kind: str) -> None:
    assert kind in kinds(text, language)


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Die Anzeige im Lokalblatt brachte damals kaum jemanden in den Garten", "de", "disclosure"),
        ("He had added the adder to the list", "en", "disclosure"),
        ("Gastbeiträgerin", "de", "guest"),
        ("Unbezahlte Werbung", "de", "disclosure"),
        ("this is not a sponsored post", "en", "disclosure"),
    ],
)
def test_not_found(text: str, language: str, kind: str) -> None:
    assert kind not in kinds(text, language)


def test_english_is_read_beside_the_page_s_language() -> None:
    assert "credit" in kinds("Powered by WordPress", "fr")


def test_the_country_domain_corrects_a_wrong_declaration() -> None:
    languages = LEXICONS.languages_of("en", "www.garten.de")

    assert languages == ("en", "de")
    assert [hit.kind for hit in LEXICONS.find_in("Werbung", languages)] == ["disclosure"]


def test_turkish_has_its_own_i() -> None:
    assert fold("ILIK İLİK", "tr") == "ılık ilik"


@given(st.text(max_size=300), st.sampled_from(sorted(REQUIRED)))
def test_never_raises_and_finds_each_phrase_once(text: str, language: str) -> None:
    found = LEXICONS.find(text, language)

    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("text", "language", "both"),
    [
        ("Unsere Sponsoren", "de", {"partner", "disclosure"}),
        ("See also", "en", {"citation", "reference"}),
        ("à lire", "fr", {"citation", "recommend"}),
    ],
)
def test_a_phrase_of_two_kinds_is_of_both(text: str, language: str, both: set[str]) -> None:
    assert set(kinds(text, language)) == both
