"""When a comment was written: attributes, written dates, and days counted back from the visit."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from linkcrawler.dating.ugc import comment_date

VISIT = datetime(2024, 5, 20, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Anna, am 12. März 2021 um 11:05", date(2021, 3, 12)),
        ("May 3rd, 2019 at 1:00 pm", date(2019, 5, 3)),
        ("Ann wrote 3 days ago", date(2024, 5, 17)),
        ("vor 3 Tagen", date(2024, 5, 17)),
        ("il y a 5 jours", date(2024, 5, 15)),
        ("hace un día", date(2024, 5, 19)),
        ("2 giorni fa", date(2024, 5, 18)),
        ("3 дня назад", date(2024, 5, 17)),
        ("3天前", date(2024, 5, 17)),
        ("5 hours ago", date(2024, 5, 19)),
        ("gestern, 12:00", date(2024, 5, 19)),
        ("today", date(2024, 5, 20)),
        ("for 4 days we waited", None),
        ("the manager said 12", None),
    ],
)
def test_text(text: str, day: date | None) -> None:
    assert comment_date(text, VISIT) == day


def test_counting_back_needs_the_time_of_the_visit() -> None:
    assert comment_date("3 days ago", None) is None
    assert comment_date("12 May 2020", None) == date(2020, 5, 12)


def test_years_back_name_no_day() -> None:
    assert comment_date("2 years ago", VISIT) is None
    assert comment_date("2 years ago", VISIT, coarse=True) == date(2022, 5, 21)


def test_attributes_come_first() -> None:
    comment = html.fromstring(
        '<li><b>Ann</b> <time datetime="2021-03-04T10:00:00Z">3 days ago</time><p>12 May 2020</li>'
    )

    assert comment_date(comment, VISIT) == date(2021, 3, 4)


def test_days_after_the_visit_are_not_believed() -> None:
    comment = html.fromstring('<li><time datetime="2031-03-04">soon</time> 12 May 2020</li>')

    assert comment_date(comment, VISIT) == date(2020, 5, 12)


@given(st.text(max_size=200) | st.text(alphabet="0123456789 daysgovrTtenil年前", max_size=60))
def test_any_text_is_read(text: str) -> None:
    day = comment_date(text, VISIT, coarse=True)

    assert day is None or day <= date(2024, 5, 21)
