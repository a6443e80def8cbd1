"""Links that were put into the text of pages which were old by then."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from pipelines.patterns.anchors import telling
from pipelines.patterns.groups import WEEK, Bases, Group
from pipelines.patterns.records import Finding, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import WRITTEN, Subject

KIND, SINGLE = "i", "j"


def marks(subject: Subject, settings: Settings) -> Iterator[str]:
    """One mark of its own, and one of its address if the appearance is known closely enough."""
    appearance, page = subject.link.appearance, subject.page
    if appearance.added != "later" or appearance.not_before is None or page.published is None:
        return
    if subject.placement.region not in WRITTEN or not telling(subject, settings):
        return
    age = (appearance.not_before - datetime.combine(page.published, time.min, UTC)).days
    if age < settings.limits.old_page_days:
        return
    yield mark(f"{SINGLE}:{subject.target_id}:{subject.link.id}", subject.site, f"{age:06d}")
    late = appearance.not_after
    if late and (late - appearance.not_before).days <= settings.limits.insertion_days:
        yield mark(f"{KIND}:{subject.target_id}:later", subject.site, f"{late.date().toordinal():06d}")


def single(more: str) -> Finding:
    """What a link's own mark tells; it needs no group, so that none is kept for it."""
    return Finding("inserted-later", f"the page was {int(more)} days old without the link")


def read(group: Group, bases: Bases, settings: Settings) -> Finding | None:
    limits = settings.limits
    within = _most_within(group, limits.insertion_days)
    if within < max(limits.least_sites, limits.long_share * bases.of(group).sites):
        return None
    return Finding("insertions-repeated", f"{within} sites within {limits.insertion_days} days: {group.named()}")


def _most_within(group: Group, days: int) -> int:
    """Sites in the densest run of weeks of this length."""
    run = days // WEEK
    return max((sum(group.weeks[week + i] for i in range(run)) for week in list(group.weeks)), default=0)
