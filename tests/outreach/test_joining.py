"""What an outreach log tells of a link: every rule, at its edges."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcrawler.records import Appearance, Link, Page
from linkcrawler.sharing import site_key
from linkcrawler.vocabulary import MODE_OF, Channel, Mode
from pipelines.outreach.contact import Contact, OutreachLog, Stage
from pipelines.outreach.joining import outreach_evidence
from pipelines.outreach.vocabulary import SIGNALS, load_vocabulary
from pipelines.verdicts.judge import judge
from pipelines.verdicts.model import Model

VOCABULARY = load_vocabulary()
EARLY, LATE = date(2026, 3, 10), date(2026, 3, 20)
"""The link appeared after the first and by the second."""


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


LINK = Link(
    id="0" * 16,
    source_url="https://www.example.com/2026/post/",
    target_url="https://example.org/study",
    target="example.org",
    first_seen=moment(date(2026, 4, 1)),
    last_seen=moment(date(2026, 4, 1)),
    appearance=Appearance(not_before=moment(EARLY), not_after=moment(LATE)),
    page=Page(url="https://www.example.com/2026/post/", canonical_url="https://example.com/2026/the-post"),
)
UNBOUNDED = replace(LINK, appearance=Appearance(not_after=moment(LATE)))


def contact(stage: Stage = Stage.CONTACTED, day: date | None = None, **more: object) -> Contact:
    return Contact(**{"id": "c", "log": "crm", "site": "example.com", "stage": stage, "contacted": day, **more})  # type: ignore[arg-type]


def log(start: date | None = None, end: date | None = None) -> OutreachLog:
    return OutreachLog(name="crm", system="x", imported_at=moment(LATE), complete_from=start, complete_to=end)


def days(number: int) -> timedelta:
    return timedelta(days=number)


PAGE, CANONICAL = "example.com/2026/post", "example.com/2026/the-post"
OTHER_PAGE = "https://example.org/x"
PLACED = {"stage": Stage.PLACED, "target": "https://example.org/study"}

CASES = [
    # what, link, contacts, signal
    ("page placed", LINK, [contact(Stage.PLACED, page=PAGE)], "outreach-placed"),
    ("page placed, by its canonical address", LINK, [contact(Stage.PLACED, page=CANONICAL)], "outreach-placed"),
    ("page placed, entered a year later", LINK,
     [contact(Stage.PLACED, page=PAGE, placed=LATE + days(365))], "outreach-placed"),
    ("page placed for another target", LINK, [contact(Stage.PLACED, page=PAGE, target="https://other.org/")], ""),
    ("page placed for another page of the target", LINK,
     [contact(Stage.PLACED, page=PAGE, target=OTHER_PAGE)], "outreach-placed"),
    ("page pitched, not placed", LINK, [contact(page=PAGE, day=EARLY - days(9))], "outreach-contacted"),
    ("page called organic", LINK, [contact(Stage.ORGANIC, page=PAGE)], "outreach-called-organic"),
    ("placed on the site in the interval", LINK, [contact(**PLACED, placed=EARLY)], "outreach-placed-on-site"),
    ("placed three days before", LINK, [contact(**PLACED, placed=EARLY - days(3))], "outreach-placed-on-site"),
    ("placed four days before", LINK, [contact(**PLACED, placed=EARLY - days(4))], "outreach-replied"),
    ("placed three days after", LINK, [contact(**PLACED, placed=LATE + days(3))], "outreach-placed-on-site"),
    ("placed four days after", LINK, [contact(**PLACED, placed=LATE + days(4))], "outreach-after"),
    ("placed, no lower bound known", UNBOUNDED,
     [contact(**PLACED, placed=EARLY - days(99))], "outreach-placed-on-site"),
    ("placed on the site for another path", LINK,
     [contact(Stage.PLACED, placed=EARLY, target=OTHER_PAGE)], "outreach-order-open"),
    ("placed on the site, target not told", LINK,
     [contact(Stage.PLACED, placed=EARLY + days(2))], "outreach-order-open"),
    ("placed on the site, day not told", LINK, [contact(**PLACED)], "outreach-order-open"),
    ("answered the day before", LINK, [contact(Stage.REPLIED, EARLY - days(1))], "outreach-replied"),
    ("answered 180 days before", LINK, [contact(Stage.REPLIED, EARLY - days(180))], "outreach-replied"),
    ("answered 181 days before", LINK, [contact(Stage.REPLIED, EARLY - days(181))], "outreach-contacted"),
    ("answered on the day", LINK, [contact(Stage.REPLIED, EARLY)], "outreach-order-open"),
    ("answered, no lower bound known", UNBOUNDED, [contact(Stage.REPLIED, EARLY - days(9))], "outreach-order-open"),
    ("no answer", LINK, [contact(Stage.CONTACTED, EARLY - days(9))], "outreach-contacted"),
    ("refused", LINK, [contact(Stage.DECLINED, EARLY - days(9))], "outreach-contacted"),
    ("contact within the interval", LINK, [contact(Stage.CONTACTED, LATE)], "outreach-order-open"),
    ("contact when it stood there", LINK, [contact(Stage.CONTACTED, LATE + days(1))], "outreach-after"),
    ("answer when it stood there", LINK, [contact(Stage.REPLIED, LATE + days(1))], "outreach-after"),
    ("contact before, answer to another mail after", LINK,
     [contact(Stage.CONTACTED, EARLY - days(9)), contact(Stage.REPLIED, LATE + days(9), id="d")], "outreach-contacted"),
    ("contact without a day", LINK, [contact(Stage.CONTACTED)], "outreach-order-open"),
    ("about another target", LINK, [contact(Stage.REPLIED, EARLY - days(9), target="https://other.org/")], ""),
    ("listed, never written to", LINK, [contact(Stage.PROSPECT, EARLY - days(9))], ""),
    ("nothing", LINK, [], ""),
]  # fmt: skip


@pytest.mark.parametrize(("link", "contacts", "signal"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_the_first_rule_that_fits_decides(link: Link, contacts: list[Contact], signal: str) -> None:
    found = outreach_evidence(link, contacts, [log()], VOCABULARY)

    assert {item.signal for item in found} == ({signal} if signal else set())
    assert found == outreach_evidence(link, contacts[::-1], [log()], VOCABULARY)


NEEDED = EARLY - days(180)
COMPLETE = [
    ("exactly the time in question", LINK, [log(NEEDED, LATE)], True),
    ("begins a day late", LINK, [log(NEEDED + days(1), LATE)], False),
    ("ends a day early", LINK, [log(NEEDED, LATE - days(1))], False),
    ("two logs that adjoin", LINK, [log(EARLY, LATE), log(NEEDED, EARLY - days(1))], True),
    ("two logs with a gap", LINK, [log(EARLY, LATE), log(NEEDED, EARLY - days(2))], False),
    ("one within the other", LINK, [log(NEEDED, LATE), log(NEEDED + days(5), EARLY)], True),
    ("no claim", LINK, [log()], False),
    ("no lower bound of the link", UNBOUNDED, [log(date(2000, 1, 1), date(2030, 1, 1))], False),
]


@pytest.mark.parametrize(("link", "logs", "counts"), [pytest.param(*case[1:], id=case[0]) for case in COMPLETE])
@pytest.mark.parametrize(
    "contacts", [[], [contact(Stage.PROSPECT)], [contact(Stage.REPLIED, target="https://other.org/")]]
)
def test_never_contacted_counts_only_by_a_log_declared_complete(
    link: Link, logs: list[OutreachLog], counts: bool, contacts: list[Contact]
) -> None:
    signals = {item.signal for item in outreach_evidence(link, contacts, logs, VOCABULARY)}

    assert signals == ({"outreach-never-contacted"} if counts else set())


def test_a_complete_log_does_not_undo_a_contact() -> None:
    found = outreach_evidence(LINK, [contact(Stage.CONTACTED, LATE + days(1))], [log(NEEDED, LATE)], VOCABULARY)

    assert {item.signal for item in found} == {"outreach-after"}


@pytest.mark.parametrize(
    ("channel", "paid", "said"), [(None, False, Channel.SELF_PROMOTION), (Channel.GUEST_POST, True, Channel.GUEST_POST)]
)
def test_evidence_speaks_for_the_channel_of_the_log(channel: Channel | None, paid: bool, said: Channel) -> None:
    (found,) = outreach_evidence(
        LINK, [contact(Stage.PLACED, page=PAGE, channel=channel, paid=paid)], [log()], VOCABULARY
    )

    assert found.channel is said
    assert ("paid" in found.detail) is paid
    assert "log crm" in found.detail


MODEL = Model(
    version="plain",
    priors=dict.fromkeys(Channel, -1.0) | {Channel.UNCLEAR: -0.2},
    weights={},
    temperature=1.0,
    bar=0.5,
    conflict=0.4,
)


def verdict_with(signal_contacts: list[Contact], logs: list[OutreachLog]) -> Mode:
    return judge(outreach_evidence(LINK, signal_contacts, logs, VOCABULARY), MODEL, at=moment(LATE)).mode


def test_strength_is_that_of_the_rules() -> None:
    """Alone: decisive and strong evidence names a mode, weak and noted evidence does not."""
    assert verdict_with([contact(Stage.PLACED, page=PAGE)], []) is Mode.ACTIVE
    assert verdict_with([contact(Stage.REPLIED, EARLY - days(1))], []) is Mode.ACTIVE
    assert verdict_with([], [log(NEEDED, LATE)]) is Mode.PASSIVE
    assert verdict_with([contact(Stage.CONTACTED, LATE + days(1))], []) is Mode.UNDETERMINED
    assert verdict_with([contact(Stage.ORGANIC, page=PAGE)], []) is Mode.UNDETERMINED


def test_every_signal_has_a_reason_and_a_case() -> None:
    assert {case[3] for case in CASES} | {"outreach-never-contacted", ""} == {*SIGNALS, ""}
    assert all(signal.why for signal in VOCABULARY.signals.values())
    passive = VOCABULARY.signals["outreach-never-contacted"].speaks
    assert {MODE_OF[channel] for channel, weight in passive.items() if weight > 0} == {Mode.PASSIVE}


SITES = [
    ("https://www.news.example.co.uk/a", "example.co.uk"),
    ("https://me.blogspot.com/a", "me.blogspot.com"),
    ("https://www.me.substack.com/p/a", "me.substack.com"),
    ("https://me.medium.com/x", "me.medium.com"),
    ("https://me.github.io/x", "me.github.io"),
    ("https://github.com/Me/project", "github.com/me"),
    ("https://www.youtube.com/@me/videos", "youtube.com/@me"),
    ("https://github.com/", "github.com"),
]


@pytest.mark.parametrize(("url", "site"), SITES)
def test_users_of_a_platform_are_different_sites(url: str, site: str) -> None:
    assert site_key(url) == site


@given(
    st.lists(
        st.builds(
            contact,
            st.sampled_from(Stage),
            st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
            page=st.sampled_from(["", PAGE, "example.com/other"]),
            target=st.sampled_from(["", "https://example.org/study", "https://other.org/"]),
            placed=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
            id=st.uuids().map(str),
        ),
        max_size=6,
    )
)
def test_one_rule_decides_whatever_the_order(contacts: list[Contact]) -> None:
    found = outreach_evidence(LINK, contacts, [log()], VOCABULARY)

    assert len({item.signal for item in found}) <= 1
    assert found == outreach_evidence(LINK, contacts[::-1], [log()], VOCABULARY)
