"""Links that a machine set: pages made from a list of domains, mirrors of feeds, copies of pages.

Nobody acquired such a link. Where its origin is known, the detail ends with it, as ``origin: ADDRESS``: the link that
somebody set is there.
"""

import re
from urllib.parse import unquote

from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import bears, holds_any, host_of, label_of, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_TEXT = (Region.BODY, Region.LIST, Region.OTHER)
_STATS = re.compile(
    r"\bwhois\b|\b(?:web)?site (?:worth|value|stats|statistics|analysis|info|review tool|traffic)|\bwebsite analy[sz]|"
    r"\bdomain (?:info|information|stats|value|age|analysis|lookup|authority|history)|\bdns (?:records?|lookup|check)|"
    r"\breverse ip\b|\bip lookup\b|\bserver (?:location|status)|\btraffic (?:rank|stats|estimate)|"
    r"\bseo (?:score|check|audit)|\balexa rank|\bbacklink (?:check|profile)"
)
_FEED_FOOTER = re.compile(
    r"(?i)\bThe post\b.{1,200}\b(?:first )?appeared first on\b|\bDer Beitrag\b.{1,200}\berschien zuerst auf\b|"
    r"\bL['’]article\b.{1,200}\b(?:est apparu en premier sur|est apparu en premier dans)\b|"
    r"\bLa entrada\b.{1,200}\b(?:se publicó primero en|aparece primero en|apareció primero en)\b|"
    r"\bL['’]articolo\b.{1,200}\b(?:proviene da|sembra essere il primo su)\b|"
    r"\bO (?:post|conteúdo)\b.{1,200}\bapareceu primeiro em\b|\bHet bericht\b.{1,200}\bverscheen eerst op\b|"
    r"\b(?:Artykuł|Wpis)\b.{1,200}\bpochodzi z serwisu\b|\bЗапись\b.{1,200}\bвпервые появилась\b|"
    r"\bInlägget\b.{1,200}\bdök först upp på\b|\bIndlægget\b.{1,200}\bblev først udgivet på\b"
)
"""What WordPress puts below every item of its feeds, in the language of the site that it came from."""
_FEED_WORDS = (
    "appeared first on", "erschien zuerst auf", "en premier ", "primero en", "proviene da", "il primo su",
    "primeiro em", "verscheen eerst op", "pochodzi z serwisu", "впервые появилась", "först upp på", "først udgivet på",
)  # fmt: skip
"""Of these each such line has one: seen in a twentieth of the time that the expression takes."""
_ORIGIN_NAME = re.compile(
    r"(?i)(?:appeared first on|zuerst auf|en premier (?:sur|dans)|primero en|proviene da|il primo su|primeiro em|"
    r"eerst op|z serwisu|появилась|upp på|udgivet på)\s+(.{2,80}?)\.?\s*$"
)
_ARCHIVED = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(https?:/{1,2}.+)")
_ARCHIVES = ("web.archive.org", "webcache.googleusercontent.com", "archive.ph", "archive.is", "archive.today")


def stats_host(scene: Scene, tables: Tables) -> str | None:
    """The page is of a service that makes one for every domain: statistics, whois, similar sites."""
    return None if scene.region is Region.FOOTER else tables.stats.match(scene.page_host, scene.page_path) or None


def stats_page(scene: Scene, _: Tables) -> str | None:
    """The page's address or title names the target's domain, and the title says whois, traffic or worth."""
    if scene.region in (Region.FOOTER, Region.COMMENT) or scene.same_site:
        return None
    host = scene.host.removeprefix("www.")
    title = scene.page.title.lower()
    said = f"{unquote(scene.page.url.partition('://')[2].partition('/')[2]).lower()} {title}"
    if host not in said or not (found := _STATS.search(title)):
        return None
    named = re.search(rf"(?<![\w-]){re.escape(host)}(?![\w-])", said)
    return f"{found.group()}: {host}" if named else None


def feed_footer(scene: Scene, _: Tables) -> str | None:
    """The link stands in the line that feeds of blog software end with, on a page of another site than it names."""
    if scene.region not in _TEXT or scene.same_site:
        return None
    block = scene.placement.context.block
    if not _ends_feed(block):
        return None
    return f"{block[:80]}; origin: {scene.placement.target_url}"


def mirrored_feed(scene: Scene, _: Tables) -> str | None:
    """The main text ends with the line that feeds of blog software end with, which names another site."""
    if scene.region not in _TEXT:
        return None
    tail = scene.page.tail
    if not _ends_feed(tail):
        return None
    named = _ORIGIN_NAME.search(tail)
    origin = named[1] if named else ""
    own = squeeze(origin) in scene.page_names or any(bears(origin, name) for name in scene.page_names)
    return f"text from a feed; origin: {origin}" if origin and not own else None


def _ends_feed(text: str) -> bool:
    return holds_any(text.casefold(), _FEED_WORDS) and _FEED_FOOTER.search(text) is not None


def copied_page(scene: Scene, _: Tables) -> str | None:
    """The page gives an address of another site as its own: it is a copy, and so is each link of its text."""
    if scene.region not in _TEXT:
        return None
    url = scene.page.canonical_url
    host = host_of(url) if url and url != scene.page.url else ""
    if not host or label_of(host) == label_of(scene.page_host):
        return None
    names = (label_of(host), label_of(scene.page_host))
    kin = bears(names[0], names[1]) or bears(names[1], names[0])
    return None if kin or label_of(host) == scene.label else f"copy; origin: {url}"


def archived_page(scene: Scene, _: Tables) -> str | None:
    """The page is an archive's copy; the address in its own tells of what."""
    if not scene.page_host.endswith(_ARCHIVES):
        return None
    found = _ARCHIVED.search(scene.page.url)
    return f"archived copy; origin: {found[1]}" if found else "archived copy"


SIGNALS = {
    "stats-host": stats_host,
    "stats-page": stats_page,
    "feed-footer": feed_footer,
    "mirrored-feed": mirrored_feed,
    "copied-page": copied_page,
    "archived-page": archived_page,
}
