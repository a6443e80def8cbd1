"""Which language a page is in."""

import pytest

from linkcrawler.capture.language import guess_language, language_of

TEXTS = {
    "de": "Die Brücke wurde im vergangenen Sommer für den Verkehr geöffnet und wird seither viel benutzt.",
    "en": "The bridge was opened to traffic last summer and has been used by many people ever since.",
    "es": "El puente se abrió al tráfico el verano pasado y desde entonces lo utiliza mucha gente.",
    "fr": "Le pont a été ouvert à la circulation l'été dernier et il est très emprunté depuis lors.",
    "he": "הגשר נפתח לתנועה בקיץ שעבר ומאז הוא משמש אנשים רבים מדי יום ביומו בכל שעות היממה כולן.",
    "ja": "その橋は昨年の夏に開通して以来、毎日多くの人に利用されており、町の人々の暮らしを支えています。" * 2,
    "pl": "Most został otwarty dla ruchu zeszłego lata i od tego czasu korzysta z niego wiele osób.",
    "zh": "这座桥去年夏天通车，此后每天都有许多人使用，给镇上居民的生活带来了很大的方便。" * 3,
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language(language: str) -> None:
    assert guess_language(TEXTS[language]) == language


@pytest.mark.parametrize("noise", ["\0", "\x07", "\x85", "\ufdd0", "\ud800"])
def test_characters_that_no_text_should_hold_do_not_hide_the_language(noise: str) -> None:
    assert guess_language(TEXTS["de"].replace(" ", f" {noise}")) == "de"


@pytest.mark.parametrize("text", ["", "Hallo", "7 8 9 " * 40, "\0" * 100])
def test_too_little_to_tell(text: str) -> None:
    assert guess_language(text) == ""


def test_what_a_page_declares_is_believed_unless_a_template_was_left_in_english() -> None:
    german, english = (2 * f" {TEXTS[name]}" * 5 for name in ("de", "en"))
    assert language_of("de", english.split(), english) == "de"
    assert language_of("en", english.split(), english) == "en"
    assert language_of("en", german.split(), german) == "de"
    assert language_of("", german.split(), german) == "de"
