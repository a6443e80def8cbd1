"""A link as one flat row of text and numbers: the columns of CSV, XLSX, Parquet and data frames."""

from datetime import datetime

from linkcrawler.domains import domain_of
from linkcrawler.records import Evidence, Link
from pipelines.queries.placements import lead_placement
from pipelines.queries.standing import standing_of

FlatRow = tuple[str | float | int | None, ...]
"""One value for each of :data:`COLUMNS`; None where nothing is known."""

TEXT = (
    "id", "source_url", "source_domain", "target_url", "target", "anchor", "rel", "region", "kind",
    "sentence", "before", "after", "heading", "first_seen", "last_seen", "not_before", "not_before_source",
    "not_after", "not_after_source", "added", "conflict", "status", "mode", "channel",
)  # fmt: skip
NUMBERS = ("confidence", "judged_confidence")
MORE_TEXT = (
    "judged_mode", "judged_channel", "evidence", "model", "judged_at", "override_by", "override_at", "override_note",
    "page_title", "page_language", "page_author", "page_site_name",
    "page_canonical_url", "page_published", "page_published_source",
)  # fmt: skip
COUNTS = ("placements",)

COLUMNS = (*TEXT, *NUMBERS, *MORE_TEXT, *COUNTS)
"""In the order of the file. All are text but the confidences (0 to 1) and ``placements`` (a count)."""


def flat_of(link: Link) -> FlatRow:
    """The row of a link. rel is joined by spaces, the heading path by `` > ``."""
    lead, found, verdict = lead_placement(link), link.appearance, link.verdict
    standing, override, context = standing_of(link), link.override, lead.context
    return (
        link.id, link.source_url, domain_of(link.source_url), link.target_url, link.target,
        lead.anchor, " ".join(lead.rel), lead.region.value, lead.kind.value,
        context.sentence, context.before, context.after, " > ".join(context.heading),
        iso(link.first_seen), iso(link.last_seen),
        iso(found.not_before), found.not_before_source, iso(found.not_after), found.not_after_source,
        found.added, found.conflict, link.status,
        standing.mode.value if standing else None, standing.channel.value if standing else None,
        verdict.confidence if verdict and not override else None, verdict.confidence if verdict else None,
        verdict.mode.value if verdict else None, verdict.channel.value if verdict else None,
        "; ".join(map(weighed, verdict.evidence)) if verdict else "",
        verdict.model if verdict else None, iso(verdict.judged_at) if verdict else None,
        *((override.by, iso(override.at), override.note) if override else (None, None, None)),
        *_page_cells(link), len(link.placements),
    )  # fmt: skip


def _page_cells(link: Link) -> tuple[str | None, ...]:
    page = link.page
    if page is None:
        return (None,) * 7
    published = page.published.isoformat() if page.published else None
    names = (page.title, page.language, page.author, page.site_name, page.canonical_url)
    return (*names, published, page.published_source)


def weighed(item: Evidence) -> str:
    """One piece of evidence in a cell: signal, weight, channel, and what was found."""
    return f"{item.signal} {item.weight:+.2f} {item.channel}" + (f" ({item.detail})" if item.detail else "")


def iso(time: datetime | None) -> str | None:
    """``2026-11-22T10:15:00.250Z``: UTC, milliseconds only where there are any."""
    if time is None:
        return None
    text = time.isoformat(timespec="milliseconds" if time.microsecond else "seconds")
    return text.replace("+00:00", "Z")
