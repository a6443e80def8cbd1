"""One link as the patterns look at it, with what several of them need worked out once."""

from dataclasses import dataclass
from datetime import date

from linkcrawler.domains import domain_of, site_of
from linkcrawler.records import Link, Page, Placement
from linkcrawler.urls import digest, host_of
from linkcrawler.vocabulary import Kind, Region
from pipelines.evidence.hosts import MIN_BRAND, label_of, squeeze
from pipelines.patterns.records import UNKNOWN
from pipelines.patterns.settings import Settings
from pipelines.queries.placements import lead_placement
from pipelines.stores.fold import fold_text

WRITTEN = frozenset((Region.BODY, Region.LIST, Region.BIO, Region.OTHER))
"""Regions that people write anew; comments are apart, the others come from a template."""


@dataclass(frozen=True, slots=True)
class Subject:
    link: Link
    placement: Placement
    page: Page
    site: str
    """Of the source: its registered domain, users of one hosting platform told apart."""
    target_id: str
    """Digest of the target URL."""
    target_label: str
    day: str
    """Of its appearance, as marks carry it."""
    anchor: str
    """Folded."""

    @property
    def followable(self) -> bool:
        return self.placement.kind in (Kind.A, Kind.AREA)


def look(link: Link, settings: Settings) -> Subject:
    placement = lead_placement(link)
    return Subject(
        link=link,
        placement=placement,
        page=link.page or Page(url=link.source_url),
        site=site_of(host_of(link.source_url)) or domain_of(link.source_url) or "-",
        target_id=digest(link.target_url),
        target_label=squeeze(label_of(host_of(link.target_url))),
        day=_mark_of(day_of(link, settings.limits.known_within_days)),
        anchor=fold_text(placement.anchor),
    )


def day_of(link: Link, within: int) -> date | None:
    """The day by which the link stood there, if it cannot have stood there ``within`` days earlier."""
    early, late = link.appearance.not_before, link.appearance.not_after
    if link.appearance.added == "with_page" and early:
        return early.date()
    return late.date() if early and late and (late - early).days <= within else None


def _mark_of(day: date | None) -> str:
    return f"{day.toordinal():06d}" if day else UNKNOWN


def words_in(text: str) -> int:
    return len(text.split())


def is_brand(text: str, subject: Subject) -> bool:
    """Whether the text is the target's name or address, or little more."""
    squeezed = squeeze(text)
    label = subject.target_label
    if "://" in text or text.startswith("www.") or host_of(subject.link.target_url) in text:
        return True
    return (len(label) >= MIN_BRAND and label in squeezed) or (len(squeezed) >= MIN_BRAND and squeezed in label)
