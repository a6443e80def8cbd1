"""Builds links for tests from the few words that matter to a case."""

from datetime import UTC, datetime
from typing import Any

from linkcrawler.lexicons import load_lexicons
from linkcrawler.records import Context, Link, Page, Placement
from linkcrawler.vocabulary import Region
from pipelines.evidence.catalogue import FUNCTIONS
from pipelines.evidence.scene import look
from pipelines.evidence.tables import load_tables

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LEXICONS = load_lexicons()
TABLES = load_tables()


def make_link(
    *,
    url: str = "https://gardennotes.example/2024/old-roses",
    target: str = "https://rosebank.example/varieties/gallica",
    anchor: str = "gallica roses",
    before: str = "",
    after: str = "",
    region: str = "body",
    rel: str = "",
    via: tuple[str, ...] = (),
    image: bool = False,
    hidden: bool = False,
    markup: str = "",
    rule: str = "",
    context: dict[str, Any] | None = None,
    page: dict[str, Any] | None = None,
) -> Link:
    """A link with one placement; the sentence and the block are what stands before, in and after the anchor."""
    text = f"{before}{anchor}{after}" if before or after else ""
    words: dict[str, Any] = {"sentence": text, "before": before, "after": after, "block": text or anchor}
    placement = Placement(
        href=target,
        target_url=target,
        target="rosebank.example",
        via=via,
        rel=tuple(rel.split()),
        anchor=anchor,
        image=image,
        hidden=hidden,
        region=Region(region),
        region_rule=rule,
        markup=markup,
        context=Context(**(words | (context or {}))),
    )
    facts = {"language": "en", "external_links": 10, "external_domains": 3, "main_words": 200} | (page or {})
    return Link(
        id="0" * 16,
        source_url=url,
        target_url=target,
        target="rosebank.example",
        first_seen=NOON,
        last_seen=NOON,
        placements=(placement,),
        page=Page(url=url, **facts),
    )


def detail_of(signal: str, link: Link) -> str | None:
    """What the signal finds for the link; None if it does not fire."""
    assert link.page is not None
    return FUNCTIONS[signal](look(link.page, link.placements[0], LEXICONS), TABLES)
