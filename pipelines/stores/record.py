"""A link as one JSON object: the form that scripts rely on (docs/commands.md lists its fields)."""

from typing import Any

from linkcrawler.domains import domain_of
from linkcrawler.records import Appearance, Context, Link, Page, Verdict
from linkcrawler.vocabulary import HYPERLINKS
from pipelines.queries.placements import lead_placement
from pipelines.queries.standing import standing_of
from pipelines.stores.flat import iso
from pipelines.verdicts.axes import axes


def record_of(link: Link) -> dict[str, Any]:
    """The link with all that is known of it. Anchor, rel, region and context are those of its lead placement."""
    lead = lead_placement(link)
    return {
        "id": link.id,
        "source_url": link.source_url,
        "source_domain": domain_of(link.source_url),
        "target_url": link.target_url,
        "target": link.target,
        "anchor": lead.anchor,
        "rel": list(lead.rel),
        "region": lead.region.value,
        "kind": lead.kind.value,
        "context": _context(lead.context),
        "first_seen": iso(link.first_seen),
        "last_seen": iso(link.last_seen),
        "appearance": _appearance(link.appearance),
        "status": link.status,
        **_judgement(link),
        "page": _page(link.page),
        "placements": [placement for placement in link.placements if placement.kind in HYPERLINKS],
        "references": [placement for placement in link.placements if placement.kind not in HYPERLINKS],
    }


def _context(context: Context) -> dict[str, Any]:
    return {
        "sentence": context.sentence,
        "before": context.before,
        "after": context.after,
        "heading": list(context.heading),
    }


def _appearance(appearance: Appearance) -> dict[str, Any]:
    return {
        "not_before": iso(appearance.not_before),
        "not_before_source": appearance.not_before_source,
        "not_after": iso(appearance.not_after),
        "not_after_source": appearance.not_after_source,
        "added": appearance.added,
        "conflict": appearance.conflict,
    }


def _judgement(link: Link) -> dict[str, Any]:
    standing, verdict, override = standing_of(link), link.verdict, link.override
    return {
        "mode": standing.mode.value if standing else None,
        "channel": standing.channel.value if standing else None,
        "confidence": verdict.confidence if verdict and not override else None,
        "judged": _judged(verdict) if verdict else None,
        "evidence": verdict.evidence if verdict else (),
        "model": verdict.model if verdict else None,
        "judged_at": iso(verdict.judged_at) if verdict else None,
        "override": {"by": override.by, "at": iso(override.at), "note": override.note} if override else None,
        "axes": axes(standing.channel, verdict.evidence if verdict else (), lead_placement(link)) if standing else None,
    }


def _judged(verdict: Verdict) -> dict[str, Any]:
    """What the model says, whether or not a person says otherwise."""
    return {"mode": verdict.mode.value, "channel": verdict.channel.value, "confidence": verdict.confidence}


def _page(page: Page | None) -> dict[str, Any] | None:
    if page is None:
        return None
    return {
        "title": page.title,
        "language": page.language,
        "author": page.author,
        "site_name": page.site_name,
        "canonical_url": page.canonical_url,
        "published": page.published.isoformat() if page.published else None,
        "published_source": page.published_source,
    }
