"""What is kept of an outreach log: a contact with a site, without names, addresses of people or words of mails."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from linkcrawler.vocabulary import Channel


class Stage(StrEnum):
    """How far a contact came."""

    PROSPECT = "prospect"
    """Listed but not reached: not written to, bounced, cancelled. Not a contact."""
    CONTACTED = "contacted"
    DECLINED = "declined"
    REPLIED = "replied"
    PLACED = "placed"
    ORGANIC = "organic"
    """The log itself calls the link unasked. CRMs write that by default, so that it is noted and counts for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One row of a log."""

    id: str
    """Digest of the log's name and everything below: a row that is told twice is kept once."""
    log: str
    site: str
    """Key of the site, see :func:`linkcrawler.sharing.site_key`."""
    page: str = ""
    """Address of the page by :func:`pipelines.queries.page_addresses.address_of`; empty if it names the site only."""
    target: str = ""
    """Canonical address (or ``https://domain/``) of what was to be linked; empty if the log does not say."""
    stage: Stage
    contacted: date | None = None
    placed: date | None = None
    channel: Channel | None = None
    paid: bool = False
    anchor: str = ""
    person: str = ""
    """Digest of the mail address that was written to; empty if none is given."""

    @property
    def first(self) -> date | None:
        """The earliest day on which the site is known to have been in contact."""
        return min((day for day in (self.contacted, self.placed) if day), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachLog:
    """One imported file."""

    name: str
    system: str
    """What wrote it, out of config/outreach.toml; ``by hand`` if its columns were named by hand."""
    imported_at: datetime
    complete_from: date | None = None
    """From this day on until ``complete_to`` the log holds every contact there was; None: it does not claim that."""
    complete_to: date | None = None
