"""Dates in running text: notations, languages, ambiguity, and text that holds none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.dating.stamps import read_stamp
from linkcrawler.dating.written import EARLIEST, Locale, locale_of, month_number, words, written_dates

ENGLISH = locale_of("en-US", "example.com")
DAY_FIRST = locale_of("en-GB", "example.co.uk")


def days(text: str, locale: Locale = ENGLISH) -> list[str]:
    return [str(found.day) for found in written_dates(text, locale)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("posted on 12 May 2020 by Ann", "2020-05-12"),
        ("May 3rd, 2020", "2020-05-03"),
        ("Tue, Sep 15 2020 10:01", "2020-09-15"),
        ("Fri Nov  8 20:15:11 2019", "2019-11-08"),
        ("5-Jan-2019", "2019-01-05"),
        ("3. Dezember 2011 um acht", "2011-12-03"),
        ("le 1er août 2019", "2019-08-01"),
        ("5 de mayo de 2017", "2017-05-05"),
        ("14 Gennaio 2020", "2020-01-14"),
        ("2020. január 5.", "2020-01-05"),
        ("5 września 2019", "2019-09-05"),
        ("7 марта 2018 г.", "2018-03-07"),
        ("2020年5月3日", "2020-05-03"),
        ("2020년 5월 3일", "2020-05-03"),
        ("12 tháng 5 năm 2020", "2020-05-12"),
        ("٣ مارس ٢٠٢٠", "2020-03-03"),
        ("2020-05-03T10:00", "2020-05-03"),
        ("31.12.2019", "2019-12-31"),
        ("4.3.20", "2020-03-04"),
    ],
)
def test_notations(text: str, day: str) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text", ["in 2020 we", "May 2020", "30 February 2020", "10 000 2020", "12 May 1890", "1.2.3", ""]
)
def test_no_full_date(text: str) -> None:
    assert days(text) == []


def test_slashes_are_read_in_the_order_of_the_place() -> None:
    assert days("3/4/2020") == ["2020-03-04"]
    assert days("3/4/2020", DAY_FIRST) == ["2020-04-03"]
    assert days("3/4/2020", locale_of("de", "example.com")) == ["2020-04-03"]


def test_slashes_are_read_as_the_same_page_reads_them() -> None:
    assert days("3/4/2020 and 25/4/2020") == ["2020-04-03", "2020-04-25"]


def test_short_years_come_first_in_japanese() -> None:
    assert days("19.03.02", locale_of("ja", "example.jp")) == ["2019-03-02"]


@pytest.mark.parametrize("language", sorted(words().months))
def test_every_month_word_is_understood_in_its_language(language: str) -> None:
    locale = Locale(language)
    for number, forms in enumerate(words().months[language], 1):
        for form in forms.split():
            assert month_number(form, locale) == number
            if len(form) >= 3:
                assert days(f"9 {form} 2021", locale) == [f"2021-{number:02}-09"]


def test_a_word_that_languages_dispute_counts_only_in_its_own() -> None:
    assert days("5 listopad 2019", Locale("pl")) == ["2019-11-05"]
    assert days("5 listopad 2019", Locale("hr")) == ["2019-10-05"]
    assert days("5 listopad 2019", Locale("en")) == []


@given(st.dates(min_value=EARLIEST, max_value=date(2099, 12, 31)))
def test_stamps_agree_with_iso(day: date) -> None:
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.isoformat()}T10:00:00+02:00", f"{day:%d %B %Y}"):
        stamp = read_stamp(text, ENGLISH)
        assert stamp is not None
        assert stamp.day == day
        assert not stamp.utc


@pytest.mark.parametrize(
    ("value", "utc"),
    [("2020-05-02T02:54:29.000Z", True), ("2020-05-02T00:00:00Z", False), ("2020-05-02", False), (1588388069, True)],
)
def test_stamps_know_utc(value: object, utc: bool) -> None:
    stamp = read_stamp(value, ENGLISH)
    assert stamp is not None
    assert (stamp.day, stamp.utc) == (date(2020, 5, 2), utc)


@given(
    st.text() | st.text(alphabet="0123456789/.- 年月日٣², MayT:Z", max_size=80), st.sampled_from(["", "en", "ja", "pl"])
)
def test_any_text_is_read(text: str, language: str) -> None:
    for found in written_dates(text, Locale(language)):
        assert 0 <= found.start < found.end <= len(text)
        assert found.day >= EARLIEST
    read_stamp(text, Locale(language))
