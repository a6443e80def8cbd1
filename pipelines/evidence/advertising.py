"""Affiliate and advertising links, told by their address, their anchor and the box they stand in."""

from urllib.parse import urljoin

from linkcrawler.domains import site_of
from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import HostSet, host_of, path_of, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_AD_MARKUP = frozenset(
    [
        "ad",
        "ads",
        "adv",
        "advert",
        "adverts",
        "advertisement",
        "advertising",
        "adbox",
        "adunit",
        "adsense",
        "adslot",
        "adspace",
        "banner",
        "banners",
        "sponsor",
        "sponsored",
        "sponsors",
        "promo",
        "promotion",
        "reklama",
        "reklam",
        "werbung",
        "anzeige",
        "anzeigen",
        "publicidad",
        "publicite",
        "pubblicita",
        "publicidade",
        "outbrain",
        "taboola",
        "dfp",
        "gpt",
        "mpu",
        "leaderboard",
        "skyscraper",
        "billboard",
        "adcontainer",
        "advads",
        "adrotate",
        "adzone",
        "bannergroup",
        "banneritem",
        "advertorial",
        "partnerads",
        "kooperation",
    ]
)
STEM_CHARS = 6
"""Letters by which two forms of a word are taken for one."""
_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "mtm_campaign", "pk_campaign")
_TAG_KEYS = ("tag", "t", "ref", "associatetag")


def affiliate_network(scene: Scene, tables: Tables) -> str | None:
    """The link, or a redirector it passes through, belongs to an affiliate network."""
    return _listed(scene, tables.networks)


def affiliate_key(scene: Scene, tables: Tables) -> str | None:
    for key, value in scene.query.items():
        if key in tables.affiliate_keys and len(value) > 1:
            return f"{key}={value[:40]}"
    return None


def affiliate_tag(scene: Scene, tables: Tables) -> str | None:
    """A merchant's associate tag: ``tag=name-20``."""
    for key in _TAG_KEYS:
        if tables.tags.match(scene.query.get(key, "")):
            return f"{key}={scene.query[key]}"
    return None


def affiliate_path(scene: Scene, tables: Tables) -> str | None:
    """Path of affiliate software, on the way or at the end; that of a link cloaker on the page's own site."""
    for path in (scene.path, *map(path_of, scene.placement.via)):
        if found := tables.affiliate_paths.search(path):
            return found.group()
    for url in _way(scene):
        if site_of(host_of(url)) == site_of(scene.page_host) and (found := tables.cloaker_paths.search(path_of(url))):
            return found.group()
    return None


def _way(scene: Scene) -> tuple[str, ...]:
    """The addresses that a reader passes through; without the target's, which cannot be where it stands elsewhere."""
    placement = scene.placement
    href = placement.href
    if href == placement.target_url and not scene.same_site:
        return placement.via
    absolute = href if href.startswith(("https://", "http://")) else urljoin(scene.page.url, href)
    return (absolute, *placement.via)


def courtesy_key(scene: Scene, tables: Tables) -> str | None:
    """``ref=`` and its like name whoever sends the reader: a programme, or politeness; ``wplogin`` is the software."""
    for key, value in scene.query.items():
        if key in tables.weak_keys and value and value != "wplogin":
            return f"{key}={value[:40]}"
    return None


def keyed_shop(scene: Scene, tables: Tables) -> str | None:
    """At a shop with a programme the weak keys are its affiliates'."""
    return courtesy_key(scene, tables) if tables.retail.match(scene.host) else None


def offer_anchor(scene: Scene, _: Tables) -> str | None:
    return scene.anchor.get("offer")


