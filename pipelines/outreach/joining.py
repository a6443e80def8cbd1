"""What an outreach log tells of a link. Pure: a link, the contacts with its site, and what the logs claim to hold.

The first rule that fits decides:

    placed            the page itself is a placement of the log                          decisive
    placed-on-site    placement on the site for this target page, on a day that fits     decisive
    called-organic    the page itself stands in the log as organic                       noted
    replied           contact and answer, at most 180 days before the link               strong
    contacted         contact before the link                                            weak
    order-open        the dates leave open which came first                              noted
    after             first contact when the link already stood there                    noted
    never-contacted   no contact in logs that are complete for the time in question      strong

A contact about another target does not concern the link. A row without status counts as its kind of file says.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from linkcrawler.domains import domain_of
from linkcrawler.records import Evidence, Link
from linkcrawler.vocabulary import Channel
from pipelines.outreach.contact import Contact, OutreachLog, Stage
from pipelines.outreach.vocabulary import Vocabulary
from pipelines.queries.page_addresses import address_of, page_address

ANSWER_DAYS = timedelta(days=180)
"""How long an answered mail may take to become a link (research on outreach records; a proposal, not a measurement)."""

PLACEMENT_SLACK = timedelta(days=3)
"""A placement is entered on the day of the deal, of the invoice or of the check."""

ASKING = Channel.SELF_PROMOTION
"""The channel of what came of asking alone: the target's side put it forward."""

_REACHED = (Stage.CONTACTED, Stage.DECLINED, Stage.REPLIED, Stage.PLACED)
_ANSWERED = (Stage.REPLIED, Stage.PLACED)


def outreach_evidence(
    link: Link, contacts: Sequence[Contact], logs: Sequence[OutreachLog], vocabulary: Vocabulary
) -> tuple[Evidence, ...]:
    """Evidence for the link; ``contacts`` are those with its site, in any order."""
    concerning = sorted((c for c in contacts if _concerns(c, link)), key=lambda contact: contact.id)
    reached = [contact for contact in concerning if contact.stage in _REACHED]
    pages = {address_of(link.source_url), page_address(link)}
    here = [contact for contact in concerning if contact.page in pages]
    if found := [contact for contact in here if contact.stage is Stage.PLACED]:
        return _told("outreach-placed", found, vocabulary)
    if found := [contact for contact in reached if _placed_on_site(contact, link)]:
        return _told("outreach-placed-on-site", found, vocabulary)
    if found := [contact for contact in here if contact.stage is Stage.ORGANIC]:
        return _told("outreach-called-organic", found, vocabulary)
    if reached:
        return _by_order(link, reached, vocabulary)
    if complete := _complete_for(link, logs):
        return _weighed("outreach-never-contacted", None, complete, vocabulary)
    return ()


def _concerns(contact: Contact, link: Link) -> bool:
    return not contact.target or domain_of(contact.target) == domain_of(link.target_url)


def _placed_on_site(contact: Contact, link: Link) -> bool:
    if contact.stage is not Stage.PLACED or contact.placed is None or not contact.target:
        return False
    if urlsplit(address_of(contact.target)).path != urlsplit(address_of(link.target_url)).path:
        return False
    early, late = bounds(link)
    if early and contact.placed < early - PLACEMENT_SLACK:
        return False
    return contact.placed <= late + PLACEMENT_SLACK


def _by_order(link: Link, reached: Sequence[Contact], vocabulary: Vocabulary) -> tuple[Evidence, ...]:
    """What follows from whether the contact or the link came first."""
    early, late = bounds(link)
    before = [contact for contact in reached if contact.first and early and contact.first < early]
    answered = [
        contact
        for contact in before
        if contact.stage in _ANSWERED and early and contact.first and early - contact.first <= ANSWER_DAYS
    ]
    if answered:
        return _told("outreach-replied", answered, vocabulary)
    if before:
        return _told("outreach-contacted", before, vocabulary)
    if all(contact.first and contact.first > late for contact in reached):
        return _told("outreach-after", reached, vocabulary)
    return _told("outreach-order-open", reached, vocabulary)


def bounds(link: Link) -> tuple[date | None, date]:
    """First and last day on which the link may have appeared; it stood there by the latter."""
    appearance = link.appearance
    early = appearance.not_before.date() if appearance.not_before else None
    return early, (appearance.not_after or link.first_seen).date()


def _complete_for(link: Link, logs: Iterable[OutreachLog]) -> str:
    """The period that the logs are complete for, if it holds every day on which a contact could have mattered."""
    early, late = bounds(link)
    if early is None:
        return ""
    wanted, reach = early - ANSWER_DAYS, None
    periods = sorted((log.complete_from, log.complete_to) for log in logs if log.complete_from and log.complete_to)
    for start, end in periods:
        if reach is None and start <= wanted <= end:
            reach = end
        elif reach and start <= reach + timedelta(days=1):
            reach = max(reach, end)
    return f"complete from {periods[0][0]} to {reach}" if reach and reach >= late else ""


def _told(signal: str, contacts: Sequence[Contact], vocabulary: Vocabulary) -> tuple[Evidence, ...]:
    """The evidence of the contact that says most: with a channel before one without, then the latest."""
    best = max(contacts, key=lambda contact: (contact.channel is not None, contact.first or date.min, contact.id))
    days = [
        f"contacted {best.contacted}" if best.contacted else "",
        f"placed {best.placed}" if best.placed else "",
    ]
    detail = ", ".join(filter(None, (f"log {best.log}", *days, "paid" if best.paid else "")))
    return _weighed(signal, best.channel, detail, vocabulary)


def _weighed(signal: str, channel: Channel | None, detail: str, vocabulary: Vocabulary) -> tuple[Evidence, ...]:
    entry = vocabulary.signals[signal]
    if not entry.speaks and not entry.weight:
        return (Evidence(signal=signal, channel=Channel.UNCLEAR, weight=0.0, detail=detail),)
    speaks = entry.speaks or {channel or ASKING: entry.weight}
    return tuple(
        Evidence(signal=signal, channel=channel, weight=weight, detail=detail) for channel, weight in speaks.items()
    )
