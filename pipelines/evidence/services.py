"""The page's own services, in its furniture: plumbing at a vendor (rule 11), owned at a site of the group (rule 13)."""

import re
from functools import lru_cache

from linkcrawler.vocabulary import Region
from pipelines.evidence.crediting import badge_host
from pipelines.evidence.hosts import bears, squeeze
from pipelines.evidence.ownership import name_stem, name_within, same_name, same_site
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_SERVICE_HOST = re.compile(
    r"(?:apps?gallery|apps?|play|itunes|podcasts?|tickets?|jobs?|karriere|careers?|login|sso|accounts?|support|help|"
    r"newsletters?|abo|forms?|donate|donations?|spenden|pay|payments?|webmail|mail|status|my|auth|id|epaper|e-paper|"
    r"maps?|privacy(?:portal)?|preferences?(?:-mgr)?|consent|optout|opt-out|live|stream|embed|player)[\d-]*\d*\."
)
_GROUP_SERVICE = re.compile(
    r"(login|sso|auth|accounts?|konto|abo|abos|aboshop|offers?|subscribe|subscriptions?|shop|store|leserservice|"
    r"kundenservice|members?|registration|profile|newsletters?|jobs?|karriere|careers?|epaper|mediadaten|anzeigen|"
    r"advertis(?:e|ing)|privacy|legal|datenschutz|corporate|boutique|tienda|loja|negozio|abonnement|suscripcion)\."
)
_SERVICE_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sign-?up|register|account|donat\w*|checkout|cart|subscribe|newsletter|paylink|\w*pay|tickets?|"
    r"store/apps|apply|webmail|helpdesk|hc|maps?|opt-?out|wish-?list|wunschzettel)(?:[/.?]|$)"
)
_SERVICE_NAME = re.compile(
    r"jobs?(?:$|[-.])|^jobs?|stellen|karriere|career|recruit|ticket|billet|podcast|newsletter|e-?paper|donat|spende|"
    r"webmail|classified|obituar|traueranzeigen|loginserver|newsmemory|marketplace"
)
_CAPITALIZED = re.compile(r"\b[^\W\d_a-zà-ž][\w-]*")
SHORT_NAME = 3
_SLACK = 3
"""Hyphens that an account's name may have."""
FAMILY = (same_name, name_within, name_stem, same_site)
OUTSIDE_TEXT = (
    Region.NAV,
    Region.HEADER,
    Region.FOOTER,
    Region.SIDEBAR,
    Region.OTHER,
    Region.BIO,
    Region.RELATED,
    Region.AD,
)


def service_elsewhere(scene: Scene, tables: Tables) -> str | None:
    """A menu item for a service of the page, at a site that bears another name."""
    if scene.region not in (Region.NAV, Region.HEADER, Region.FOOTER, Region.SIDEBAR):
        return None
    said = scene.anchor.get("account") or scene.anchor.get("share")
    return said if said and not any(ask(scene, tables) for ask in (*FAMILY, service_of_group)) else None


def service_of_group(scene: Scene, tables: Tables) -> str | None:
    """A login, shop or jobs sub-domain of a site that is no known vendor and is not named after the page.

    A vendor gives its clients an address with their name; a service on its owner's own site is the group's.
    """
    if scene.region not in OUTSIDE_TEXT or scene.same_site:
        return None
    found = _GROUP_SERVICE.match(scene.host)
    if not found or tables.reference_labels.search(scene.host):
        return None
    listed = (tables.social, tables.vendors, tables.media_hosts, tables.technical, tables.share_hosts, tables.software)
    if any(hosts.match(scene.host, scene.path) for hosts in listed) or tables.badges.match(scene.host):
        return None
    named = any(bears(scene.target.subdomain, name) for name in scene.page_names)
    return found.group(1) if not named and not any(ask(scene, tables) for ask in FAMILY) else None


def service_address(scene: Scene, tables: Tables) -> str | None:
    """The address itself says login, tickets, jobs, donations, help."""
    if scene.region in (Region.BODY, Region.LIST, Region.COMMENT) and scene.placement.context.sentence:
        return None
    found = _SERVICE_HOST.match(scene.host) or _SERVICE_PATH.search(scene.path.lower())
    if not found or scene.same_site or service_of_group(scene, tables):
        return None
    return found.group().strip("./-0123456789")


def service_name(scene: Scene, _: Tables) -> str | None:
    """The target's name says jobs, tickets, classifieds: a service linked from the page's furniture."""
    if scene.region not in OUTSIDE_TEXT or scene.same_site or scene.label == scene.page_label:
        return None
    found = _SERVICE_NAME.search(scene.label)
    return found.group() if found else None


def account_of_page(scene: Scene, tables: Tables) -> str | None:
    """Outside the text, an address that bears the page's name at a site that does not: an account there (rule 11)."""
    if scene.region not in OUTSIDE_TEXT:
        return None
    named = _name_in_parts(scene)
    return named if named and not any(ask(scene, tables) for ask in (*FAMILY, badge_host)) else None


def _name_in_parts(scene: Scene) -> str | None:
    """The name of the page that a part of the address bears."""
    sub, letters = scene.target.subdomain, scene.target.letters
    parts = scene.path.split("/")[:4]
    for name in scene.page_names:
        if name not in letters:
            continue
        if bears(sub, name) or any(len(part) <= 2 * len(name) + _SLACK and bears(part, name) for part in parts):
            return name
    # Too short to be found within a word, a name or the initials of one count as a whole part of the address.
    whole = (squeeze(scene.page_label), _initials(scene.page.site_name), _initials(scene.page.publisher))
    borne = [name for name in whole if len(name) >= SHORT_NAME and (name == sub or name in parts)]
    return min(borne) if borne else None


@lru_cache(maxsize=1 << 12)
def _initials(name: str) -> str:
    return "".join(word[0] for word in _CAPITALIZED.findall(name)).lower()


SIGNALS = {
    "service-elsewhere": service_elsewhere,
    "service-of-group": service_of_group,
    "service-address": service_address,
    "service-name": service_name,
    "account-of-page": account_of_page,
}
