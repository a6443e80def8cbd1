"""What a fetch of robots.txt means when something was known before: stale copies and long outages."""

import pytest

from linkcrawler.robots.record import (
    FRESH_SECONDS,
    LATEST_RECHECK,
    LONG_OUTAGE_SECONDS,
    SOONEST_RECHECK,
    Answer,
    Kind,
    Record,
    Rules,
    record,
)

DAY = 86_400.0
RULES = record(Answer(status=200, body=b"User-agent: *\nDisallow: /x\nCrawl-delay: 2.5\n"), None, 0.0)
SILENCE = [Answer(status=0, problem="refused"), Answer(status=500), Answer(status=503), Answer(status=429)]


def test_a_copy_is_fresh_for_a_day() -> None:
    assert RULES.recheck == FRESH_SECONDS == DAY


@pytest.mark.parametrize("answer", SILENCE)
def test_a_stale_copy_serves_while_the_host_is_silent(answer: Answer) -> None:
    known = record(answer, RULES, 40 * DAY)

    assert (known.kind, known.body, known.fetched) == (Kind.RULES, RULES.body, 0.0)
    assert not Rules(known, "linkcrawler").allows("https://a.example/x")


def test_a_file_that_was_absent_stays_absent_while_the_host_is_silent() -> None:
    absent = record(Answer(status=404), None, 0.0)

    assert record(Answer(status=503), absent, 2 * DAY).kind is Kind.ALLOW


@pytest.mark.parametrize("answer", SILENCE)
def test_without_a_copy_silence_forbids_until_it_has_lasted_thirty_days(answer: Answer) -> None:
    first = record(answer, None, 0.0 + 1)
    later = record(answer, first, LONG_OUTAGE_SECONDS)
    at_last = record(answer, later, LONG_OUTAGE_SECONDS + 1)

    assert [known.kind for known in (first, later, at_last)] == [Kind.DISALLOW, Kind.DISALLOW, Kind.ALLOW]


def test_an_answer_ends_the_silence() -> None:
    silent = record(Answer(status=503), None, 100.0)
    known = record(Answer(status=200), silent, 200.0)

    assert (known.kind, known.silent_since) == (Kind.RULES, 0.0)


def test_a_silent_host_is_asked_again_after_as_long_as_it_was_silent() -> None:
    known: Record | None = None
    waits = []
    for now in (100.0, 105.0, 130.0, 100.0 + DAY):
        known = record(Answer(status=503), known, now)
        waits.append(known.recheck - now)

    assert waits == [SOONEST_RECHECK, SOONEST_RECHECK, 30.0, LATEST_RECHECK]


def test_retry_after_moves_the_next_question() -> None:
    assert record(Answer(status=429, retry_after=900.0), None, 100.0).recheck == 1000.0


def test_crawl_delay_is_read() -> None:
    assert Rules(RULES, "linkcrawler").crawl_delay == 2.5
    assert Rules(record(Answer(status=404), None, 0.0), "linkcrawler").crawl_delay == 0.0
