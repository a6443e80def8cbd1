"""The interval in which a link must have appeared."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.dating.appearance import DAY_SLACK, appearance, appearance_of
from linkcrawler.records import Context, Link, Page, Placement

SEEN = datetime(2021, 6, 10, 12, tzinfo=UTC)


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def test_nothing_but_a_sighting() -> None:
    found = appearance(first_seen=SEEN)

    assert (found.not_before, found.not_after, found.not_after_source) == (None, SEEN, "first seen")
    assert (found.added, found.conflict) == ("unknown", "")


def test_a_page_seen_soon_after_its_publication() -> None:
    found = appearance(first_seen=SEEN, published=date(2021, 6, 8), published_source="json-ld datePublished")

    assert found.not_before == at(2021, 6, 8)
    assert found.not_before_source == "page published (json-ld datePublished)"
    assert found.added == "with_page"


def test_a_page_seen_years_later_does_not_tell() -> None:
    assert appearance(first_seen=SEEN, published=date(2012, 6, 8)).added == "unknown"


def test_an_own_visit_without_the_link_proves_later() -> None:
    found = appearance(first_seen=SEEN, last_absent=at(2021, 5, 1), published=date(2021, 1, 1))

    assert (found.not_before, found.not_before_source) == (at(2021, 5, 1), "own visit without the link")
    assert (found.added, found.conflict) == ("later", "")


def test_an_absence_after_the_first_sighting_says_nothing_of_the_first_appearance() -> None:
    assert appearance(first_seen=SEEN, last_absent=SEEN + timedelta(days=9)) == appearance(first_seen=SEEN)


def test_a_page_date_after_the_sighting_is_distrusted() -> None:
    found = appearance(first_seen=SEEN, published=date(2022, 1, 1), published_source="url", last_absent=at(2021, 5, 1))

    assert found.not_before == at(2021, 5, 1)
    assert found.conflict == "page published (url) 2022-01-01 is after first seen 2021-06-10"
    assert found.added == "later"


def test_a_day_shown_east_of_greenwich_is_no_conflict() -> None:
    found = appearance(first_seen=datetime(2021, 6, 7, 20, tzinfo=UTC), published=date(2021, 6, 8))

    assert (found.conflict, found.added) == ("", "with_page")
    assert found.not_before == found.not_after


def test_a_comment_dates_its_link() -> None:
    found = appearance(first_seen=SEEN, published=date(2020, 1, 1), owner_date=date(2020, 7, 4))

    assert (found.not_before, found.not_before_source) == (at(2020, 7, 4), "comment date")
    assert found.not_after is not None
    assert (found.not_after.date(), found.not_after_source) == (date(2020, 7, 4), "comment date")
    assert found.added == "later"


def test_no_foreign_date_reaches_below_an_own_absence() -> None:
    found = appearance(first_seen=SEEN, last_absent=at(2021, 5, 1), vendor_dates=[("ahrefs", at(2019, 1, 1))])

    assert (found.not_after, found.not_after_source) == (SEEN, "first seen")
    assert found.conflict == "first seen by ahrefs 2019-01-01 is before own visit without the link 2021-05-01"


def test_a_date_of_change_bounds_nothing_from_below() -> None:
    for source in ("byline-text modified", "meta plain", "time aside"):
        assert appearance(first_seen=SEEN, published=date(2021, 6, 8), published_source=source).not_before is None


def link(*owner_dates: str, source_url: str = "https://s.org/a") -> Link:
    placements = tuple(
        Placement(href="/", target_url="https://t.org/", target="t.org", context=Context(owner_date=day))
        for day in owner_dates
    )
    page = Page(url=source_url, published=date(2020, 1, 1), published_source="url")
    return Link(
        id="x", source_url=source_url, target_url="https://t.org/", target="t.org", first_seen=SEEN,
        last_seen=SEEN, page=page, placements=placements,
    )  # fmt: skip


def test_a_stored_link() -> None:
    in_comments = appearance_of(link("2020-07-04T10:00:00Z", "2020-08-01"), None, at(2020, 9, 1))
    assert (in_comments.not_before, in_comments.not_after_source) == (at(2020, 7, 4), "comment date")

    in_body_too = appearance_of(link("2020-07-04", ""), None, at(2020, 9, 1))
    assert in_body_too.not_before_source == "page published (url)"
    assert in_body_too.not_after_source == "last-modified header"

    undated = appearance_of(link("not a date"), None)
    assert undated.not_after_source == "first seen"


def test_a_front_page_has_no_day_of_publication() -> None:
    for address in ("https://s.org/", "https://s.org", "https://s.org/index.html"):
        assert appearance_of(link("", source_url=address), None).not_before is None
    assert appearance_of(link("", source_url="https://s.org/?p=1"), None).not_before == at(2020, 1, 1)


TIMES = st.datetimes(min_value=datetime(2005, 1, 1), max_value=datetime(2025, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(min_value=date(2005, 1, 1), max_value=date(2025, 1, 1))
VENDORS = st.lists(st.tuples(st.sampled_from(["ahrefs", "majestic", "wayback"]), TIMES), max_size=4)


@given(TIMES, st.none() | TIMES, st.none() | DAYS, st.none() | DAYS, st.none() | TIMES, VENDORS, st.randoms())
def test_the_interval_holds_whatever_is_known(
    first_seen, last_absent, published, owner, modified, vendors, random
) -> None:  # type: ignore[no-untyped-def]
    known = {
        "first_seen": first_seen, "last_absent": last_absent, "published": published, "owner_date": owner,
        "last_modified": modified,
    }  # fmt: skip
    found = appearance(**known, vendor_dates=vendors)

    assert found.not_after is not None
    assert found.not_after <= first_seen
    assert found.not_before is None or found.not_before <= found.not_after
    assert (found.not_before is None) == (found.not_before_source == "")
    if last_absent is not None and last_absent < first_seen:
        assert found.not_after >= last_absent
        assert found.not_before is not None
        assert found.not_before >= last_absent
    if published and not found.conflict:
        assert found.not_before is not None
        assert found.not_before.date() >= published or published <= (found.not_after + DAY_SLACK).date()
    shuffled = list(vendors)
    random.shuffle(shuffled)
    assert appearance(**known, vendor_dates=shuffled + vendors[:1]).not_after == found.not_after
    assert appearance(**known, vendor_dates=shuffled) == found


@given(TIMES, st.none() | DAYS, TIMES)
def test_more_sightings_only_narrow(first_seen: datetime, published: date | None, earlier: datetime) -> None:
    """Taking the minimum first and bounding then is the same as bounding by both."""
    alone = appearance(first_seen=min(first_seen, earlier), published=published)
    both = appearance(first_seen=first_seen, published=published, vendor_dates=[("x", earlier)])

    assert alone.not_after == both.not_after
    assert alone.not_before == both.not_before
    assert alone.added == both.added
