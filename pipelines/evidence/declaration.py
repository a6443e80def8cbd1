"""What markup and page text declare about the link: rel, schema.org types, disclosure notices."""

import re

from linkcrawler.vocabulary import Region
from pipelines.evidence.citation import runs
from pipelines.evidence.hosts import MIN_BRAND, bears, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_MENUS = (Region.NAV, Region.HEADER, Region.FOOTER)
_MENU_WORDS = frozenset(("advertising", "advertise here", "promotion", "ads", "sponsors", "our sponsors"))
_PAID_ADDRESS = re.compile(
    r"[/_-](?:anzeigen?|advertorials?|sponsored|sponsored-(?:content|posts?)|werbung|publi-?reportages?|publirreportajes?|"
    r"publieditorial|brand-?content|partner-?content|paid-?content|native-?ads?)(?:[/_.-]|$)"
)
_ADVERTORIAL = "AdvertiserContentArticle"
_COMMON = 0.5
"""``nofollow`` on more than half of the external links is the site's habit and says nothing about this one."""
_FEW_LINKS = 5
"""External links below which no habit shows."""


def rel_sponsored(scene: Scene, _: Tables) -> str | None:
    """A declaration stays one however many links of the page carry it (rule 2 of the codebook)."""
    return 'rel="sponsored"' if "sponsored" in scene.placement.rel else None


def rel_ugc(scene: Scene, _: Tables) -> str | None:
    return 'rel="ugc"' if "ugc" in scene.placement.rel else None


def rel_nofollow(scene: Scene, _: Tables) -> str | None:
    if "nofollow" not in scene.placement.rel:
        return None
    if scene.page.nofollow_share > _COMMON and scene.page.external_links >= _FEW_LINKS:
        return None
    return f'rel="nofollow", on {scene.page.nofollow_share:.0%} of the external links'


def schema_advertorial(scene: Scene, _: Tables) -> str | None:
    return _ADVERTORIAL if _ADVERTORIAL in scene.page.article_types else None


def disclosed_beside(scene: Scene, _: Tables) -> str | None:
    """Disclosure in the same sentence, block, heading or anchor; a negated one is another signal."""
    for name, hits in (
        ("brackets", scene.tag),
        ("clause", scene.lead),
        ("sentence", scene.near),
        ("block", scene.block),
        ("heading", scene.heading),
        ("anchor", scene.anchor),
    ):
        # In a menu they name a service of the page: where to advertise, where to place an ad.
        if scene.region in _MENUS and hits.get("disclosure") in _MENU_WORDS:
            continue
        # Words right before the anchor label a link that stands alone; within a sentence they are prose.
        if "disclosure" in hits and "not_paid" not in hits and not (name == "clause" and runs(scene)):
            return f"{hits['disclosure']} ({name})"
    return None


def disclosed_by_page(scene: Scene, _: Tables) -> str | None:
    """Disclosure in the title, the byline or about the headline, for links of the main text."""
    hits = scene.title
    if "disclosure" not in hits or "not_paid" in hits or not _in_text(scene) or label_about_headline(scene, _):
        return None
    return hits["disclosure"]


def label_about_headline(scene: Scene, _: Tables) -> str | None:
    """A bare "Advertisement" above or below the headline: the article's kicker, or the label of an empty ad slot.

    Where the title, the byline or the page's address says it too, it is the kicker.
    """
    said = scene.title.get("disclosure", "")
    page = scene.page
    if not said or "paid" in scene.title or "not_paid" in scene.title or not _in_text(scene):
        return None
    spoken = squeeze(said)
    if _PAID_ADDRESS.search(scene.page_path) or spoken in squeeze(f"{page.title} {page.byline} {page.author}"):
        return None
    return said if all(squeeze(text) == spoken for text in _about_headline(scene, spoken)) else None


def _about_headline(scene: Scene, spoken: str) -> list[str]:
    """The notices about the headline that hold the squeezed phrase, without their scope."""
    texts = [text for scope, _, text in (notice.partition(": ") for notice in scene.page.notices) if scope == "header"]
    return [text for text in texts if spoken in squeeze(text)]


def declared_paid(scene: Scene, _: Tables) -> str | None:
    """Title, byline or a line about the headline say that this very text is paid for."""
    if "paid" not in scene.title or "not_paid" in scene.title or not _in_text(scene):
        return None
    return scene.title["paid"]


def disclosed_in_text(scene: Scene, _: Tables) -> str | None:
    """Disclosure elsewhere in the main text: it may mean another link."""
    hits = scene.notice
    if "disclosure" not in hits or "not_paid" in hits or not _in_text(scene):
        return None
    return hits["disclosure"]


def disclosed_and_named(scene: Scene, _: Tables) -> str | None:
    """A notice names the target, or the page discloses about the headline and the title names the target."""
    if not _disclosure_of_page(scene):
        return None
    label = scene.target.name.rstrip("0123456789")
    if len(label) < MIN_BRAND:
        return None
    if bears(" ".join(scene.disclosures), label) or ("disclosure" in scene.title and bears(scene.page.title, label)):
        return f"{_disclosure_of_page(scene)}; {scene.label} is named"
    return None


def disclosed_and_nofollow(scene: Scene, tables: Tables) -> str | None:
    """The page discloses, and this link is one of the few that it does not vouch for."""
    said = _disclosure_of_page(scene)
    return f"{said}; nofollow" if said and rel_nofollow(scene, tables) else None


def _disclosure_of_page(scene: Scene) -> str:
    said = scene.title.get("disclosure") or scene.notice.get("disclosure") or ""
    return said if _in_text(scene) and "not_paid" not in scene.title and "not_paid" not in scene.notice else ""


def said_not_paid(scene: Scene, _: Tables) -> str | None:
    found = scene.near.get("not_paid") or scene.block.get("not_paid") or scene.title.get("not_paid")
    return found or scene.notice.get("not_paid") if _in_text(scene) else None


def affiliate_notice_beside(scene: Scene, _: Tables) -> str | None:
    return next((h["affiliate"] for h in (scene.tag, scene.near, scene.block, scene.heading) if "affiliate" in h), None)


def affiliate_notice_of_page(scene: Scene, tables: Tables) -> str | None:
    """A page-wide notice counts only for links that could earn: to shops, or with an offer in the anchor."""
    said = scene.title.get("affiliate") or scene.notice.get("affiliate")
    if not said or not _in_text(scene):
        return None
    could_earn = tables.retail.match(scene.host) or "offer" in scene.anchor or "nofollow" in scene.placement.rel
    return said if could_earn else None


def _in_text(scene: Scene) -> bool:
    return scene.region in (Region.BODY, Region.LIST)


SIGNALS = {
    "rel-sponsored": rel_sponsored,
    "rel-ugc": rel_ugc,
    "rel-nofollow": rel_nofollow,
    "schema-advertorial": schema_advertorial,
    "disclosed-beside": disclosed_beside,
    "disclosed-by-page": disclosed_by_page,
    "label-about-headline": label_about_headline,
    "declared-paid": declared_paid,
    "disclosed-in-text": disclosed_in_text,
    "disclosed-and-named": disclosed_and_named,
    "disclosed-and-nofollow": disclosed_and_nofollow,
    "said-not-paid": said_not_paid,
    "affiliate-notice-beside": affiliate_notice_beside,
    "affiliate-notice-of-page": affiliate_notice_of_page,
}
