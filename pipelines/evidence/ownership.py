"""Both ends in one hand, as far as the page alone shows it: shared names, the copyright line, the furniture."""

import re
from functools import lru_cache

from linkcrawler.domains import site_of
from linkcrawler.vocabulary import Region
from pipelines.evidence.citation import runs
from pipelines.evidence.crediting import is_maker
from pipelines.evidence.hosts import MIN_BRAND, bears, shared_stem, squeeze
from pipelines.evidence.lists import arranged
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_CONTENTS = frozenset(("toc", "tableofcontents", "tablecontents", "contentslist"))
_FURNITURE = (Region.NAV, Region.HEADER, Region.FOOTER)
_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_FAMILY_HEADING = re.compile(
    r"(?i)^(?!.*\b(?:useful|favou?rite|friend\w*|related|recommended|partner|other|external|good) (?:web)?sites$)"
    r"(?:\S+ ){1,3}(?:(?:web)?sites|brands|titles|networks?|publications|magazines)$"
)
"""A name and what it owns: "Other Harbour Sites"."""
_FAMILY_ENDS = ("sites", "brands", "titles", "network", "networks", "publications", "magazines")
_SHORT_BRAND = 3
"""Shorter names than MIN_BRAND count where they stand as a word of their own."""
_STEM = 5
"""Letters that two names must share to look like one family (``harbourpost`` and ``harbourshop``)."""


def same_site(scene: Scene, _: Tables) -> str | None:
    return site_of(scene.host) if scene.same_site else None


def same_name(scene: Scene, tables: Tables) -> str | None:
    """The same name under another ending."""
    if scene.same_site or scene.label != scene.page_label or tables.is_platform(scene.host):
        return None
    return scene.label


def name_within(scene: Scene, tables: Tables) -> str | None:
    """One name contains the other, or they share a hyphenated part."""
    one, other = scene.target.name, squeeze(scene.page_label)
    if one == other:
        return None
    name, long = (one, scene.page_label) if len(one) <= len(other) else (other, scene.label)
    borne = len(name) >= MIN_BRAND and bears(long, name, tables.news_words)
    if not borne and "-" not in scene.label and "-" not in scene.page_label:
        return None
    if tables.is_platform(scene.host) or _is_about(scene):
        return None
    if borne:
        return name
    parts = set(scene.label.split("-")) & set(scene.page_label.split("-"))
    return next(
        (part for part in sorted(parts, key=len, reverse=True) if len(part) > 1 and part not in tables.news_words), None
    )


def _is_about(scene: Scene) -> bool:
    """Named after the place or body that the text points at: ``roses-berlin`` is not Berlin's."""
    return scene.region in (Region.BODY, Region.LIST) and scene.page_label.endswith(f"-{scene.label}") and runs(scene)


def name_stem(scene: Scene, tables: Tables) -> str | None:
    """The two names share a long run of letters at an end of a word, which is no common news word."""
    one, other = scene.target.name, squeeze(scene.page_label)
    stem = shared_stem(min(one, other), max(one, other), _STEM)
    if not stem or len(stem) * 2 < min(len(one), len(other)) or stem in (one, other):
        return None
    if stem in tables.news_words or scene.label == scene.page_label or tables.is_platform(scene.host):
        return None
    return stem if _at_edge(stem, scene.label) and _at_edge(stem, scene.page_label) else None


def _at_edge(stem: str, label: str) -> bool:
    """Whether a part of the label begins or ends with the stem: within a word it stands by chance."""
    return any(part.startswith(stem) or part.endswith(stem) for part in (*label.split("-"), squeeze(label)))


def name_in_host(scene: Scene, tables: Tables) -> str | None:
    """The page's name stands in a sub-domain of the target: a service run for the page by somebody else."""
    sub = scene.target.subdomain
    if not sub or scene.same_site:
        return None
    return sub if any(bears(sub, name) for name in scene.page_names) else None


def name_in_address(scene: Scene, _: Tables) -> str | None:
    """The page's name stands in the target's path or query: the page's own profile, shop or account there."""
    if scene.same_site or len(scene.page_label) < _SHORT_BRAND:
        return None
    tail = scene.target.beyond_host
    if len(squeeze(scene.page_label)) < MIN_BRAND:
        return scene.page_label if scene.page_label in _WORD.findall(tail) else None
    return scene.page_label if bears(tail, scene.page_label) else None


def copyright_names_target(scene: Scene, _: Tables) -> str | None:
    label, line = scene.target.name, scene.page.copyright
    if not line or len(label) < MIN_BRAND or label == squeeze(scene.page_label) or not bears(line, label):
        return None
    # Themes and agencies sign the same line.
    return None if "credit" in scene.near or "credit" in scene.block or is_maker(scene.label) else line[:80]


def holder_in_target(scene: Scene, tables: Tables) -> str | None:
    """Two words of the copyright line are in the target's name: the holder's own site."""
    if not scene.page.copyright:
        return None
    label = scene.target.name
    held = [word for word in _holder(scene.page.copyright) if word in label and word not in scene.page_label]
    if len(held) < 2 or sum(map(len, held)) * 2 < len(label) or is_maker(scene.label):
        return None
    other = scene.label == scene.page_label or "credit" in scene.near or tables.is_platform(scene.host)
    return None if other else " ".join(held)


