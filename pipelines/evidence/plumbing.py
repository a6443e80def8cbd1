"""Page furniture that nobody acquired: share buttons, profiles, the source's own pages at vendors, raw files."""

import re

from linkcrawler.domains import site_of
from linkcrawler.vocabulary import Region
from pipelines.evidence.citation import runs
from pipelines.evidence.crediting import LICENCE_HOSTS, badge_host
from pipelines.evidence.hosts import MIN_BRAND, bears, holds_any, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.services import FAMILY, OUTSIDE_TEXT
from pipelines.evidence.tables import Tables
from pipelines.evidence.user_content import is_embed

_SHARE_MARKUP = frozenset(
    (
        "share",
        "sharing",
        "social",
        "sharer",
        "socials",
        "socialmedia",
        "addtoany",
        "addthis",
        "sharedaddy",
        "socialicons",
        "follow",
        "followus",
        "shariff",
        "teilen",
        "rss",
        "feed",
        "bookmark",
        "bookmarks",
        "socialbookmarks",
        "sociable",
        "ssba",
        "a2a",
        "facebook",
        "twitter",
        "instagram",
        "youtube",
        "pinterest",
        "whatsapp",
        "telegram",
        "newsletter",
        "login",
    )
)
_FORM_MARKUP = frozenset(
    (
        "respond",
        "commentform",
        "captcha",
        "recaptcha",
        "cookie",
        "cookies",
        "consent",
        "borlabs",
        "gdpr",
        "noscript",
        "modal",
        "dialog",
        "cookiebar",
        "cmp",
        "onetrust",
        "javascript",
        "nojs",
        "adblock",
        "searchform",
        "formulaire",
    )
)
_PLATFORM_NAMES = re.compile(
    r"facebook|twitter|instagram|you ?tube|pinterest|linked ?in|tik ?tok|telegram|whatsapp|bloglovin|flickr|tumblr|"
    r"vkontakte|вконтакте|snapchat|soundcloud|spotify|google\+|xing|mastodon|\brss\b|threads|bluesky"
)
_PLATFORM_PARTS = (
    "facebook", "twitter", "instagram", "tube", "pinterest", "linked", "tok", "telegram", "whatsapp", "bloglovin",
    "flickr", "tumblr", "vkontakte", "вконтакте", "snapchat", "soundcloud", "spotify", "google+", "xing", "mastodon",
    "rss", "threads", "bluesky",
)  # fmt: skip
"""One of these is in every such name: looking for them first takes a fifth of the time."""
_LABEL_WORDS = 5
"""A button says little; a headline in a feed box says more."""
_ROW_CHARS = 120
_PROFILE = re.compile(r"^/(?:@[\w.-]{2,}|(?:u|users?|profile|profiles|people)/[\w.-]{2,})/?$")
_MAP = re.compile(
    r"^(?:www\.)?(?:goo\.gl/maps|maps\.app\.goo\.gl|(?:maps\.)?google\.[a-z.]{2,6}/maps|maps\.google\.|bing\.com/maps|"
    r"openstreetmap\.org|yandex\.[a-z]{2,3}/maps|mapy\.cz|map\.naver|2gis\.|maps\.apple\.com|waze\.com/ul)"
)
_LICENCE_PATH = re.compile(r"/licen[sc]es?(?:[/.-]|$)")
_ADDRESS_KEYS = ("url", "u", "link", "uri", "href", "story", "bookmark", "text", "status")
"""Where a share or bookmark address carries the page that it is about."""


def shares_this_page(scene: Scene, tables: Tables) -> str | None:
    """The address carries the page's own: a share, bookmark or validate button; a seal names whom it rates."""
    if scene.label == scene.page_label:
        return None
    said = _said_of_page(scene)
    return None if said and badge_host(scene, tables) else said


def _said_of_page(scene: Scene) -> str | None:
    if scene.page_host and scene.page_host in scene.target.carried:
        return "the page's own address in the link"
    query = scene.target.handed_over
    if not query:
        return None
    last = scene.page_path.rstrip("/").rpartition("/")[2]
    return "the page's own path in the link" if len(last) > 7 and last in query.lower() else None


def share_endpoint(scene: Scene, tables: Tables) -> str | None:
    if found := tables.share_hosts.match(scene.host, scene.path):
        return found
    hands_over = any(key in scene.query for key in _ADDRESS_KEYS)
    if hands_over or tables.social.match(scene.host):
        found_path = tables.share_paths.search(scene.placement.target_url)
        return found_path.group() if found_path else None
    return None


def share_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.close & _SHARE_MARKUP
    if not found or is_embed(scene) or len(scene.placement.anchor.split()) > _LABEL_WORDS:
        return None
    return min(found)


def in_form(scene: Scene, _: Tables) -> str | None:
    """Words of the page's own forms, consent boxes and error notices; about a menu such words are the whole page's."""
    if scene.region not in (Region.OTHER, Region.HEADER, Region.SIDEBAR):
        return None
    found = (scene.close if scene.region is Region.SIDEBAR else scene.markup) & _FORM_MARKUP
    return min(found) if found else None


def among_profiles(scene: Scene, _: Tables) -> str | None:
    """Its neighbours are the names of social platforms."""
    context = scene.placement.context
    if context.sentence and len(context.sentence) > _ROW_CHARS:
        return None
    around = f"{context.before[-60:]} {context.after[:60]}".lower()
    if not holds_any(around, _PLATFORM_PARTS):
        return None
    found = sorted(set(_PLATFORM_NAMES.findall(around)))
    return ", ".join(found) if len(found) > 1 else None


