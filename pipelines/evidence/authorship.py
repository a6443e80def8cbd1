"""Who wrote the page and whether the link is that person's own."""

import re

from linkcrawler.domains import site_of
from linkcrawler.vocabulary import Region
from pipelines.evidence.citation import republished
from pipelines.evidence.hosts import FREE_BRAND, MIN_BRAND, host_of, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_NAME = re.compile(r"[^\W\d_]{3,}")
_AUTHOR_MARKUP = frozenset(
    [
        "author",
        "authorbox",
        "authorbio",
        "bio",
        "byline",
        "autor",
        "auteur",
        "autore",
        "vcard",
        "contributor",
        "writer",
        "authors",
        "profile",
    ]
)
_NOTE_WORDS = 90
"""A note about the author is short."""
_OUTSIDE_TEXT = (Region.NAV, Region.HEADER, Region.FOOTER, Region.RELATED, Region.AD)


def guest_label(scene: Scene, _: Tables) -> str | None:
    """The page calls itself a guest's, about the headline or at its end."""
    if scene.region in _OUTSIDE_TEXT or scene.region is Region.SIDEBAR:
        return None
    return scene.title.get("guest") or scene.filed.get("guest") or scene.notice.get("guest") or scene.tail.get("guest")


def guest_beside(scene: Scene, _: Tables) -> str | None:
    return scene.owner.get("guest") or scene.near.get("guest") or scene.block.get("guest") or scene.heading.get("guest")


def in_bio(scene: Scene, tables: Tables) -> str | None:
    """Not where the words say where the text appeared first."""
    if scene.region is not Region.BIO or republished(scene, tables):
        return None
    return scene.placement.region_rule or "bio"


def bio_beside(scene: Scene, _: Tables) -> str | None:
    """What a person is and does, in the sentence or box that holds the link."""
    return scene.near.get("bio") or scene.owner.get("bio") or scene.heading.get("bio")


def author_introduced(scene: Scene, _: Tables) -> str | None:
    """The block names the page's author and says what that person is or does."""
    if scene.region in _OUTSIDE_TEXT:
        return None
    said = scene.block.get("bio") or scene.near.get("bio") or scene.block.get("guest")
    if not said or " " not in scene.page.author.strip():
        return None
    return said if squeeze(scene.page.author) in squeeze(scene.placement.context.block) else None


def author_described(scene: Scene, _: Tables) -> str | None:
    """The sentence says what the author is or does: "the author teaches at"; guests and contributors end so."""
    if scene.region in _OUTSIDE_TEXT or scene.region is Region.COMMENT:
        return None
    said = scene.near.get("writer") or scene.block.get("writer")
    return said if said and len(scene.words.split()) < _NOTE_WORDS else None


def byline_beside(scene: Scene, _: Tables) -> str | None:
    return scene.lead.get("author") or (scene.owner.get("author") if scene.region is Region.BIO else None)


def author_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.close & _AUTHOR_MARKUP
    return min(found) if found else None


def author_address(scene: Scene, tables: Tables) -> str | None:
    """The page names the target's site as its author's."""
    if not scene.page.author_urls or tables.is_platform(scene.host):
        return None
    site = site_of(scene.host)
    return next((url for url in scene.page.author_urls if site_of(host_of(url)) == site), None)


def author_name_in_target(scene: Scene, _: Tables) -> str | None:
    """The target bears two of the author's names, one as a word of its own, or a long one at either end."""
    if not scene.page.author:
        return None
    label = scene.target.name
    names = _NAME.findall(scene.page.author.casefold())
    held = [name for name in names if name in label and name not in scene.page_label]
    if not held:
        return None
    if len(set(held)) > 1:
        return " ".join(held)
    parts = scene.label.split("-")
    return next((name for name in held if len(name) >= MIN_BRAND and _stands_out(name, label, parts)), None)


def _stands_out(name: str, label: str, parts: list[str]) -> bool:
    at_end = label.startswith(name) or label.endswith(name)
    return name in parts or (len(name) >= FREE_BRAND and at_end)


def last_words(scene: Scene, _: Tables) -> str | None:
    """The block ends the main text: where contributors are introduced."""
    if scene.region is not Region.BODY:
        return None
    block = scene.placement.context.block
    return "last block of the main text" if len(block) > 40 and scene.page.tail.endswith(block[-40:]) else None


SIGNALS = {
    "guest-label": guest_label,
    "guest-beside": guest_beside,
    "in-bio": in_bio,
    "bio-beside": bio_beside,
    "author-introduced": author_introduced,
    "author-described": author_described,
    "byline-beside": byline_beside,
    "author-markup": author_markup,
    "author-address": author_address,
    "author-name-in-target": author_name_in_target,
    "last-words": last_words,
}