@lru_cache(maxsize=1 << 12)
def _holder(line: str) -> tuple[str, ...]:
    """The words of a copyright line, squeezed and sorted; the pages of a site share it."""
    return tuple(sorted({squeeze(word) for word in _LETTERS.findall(line)}))


def publisher_names_target(scene: Scene, _: Tables) -> str | None:
    label = scene.target.name
    if len(label) < MIN_BRAND or label == squeeze(scene.page_label):
        return None
    for name in (scene.page.publisher, scene.page.site_name):
        if name and bears(name, label):
            return None if _is_about(scene) else name
    return None


def site_named_in_anchor(scene: Scene, tables: Tables) -> str | None:
    """The anchor carries the page's own name though the link leads elsewhere."""
    brand, anchor = squeeze(scene.page_label), scene.placement.anchor
    if len(brand) < MIN_BRAND or scene.same_site or not bears(anchor, brand):
        return None
    return None if tables.is_platform(scene.host) else anchor[:60]


def in_copyright_line(scene: Scene, _: Tables) -> str | None:
    block = scene.placement.context.block
    if len(block) >= 400:
        return None
    folded = block.lower()
    return block[:80] if "©" in block or "(c)" in folded or "copyright" in folded else None


def in_navigation(scene: Scene, tables: Tables) -> str | None:
    """Not in the table of contents of an article, which repeats the headings of its links; not in a labelled row."""
    if scene.region is not Region.NAV or tables.is_platform(scene.host) or scene.markup & _CONTENTS:
        return None
    if arranged(scene, tables):
        return None
    return scene.placement.region_rule or "nav"


def in_header(scene: Scene, tables: Tables) -> str | None:
    """Not in a row under a label of its own."""
    if scene.region is not Region.HEADER or tables.is_platform(scene.host) or arranged(scene, tables):
        return None
    return scene.placement.region_rule or "header"


def in_footer(scene: Scene, tables: Tables) -> str | None:
    """Not under a heading that says partners, link exchange or blogs to read: it tells more than the place."""
    if scene.region is not Region.FOOTER or tables.is_platform(scene.host):
        return None
    if "exchange" in scene.heading or "blogroll" in scene.heading or arranged(scene, tables):
        return None
    return scene.placement.region_rule or "footer"


def in_sidebar(scene: Scene, _: Tables) -> str | None:
    """Not under a heading that says sources: it tells more than the place."""
    if scene.region is not Region.SIDEBAR or "reference" in scene.heading or "source" in scene.heading:
        return None
    return scene.placement.region_rule or "sidebar"


def front_page_in_menu(scene: Scene, tables: Tables) -> str | None:
    """A menu item that leads to the front page of a site that bears another name and is no platform."""
    if scene.region not in (Region.NAV, Region.HEADER) or scene.path.strip("/") or scene.query:
        return None
    kin = scene.same_site or any(ask(scene, tables) for ask in (same_name, name_within, name_stem))
    return None if kin or tables.is_platform(scene.host) else scene.host


def in_teasers(scene: Scene, _: Tables) -> str | None:
    return scene.placement.region_rule or "related" if scene.region is Region.RELATED else None


def group_words(scene: Scene, _: Tables) -> str | None:
    """The page speaks of its family: our brands, our other sites; within prose "part of the" is about others."""
    headings = scene.placement.context.heading
    if scene.region in _FURNITURE and headings and (found := _family_heading(headings[-1].strip())):
        return found
    said = scene.heading.get("group") or scene.near.get("group") or scene.anchor.get("group")
    return None if said and scene.region in (Region.BODY, Region.LIST) and runs(scene) else said


def _family_heading(heading: str) -> str:
    if heading.isascii() and not heading.lower().endswith(_FAMILY_ENDS):
        return ""
    found = _FAMILY_HEADING.match(heading)
    return found.group() if found else ""


def own_words(scene: Scene, _: Tables) -> str | None:
    """First person possession: my book, our shop, I founded; not where it is the target's name ("Kill My App")."""
    found = scene.near.get("own") or scene.heading.get("own") or scene.anchor.get("own")
    return None if not found or squeeze(found) in scene.target.name else found


def shop_anchor(scene: Scene, tables: Tables) -> str | None:
    """A bare "Shop" among the page's own menu items."""
    if scene.region in _FURNITURE and not tables.retail.match(scene.host):
        return scene.anchor.get("shop")
    return None


def legal_anchor(scene: Scene, _: Tables) -> str | None:
    return scene.anchor.get("legal")


def account_anchor(scene: Scene, _: Tables) -> str | None:
    return scene.anchor.get("account")


SIGNALS = {
    "same-site": same_site,
    "same-name": same_name,
    "name-within": name_within,
    "name-stem": name_stem,
    "name-in-host": name_in_host,
    "name-in-address": name_in_address,
    "copyright-names-target": copyright_names_target,
    "holder-in-target": holder_in_target,
    "publisher-names-target": publisher_names_target,
    "site-named-in-anchor": site_named_in_anchor,
    "in-copyright-line": in_copyright_line,
    "in-navigation": in_navigation,
    "in-header": in_header,
    "in-footer": in_footer,
    "in-sidebar": in_sidebar,
    "front-page-in-menu": front_page_in_menu,
    "in-teasers": in_teasers,
    "group-words": group_words,
    "own-words": own_words,
    "shop-anchor": shop_anchor,
    "legal-anchor": legal_anchor,
    "account-anchor": account_anchor,
}
