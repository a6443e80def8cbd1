"""Briefs from documents of which only the fields that a brief tells were asked for."""

from pipelines.stores.brief import Brief, brief_of
from pipelines.stores.mongodb.documents import Document, read_link

FIELDS: Document = dict.fromkeys(
    (
        "source_url", "target_url", "target", "first_seen", "last_seen", "stood_by", "absent", "status", "block", "act",
        "content", "page_content", "dates", "raised", "override",
        *(f"placements.{name}" for name in (
            "kind", "href", "target_url", "target", "via", "rel", "anchor", "region", "position", "context.owner_date",
        )),
        *(f"verdict.{name}" for name in ("mode", "channel", "confidence", "model", "judged_at")),
        *(f"verdict.evidence.{name}" for name in ("signal", "channel", "weight")),
    ),
    1,
)  # fmt: skip
"""Projection: a link without its words."""
PAGE_FIELDS: Document = dict.fromkeys(
    (f"facts.{name}" for name in ("url", "canonical_url", "language", "published", "published_source")), 1
)


def brief(document: Document, page: Document) -> Brief:
    """``block`` and ``act`` rest on words that were not asked for: they are those that were stored."""
    found = brief_of(read_link(document, page))
    return found._replace(block=document["block"], act=document.get("act", ""))
