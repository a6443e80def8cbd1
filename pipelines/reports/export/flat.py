"""A link as one flat row of text and numbers: the columns of CSV and Parquet."""

from typing import Any

from linkcrawler.records import Evidence, Link
from pipelines.reports.export.record import record_of

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


def row_of(link: Link) -> dict[str, Any]:
    """Column to value; None where nothing is known. rel is joined by spaces, the heading path by `` > ``."""
    record = record_of(link)
    row = {name: record[name] for name in ("id", "source_url", "source_domain", "target_url", "target", "anchor")}
    context = record["context"]
    row |= {
        "rel": " ".join(record["rel"]),
        "region": record["region"],
        "kind": record["kind"],
        "sentence": context["sentence"],
        "before": context["before"],
        "after": context["after"],
        "heading": " > ".join(context["heading"]),
        "first_seen": record["first_seen"],
        "last_seen": record["last_seen"],
    }
    row |= record["appearance"]
    row |= {name: record[name] for name in ("status", "mode", "channel", "confidence")}
    row |= {f"judged_{name}": value for name, value in (record["judged"] or {}).items()}
    row["evidence"] = "; ".join(_weighed(item) for item in record["evidence"])
    row |= {"model": record["model"], "judged_at": record["judged_at"]}
    row |= {f"override_{name}": value for name, value in (record["override"] or {}).items()}
    row |= {f"page_{name}": value for name, value in (record["page"] or {}).items()}
    row["placements"] = len(link.placements)
    return {name: row.get(name) for name in COLUMNS}


def _weighed(item: Evidence) -> str:
    return f"{item.signal} {item.weight:+.2f} {item.channel}" + (f" ({item.detail})" if item.detail else "")
