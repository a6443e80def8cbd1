"""Credits that come with software, themes, agencies, hosting, counters, seals and licensed data."""

import re

from linkcrawler.domains import site_of
from linkcrawler.vocabulary import Region
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_TEMPLATE = (Region.FOOTER, Region.SIDEBAR, Region.HEADER, Region.NAV, Region.OTHER)
_MAKER = re.compile(
    r"themes?|templates?|web-?design|design(?:s|er|agentur)?$|web(?:studio|agentur|media|werk|master|site|dev|bureau|craft)|"
    r"digital|agency|agentur|agence|studios?$|creative(?!commons)|media$|interactive|solutions?$|hosting|host$|internet|software|soft$|"
    r"it-?service|systems?$|(?:^|-)seo|cms|plugins?|webs?$|layout|marketing|pixel|codes?$|labs?$|tech$"
)
LICENCE_HOSTS = frozenset(("creativecommons.org", "opendatacommons.org", "opensource.org"))
_CREDIT_MARKUP = frozenset(
    ("credit", "credits", "poweredby", "powered", "siteinfo", "themeby", "designer", "designby", "webdesign", "madeby")
)


def is_maker(label: str) -> bool:
    """Whether a name says that its bearer makes sites, themes or software."""
    return _MAKER.search(label) is not None


def credit_beside(scene: Scene, tables: Tables) -> str | None:
    """Powered by, theme by, site by: right before the anchor or in it."""
    if "credit" not in scene.lead and "credit" not in scene.anchor:
        return None
    if scene.region in (Region.BODY, Region.LIST, Region.COMMENT) and len(scene.words.split()) > _SHORT:
        return None
    if "credit" in scene.lead:
        made = not tables.technical.match(scene.host, scene.path) and site_of(scene.host) not in LICENCE_HOSTS
        return scene.lead["credit"] if made else None
    signs = tables.software.match(scene.host) or tables.vendors.match(scene.host)
    if scene.region is Region.COMMENT and len(scene.words.split()) > _SHORT_LINE and not signs:
        return None
    if scene.region in (Region.BODY, Region.LIST) and not (signs and scene.placement.hidden):
        return None
    return scene.anchor.get("credit")


_SHORT = 25
"""A credit line is short; in a longer text the words are ordinary prose."""
_SHORT_LINE = 8
"""Below the comments the software signs in a few words."""


def credit_in_line(scene: Scene, _: Tables) -> str | None:
    """The words stand in the same short line, not right before the anchor."""
    said = scene.near.get("credit") or scene.block.get("credit")
    if not said or "credit" in scene.lead or "credit" in scene.anchor:
        return None
    return said if len(scene.placement.context.block.split()) <= _SHORT else None


def software_host(scene: Scene, tables: Tables) -> str | None:
    if scene.region not in _TEMPLATE:
        return None
    return tables.software.match(scene.host, scene.path) or None


def badge_host(scene: Scene, tables: Tables) -> str | None:
    """A counter, ranking or seal; where its address bears the page's name, that is whom it counts or rates."""
    if tables.technical.match(scene.host, scene.path):
        return None
    return tables.badges.match(scene.host, scene.path) or None


def maker_name(scene: Scene, _: Tables) -> str | None:
    """The target's name says that it makes sites, in a place for such credits."""
    if scene.region is not Region.FOOTER:
        return None
    return scene.label if is_maker(scene.label) else None


def credit_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.close & _CREDIT_MARKUP
    return min(found) if found else None


def front_page_in_footer(scene: Scene, tables: Tables) -> str | None:
    """A lone link from the footer to somebody's front page."""
    if (
        scene.region is Region.FOOTER
        and scene.path in ("", "/")
        and not scene.query
        and not tables.is_platform(scene.host)
        and "blogroll" not in scene.heading
    ):
        return scene.host
    return None


SIGNALS = {
    "credit-beside": credit_beside,
    "credit-in-line": credit_in_line,
    "software-host": software_host,
    "badge-host": badge_host,
    "maker-name": maker_name,
    "credit-markup": credit_markup,
    "front-page-in-footer": front_page_in_footer,
}
