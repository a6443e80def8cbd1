"""Releases: text that the issuer wrote and the page took over."""

import re

from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import MIN_BRAND, bears, holds_any
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_PATH = re.compile(
    r"press-?releases?|press-?room|newswire|pressemitteilung|pressemeldung|presse-?info|medienmitteilung|"
    r"(?:^|[/_-])(?:communiques?|comunicat(?:[oei]s?|s)?|nota-de-prensa)(?:[/_.-]|$)"
)
_DATELINE = re.compile(
    r"(?:^|\s)(?:"
    # CITY, Month D, YYYY /wire/ --
    r"[A-Z][A-Za-z.\u00c0-\u017f -]{2,30},\s[^–—-]{3,40}(?:19|20)\d\d\s?"
    r"(?:\([^)]{3,40}\)|/[^/]{3,40}/)?\s?(?:--|–|—|-)\s"
    r"|\((?:BUSINESS WIRE|GLOBE NEWSWIRE|PRNewswire|Newswire|ots)\)|/PRNewswire|\(?ots\)? -)"
)
_DATED = ("19", "20", "wire)", "WIRE)", "/PRNewswire", "ots)", "ots -")
"""Of a year or the name of a wire each dateline has one of these."""
_TEXT = (Region.BODY, Region.LIST, Region.OTHER)


def release_address(scene: Scene, _: Tables) -> str | None:
    found = _PATH.search(scene.page_path) if scene.region in _TEXT else None
    return found.group() if found else None


def release_words(scene: Scene, _: Tables) -> str | None:
    if scene.region not in _TEXT:
        return None
    return scene.title.get("press") or scene.notice.get("press")


def release_contact(scene: Scene, _: Tables) -> str | None:
    """Press contact or boilerplate about the issuer, beside the link or at the end of the text."""
    if scene.region not in _TEXT:
        return None
    return scene.near.get("press") or scene.block.get("press") or scene.tail.get("press")


def dateline(scene: Scene, _: Tables) -> str | None:
    if scene.region not in _TEXT:
        return None
    lead = scene.page.lead[:250]
    found = _DATELINE.search(lead) if holds_any(lead, _DATED) else None
    return found.group().strip() if found else None


def release_names_target(scene: Scene, tables: Tables) -> str | None:
    """The page is a release, and its title or first words name the target."""
    if scene.region not in _TEXT:
        return None
    label = scene.target.name.rstrip("0123456789")
    if len(label) < MIN_BRAND or not (bears(scene.page.title, label) or bears(scene.page.lead[:300], label)):
        return None
    return scene.label if any(ask(scene, tables) for ask in (release_words, release_address, dateline)) else None


SIGNALS = {
    "release-address": release_address,
    "release-words": release_words,
    "release-contact": release_contact,
    "dateline": dateline,
    "release-names-target": release_names_target,
}