def profile_address(scene: Scene, tables: Tables) -> str | None:
    """Outside the text, an account's address on a network that is not listed: ``/@name``, ``/u/name``."""
    if scene.region not in OUTSIDE_TEXT or scene.same_site or tables.social.match(scene.host):
        return None
    found = _PROFILE.match(scene.path)
    return found.group() if found and not any(ask(scene, tables) for ask in FAMILY) else None


def place_on_map(scene: Scene, _: Tables) -> str | None:
    """A map of an address, linked from the furniture: the page's own place."""
    if scene.region not in OUTSIDE_TEXT:
        return None
    found = _MAP.search(scene.host + scene.path.lower())
    return found.group() if found else None


def licence_link(scene: Scene, _: Tables) -> str | None:
    """The licence of the page's text, in its furniture."""
    if scene.region in (Region.BODY, Region.LIST, Region.COMMENT) or scene.same_site:
        return None
    if "license" in scene.placement.rel:
        return 'rel="license"'
    if site_of(scene.host) in LICENCE_HOSTS:
        return scene.host
    found = _LICENCE_PATH.search(scene.path.lower())
    return found.group() if found else None


def authority_outside_text(scene: Scene, tables: Tables) -> str | None:
    """A public body linked from the furniture of a page that is none: files, complaints, hotlines, funders."""
    if scene.region not in OUTSIDE_TEXT or not tables.reference_labels.search(scene.host):
        return None
    return None if tables.reference_labels.search(scene.page_host) else scene.host


def rel_tag(scene: Scene, _: Tables) -> str | None:
    """The page files itself under a word, at a site that collects such pages."""
    return 'rel="tag"' if "tag" in scene.placement.rel and not scene.same_site else None


def share_words(scene: Scene, _: Tables) -> str | None:
    return scene.anchor.get("share")


def share_heading(scene: Scene, _: Tables) -> str | None:
    """Under "follow us", "get the app" and the like."""
    return scene.lead.get("share") or scene.heading.get("share") if scene.region in OUTSIDE_TEXT else None


def own_profile(scene: Scene, tables: Tables) -> str | None:
    """A profile on a platform that bears the page's name or its author's (rule 11)."""
    if not tables.social.match(scene.host):
        return None
    address = scene.placement.target_url.partition("://")[2][:300]
    if len(squeeze(scene.page_label)) >= MIN_BRAND and bears(address, scene.page_label):
        return scene.page_label
    author = scene.page.author
    return author if len(squeeze(author)) > MIN_BRAND and bears(address, author) else None


def social_outside_text(scene: Scene, tables: Tables) -> str | None:
    """A profile on a social platform, linked from furniture or by a picture."""
    found = tables.social.match(scene.host)
    return found if found and (scene.region in OUTSIDE_TEXT or scene.placement.image) else None


def social_in_text(scene: Scene, tables: Tables) -> str | None:
    found = tables.social.match(scene.host)
    return found if found and scene.region not in OUTSIDE_TEXT and not scene.placement.image else None


def vendor_host(scene: Scene, tables: Tables) -> str | None:
    """Newsletter, help desk, jobs, tickets, forms, payments, apps, podcasts; in a running sentence it is a subject."""
    found = tables.vendors.match(scene.host, scene.path)
    return found if found and not _spoken_of(scene) else None


def technical_host(scene: Scene, tables: Tables) -> str | None:
    found = tables.technical.match(scene.host, scene.path)
    if not found or (_spoken_of(scene) and not scene.query and not scene.placement.hidden):
        return None
    return found


def _spoken_of(scene: Scene) -> bool:
    """Words of a sentence of the text or of a user: whoever wrote them means the target; "sign up" is a button."""
    asks = "account" in scene.anchor or "share" in scene.anchor
    return scene.region in (Region.BODY, Region.COMMENT) and runs(scene) and not asks


def media_file(scene: Scene, tables: Tables) -> str | None:
    """A picture or sound file, shown rather than pointed at."""
    if tables.media_files.search(scene.placement.target_url):
        return scene.path.rpartition("/")[2][:60]
    return tables.media_hosts.match(scene.host, scene.path) or None


def feed(scene: Scene, _: Tables) -> str | None:
    path = scene.path.lower()
    return scene.path[:60] if path.endswith((".rss", ".xml", "/feed", "/feed/", "/rss")) or "/feeds/" in path else None


def empty_anchor(scene: Scene, _: Tables) -> str | None:
    placement = scene.placement
    return "no words, no picture" if not placement.anchor and not placement.image and not placement.title else None


def hidden(scene: Scene, _: Tables) -> str | None:
    return "not shown" if scene.placement.hidden else None


SIGNALS = {
    "shares-this-page": shares_this_page,
    "share-endpoint": share_endpoint,
    "share-markup": share_markup,
    "in-form": in_form,
    "among-profiles": among_profiles,
    "profile-address": profile_address,
    "place-on-map": place_on_map,
    "licence-link": licence_link,
    "authority-outside-text": authority_outside_text,
    "rel-tag": rel_tag,
    "share-words": share_words,
    "share-heading": share_heading,
    "own-profile": own_profile,
    "social-outside-text": social_outside_text,
    "social-in-text": social_in_text,
    "vendor-host": vendor_host,
    "technical-host": technical_host,
    "media-file": media_file,
    "feed": feed,
    "empty-anchor": empty_anchor,
    "hidden": hidden,
}
