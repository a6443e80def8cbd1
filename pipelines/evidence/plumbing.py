"""Page furniture that nobody acquired: share buttons, profiles, the source's own pages at vendors, raw files."""

from urllib.parse import unquote

from linkcrawler.vocabulary import Region
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_SHARE_MARKUP = frozenset(
    [
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
    ]
)
_OUTSIDE_TEXT = (Region.NAV, Region.HEADER, Region.FOOTER, Region.SIDEBAR, Region.OTHER, Region.BIO, Region.RELATED)


def shares_this_page(scene: Scene, _: Tables) -> str | None:
    """The address carries the page's own address: a share, bookmark or validate button."""
    href = scene.placement.target_url
    rest = unquote(href.partition("?")[2] or href.partition(scene.host)[2])
    if scene.page_host and scene.page_host in rest:
        return "the page's own address in the link"
    last = scene.page_path.rstrip("/").rpartition("/")[2]
    return "the page's own path in the link" if len(last) > 7 and last in rest.lower() else None


def share_endpoint(scene: Scene, tables: Tables) -> str | None:
    if found := tables.share_hosts.match(scene.host, scene.path):
        return found
    if tables.social.match(scene.host) and (found_path := tables.share_paths.search(scene.placement.target_url)):
        return found_path.group()
    return None


def share_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.markup & _SHARE_MARKUP
    return min(found) if found else None


def share_words(scene: Scene, _: Tables) -> str | None:
    return scene.anchor.get("share")


def social_outside_text(scene: Scene, tables: Tables) -> str | None:
    """A profile on a social platform, linked from furniture or by a picture."""
    found = tables.social.match(scene.host)
    return found if found and (scene.region in _OUTSIDE_TEXT or scene.placement.image) else None


def social_in_text(scene: Scene, tables: Tables) -> str | None:
    found = tables.social.match(scene.host)
    return found if found and scene.region not in _OUTSIDE_TEXT and not scene.placement.image else None


def vendor_host(scene: Scene, tables: Tables) -> str | None:
    """Newsletter, help desk, jobs, tickets, forms, payments, apps, podcasts."""
    return tables.vendors.match(scene.host, scene.path) or None


def technical_host(scene: Scene, tables: Tables) -> str | None:
    return tables.technical.match(scene.host, scene.path) or None


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
    "share-words": share_words,
    "social-outside-text": social_outside_text,
    "social-in-text": social_in_text,
    "vendor-host": vendor_host,
    "technical-host": technical_host,
    "media-file": media_file,
    "feed": feed,
    "empty-anchor": empty_anchor,
    "hidden": hidden,
}
