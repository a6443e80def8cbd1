"""The four axes: what the channel means, what a signal knows better, and what stays unknown."""

import pytest

from linkcrawler.records import Evidence, Placement
from linkcrawler.vocabulary import Channel, Region
from pipelines.verdicts.axes import Axes, Consideration, Control, Disclosure, Initiator, axes

URL = "https://example.org/"


def placement(region: Region = Region.BODY, url: str = URL) -> Placement:
    return Placement(href=url, target_url=url, target="example.org", region=region)


def evidence(signal: str, channel: Channel, weight: float = 1.0, detail: str = "") -> Evidence:
    return Evidence(signal=signal, channel=channel, weight=weight, detail=detail)


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_axes(channel: Channel) -> None:
    found = axes(channel, (), placement())

    assert isinstance(found, Axes)
    assert found.disclosure == (Disclosure.NONE,)


def test_prompted_yet_freely_chosen() -> None:
    told = [evidence("outreach-replied", Channel.SELF_PROMOTION, 2.5), evidence("cites", Channel.EDITORIAL_CITATION)]

    found = axes(Channel.EDITORIAL_CITATION, told, placement())

    assert found == Axes(Initiator.TARGET_SIDE, Consideration.NONE, Control.LINKING_SITE, (Disclosure.NONE,))


@pytest.mark.parametrize(
    ("signal", "kind"),
    [
        ("disclosed-beside", Disclosure.TEXT),
        ("affiliate-notice-of-page", Disclosure.TEXT),
        ("rel-sponsored", Disclosure.REL),
        ("schema-advertorial", Disclosure.SCHEMA),
    ],
)
def test_how_it_is_declared(signal: str, kind: Disclosure) -> None:
    assert axes(Channel.SPONSORED, [evidence(signal, Channel.SPONSORED)], placement()).disclosure == (kind,)


def test_a_legal_token_in_the_address_is_a_declaration() -> None:
    assert axes(Channel.SPONSORED, (), placement(url=f"{URL}?erid=2Vf")).disclosure == (Disclosure.LEGAL,)


@pytest.mark.parametrize("query", ["userid=7", "orderid=2Vf"])
def test_a_key_that_ends_like_the_token_declares_nothing(query: str) -> None:
    assert axes(Channel.SPONSORED, (), placement(url=f"{URL}?{query}")).disclosure == (Disclosure.NONE,)


def test_what_speaks_against_declares_nothing() -> None:
    told = [evidence("rel-sponsored", Channel.EDITORIAL_CITATION, -0.5)]

    assert axes(Channel.EDITORIAL_CITATION, told, placement()).disclosure == (Disclosure.NONE,)


@pytest.mark.parametrize(
    ("detail", "given"),
    [
        ("Our members", Consideration.MEMBERSHIP),
        ("Gold sponsors", Consideration.MONEY),
        ("Partners", Consideration.UNKNOWN),
    ],
)
def test_a_partner_heading_says_what_was_given(detail: str, given: Consideration) -> None:
    told = [evidence("partner-heading", Channel.PARTNER_SPONSOR, 2.0, detail)]

    assert axes(Channel.PARTNER_SPONSOR, told, placement()).consideration is given


def test_the_heaviest_signal_decides() -> None:
    told = [evidence("rel-sponsored", Channel.AFFILIATE, 0.5), evidence("affiliate-tag", Channel.AFFILIATE, 3.0)]

    assert axes(Channel.AFFILIATE, told, placement()).consideration is Consideration.COMMISSION


def test_furniture_is_written_by_a_template() -> None:
    found = axes(Channel.RESOURCE_LIST, (), placement(Region.SIDEBAR))

    assert found.control is Control.TEMPLATE


def test_an_unclear_link_keeps_its_axes_open() -> None:
    found = axes(Channel.UNCLEAR, [evidence("outreach-replied", Channel.SELF_PROMOTION)], placement())

    assert (found.initiator, found.consideration, found.control) == (
        Initiator.UNKNOWN,
        Consideration.UNKNOWN,
        Control.UNKNOWN,
    )
