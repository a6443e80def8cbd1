"""Puts a log into the store and has the links judged anew that it may concern."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from linkcrawler.domains import domain_of
from linkcrawler.records import in_milliseconds
from pipelines.outreach.contact import Contact, OutreachLog
from pipelines.stores.protocol import Store


@dataclass(frozen=True, slots=True)
class Imported:
    new: int
    due: int
    """Links that are to be judged anew."""


async def store_contacts(store: Store, log: OutreachLog, contacts: Sequence[Contact]) -> Imported:
    """A log that is complete for some time concerns every link: also those whose sites it does not name.

    Links fall due before and after the writing: a death in between leaves none with a verdict of before, and a verdict
    that is given meanwhile does not count as one that knows the log.
    """
    before = {known.name: known for known in await store.outreach_logs()}.get(log.name)
    log = replace(log, imported_at=in_milliseconds(log.imported_at))
    if before and not log.complete_from:
        log = replace(log, complete_from=before.complete_from, complete_to=before.complete_to)
    known = {contact.id for contact in await store.contacts({contact.site for contact in contacts})}
    if _period(log) == _period(before) and all(contact.id in known for contact in contacts):
        await store.put_outreach(log, ())
        return Imported(0, 0)
    concerned = None if log.complete_from else {_domain(contact) for contact in contacts}
    await store.mark_due(concerned)
    new = await store.put_outreach(log, contacts)
    return Imported(new, await store.mark_due(concerned))


async def forget_log(store: Store, name: str) -> tuple[int, int]:
    """How many contacts were deleted, and how many links are to be judged anew: all, the sites being gone."""
    await store.mark_due(None)
    deleted = await store.forget_outreach(name)
    return deleted, await store.mark_due(None)


def _period(log: OutreachLog | None) -> tuple[date | None, date | None]:
    return (log.complete_from, log.complete_to) if log else (None, None)


def _domain(contact: Contact) -> str:
    return domain_of(f"https://{contact.site}/")