def exact_match_anchor(scene: Scene, tables: Tables) -> str | None:
    """Plain words for goods as the anchor, all of which the target's address repeats: written for search engines."""
    if scene.region is not Region.BODY:
        return None
    anchor = scene.placement.anchor
    if not anchor.islower() or len(anchor) > 40 or not scene.path.strip("/"):
        return None
    words = [word for word in anchor.split() if len(word) > 3]
    address = scene.placement.target_url.partition("://")[2].lower()
    if not words or not all(word[:STEM_CHARS] in address for word in words):
        return None
    return None if scene.target.name in squeeze(anchor) or tables.is_platform(scene.host) else anchor


def offer_beside(scene: Scene, _: Tables) -> str | None:
    return None if "offer" in scene.anchor else scene.lead.get("offer") or scene.near.get("offer")


def shop_product(scene: Scene, tables: Tables) -> str | None:
    found = tables.retail.match(scene.host)
    return found or None


def ad_host(scene: Scene, tables: Tables) -> str | None:
    return _listed(scene, tables.ad_hosts)


def ad_path(scene: Scene, tables: Tables) -> str | None:
    for url in (scene.placement.href, *scene.placement.via):
        if found := tables.ad_paths.search(url):
            return found.group()
    return None


def ad_key(scene: Scene, tables: Tables) -> str | None:
    for key, value in scene.query.items():
        if key in tables.ad_keys and value:
            return f"{key}={value[:40]}"
    return None


def utm_paid(scene: Scene, tables: Tables) -> str | None:
    return _utm(scene, tables, paid=True)


def utm_template(scene: Scene, tables: Tables) -> str | None:
    return _utm(scene, tables, paid=False)


def utm_names_page(scene: Scene, _: Tables) -> str | None:
    """The address is tagged with the page's own name: somebody prepared it for this place."""
    if not scene.query:
        return None
    brand = squeeze(scene.page_label)
    for key, value in scene.query.items():
        if brand and (key in _UTM or key in ("ref", "source", "branding", "from")) and brand in squeeze(value):
            return f"{key}={value[:40]}"
    return None


def utm_other(scene: Scene, _: Tables) -> str | None:
    for key in _UTM:
        if scene.query.get(key):
            return f"{key}={scene.query[key][:40]}"
    return None


def ad_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.close & _AD_MARKUP
    return min(found) if found else None


def ad_region(scene: Scene, _: Tables) -> str | None:
    return scene.placement.region_rule or "ad" if scene.region is Region.AD else None


def ad_image(scene: Scene, _: Tables) -> str | None:
    """A picture that leads out, in a box for advertising."""
    if scene.placement.image and (scene.region is Region.AD or scene.close & _AD_MARKUP):
        return "picture in an advertising box"
    return None


def _listed(scene: Scene, hosts: HostSet) -> str | None:
    """The entry that holds the target's host or that of a redirector before it."""
    if found := hosts.match(scene.host, scene.path):
        return found
    return next((entry for url in scene.placement.via if (entry := hosts.match(host_of(url), path_of(url)))), None)


def _utm(scene: Scene, tables: Tables, *, paid: bool) -> str | None:
    pattern = tables.utm_paid if paid else tables.utm_template
    for key in _UTM:
        value = scene.query.get(key, "")
        if value and pattern.search(value):
            return f"{key}={value[:40]}"
    return None


SIGNALS = {
    "affiliate-network": affiliate_network,
    "affiliate-key": affiliate_key,
    "affiliate-tag": affiliate_tag,
    "affiliate-path": affiliate_path,
    "courtesy-key": courtesy_key,
    "keyed-shop": keyed_shop,
    "offer-anchor": offer_anchor,
    "exact-match-anchor": exact_match_anchor,
    "offer-beside": offer_beside,
    "shop-product": shop_product,
    "ad-host": ad_host,
    "ad-path": ad_path,
    "ad-key": ad_key,
    "utm-paid": utm_paid,
    "utm-template": utm_template,
    "utm-names-page": utm_names_page,
    "utm-other": utm_other,
    "ad-markup": ad_markup,
    "ad-region": ad_region,
    "ad-image": ad_image,
}
