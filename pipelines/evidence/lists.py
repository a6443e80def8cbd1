"""Lists of links: what one gets onto by asking or paying, and what the page's author chose."""

import re

from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import MIN_BRAND, bears, holds_any, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_BLOGROLL_MARKUP = frozenset(
    (
        "blogroll",
        "linkcat",
        "linklist",
        "bloglist",
        "links",
        "widget_links",
        "linkroll",
        "freunde",
        "friends",
        "bookmarks",
        "weblinks",
    )
)
_PARTNER_MARKUP = frozenset(
    (
        "partner",
        "partners",
        "sponsor",
        "sponsors",
        "supporter",
        "supporters",
        "sponsoren",
        "clients",
        "logos",
        "footerlogos",
        "funders",
        "funder",
        "donors",
        "partenaires",
        "partenaire",
        "patrocinadores",
        "foerderer",
        "partnerlogos",
        "sponsorlogos",
    )
)
_DIRECTORY_PATH = re.compile(
    r"^(?:/[a-z]{2})?/(?:director(?:y|ies)|companies|company|listings?|products?|merchants?|shops?|vendors?|branchenbuch|"
    r"verzeichnis|annuaire|elenco|classifieds?|marketplace|anbieter|firmen)(?:/|$|-)|"
    r"/(?:business-)?(?:director(?:y|ies)|branchenbuch|annuaire|marketplace)(?:/|$)"
)
_PARTNER_PAGE = re.compile(
    r"/(?:our-|unsere-|nos-|i-nostri-)?(?:partners?|partenaires?|parceiros|partnerzy|socios|sponsors?|sponsoren|sponzori|"
    r"supporters|foerderer|members|mitglieder|patrocinadores|unterstuetzer|kooperationspartner)(?:[/.]|$)"
)
_AGENT = re.compile(
    r"(?i)\b(?:by|von|vom|durch|par|por|da|dal|dalla|door|av|af|przez|tarafından)\s+"
    r"(?:(?:the|der|die|dem|den|la|le|el|o|a|het|de)\s+|l['’])?$"
)
"""Ends right before the anchor; without room for a longer name, of which the anchor would be the object."""
_OPEN = re.compile(r"[\s'’]")
_SUPPORTS = re.compile(
    r"(?i)\b(?:supported|sponsored|funded|financed|unterstützt|gefördert|gesponsert|finanziert|soutenue?s?|financée?s?|"
    r"parrainée?s?|patrocinad[oa]s?|apoyad[oa]s?|financiad[oa]s?|sostenut[oaie]|finanziat[oaie]|sponsorizzat[oaie]|"
    r"apoiad[oa]s?|ondersteund|gesponsord|gefinancierd|wspieran\w+|sfinansowan\w+|dofinansowan\w+|sponsrad\w*|"
    r"støttet|sponsoreret|destekleniyor|desteklenmektedir)\b"
)
_TYPED_ITEM = re.compile(r"(?:^|\s)(?:\d{1,3}[.)]|[•●▪*→►»-])\s*$")
_FEED_MARKUP = frozenset(("rsswidget", "rss", "feed", "aggregator", "syndicate", "feeditem", "planet"))
_LINKS_PAGE = re.compile(
    r"/(?:(?:my|our|useful|other|interesting|related|favou?rite|external|web|nuetzliche|meine|mes|mis)[_-])?"
    r"(?:links?|liens|linkliste|enlaces|bookmarks|blogroll|resources?|favou?rites|friends|weblinks)(?:\.\w+)?(?:/|$)"
)
_EXCHANGE_MARKUP = frozenset(
    (
        "friendlink",
        "friendlinks",
        "flink",
        "flinks",
        "webring",
        "linkexchange",
        "yqlj",
        "youlian",
    )
)
_ROW_CHARS = 160
"""A label without markup of its own still speaks for the links this far after it."""
_PARTNER_ROW = re.compile(
    r"(?i)(?<!\w)(?:(?:\w+-)?partner(?:seiten|portale|firmen|vereine)|medienpartner|kooperationspartner|unsere partner|"
    r"partner (?:web ?)?sites|(?:our|media|official) (?:partners|sponsors)|(?:sites|services|nos) partenaires|"
    r"partenaires (?:officiels|médias)|siti partner|i nostri (?:partner|sponsor)|"
    r"nuestros (?:socios|aliados|patrocinadores)|medios (?:asociados|aliados)|(?:nossos|sites) parceiros|"
    r"onze (?:partners|sponsoren)|mediapartners|"
    r"nasi partnerzy|partnerzy serwisu|patroni medialni|наши партн[её]ры|våra partners|samarbetspartners|"
    r"vores partnere|samarbejdspartnere|naši partneři|mediální partneři|iş ortaklarımız|"
    r"in (?:kooperation|zusammenarbeit|partnerschaft) mit|in (?:cooperation|collaboration|partnership) with|"
    r"en (?:collaboration|partenariat|coopération) avec|en colaboración con|in collaborazione con|em parceria com|"
    r"in samenwerking met|we współpracy z|i samarbete med|i samarbejde med|ve spolupráci s)(?!\w)|"
    r"提携サイト|協賛企業|合作伙伴|合作夥伴|合作媒体|战略合作|협력사|제휴사"
)
_PARTNER_PARTS = (
    "partn", "parten", "parce", "парт", "cooperation", "collabor", "kooperation", "zusammenarbeit", "colabora",
    "socios", "aliados", "patrocinadores", "asociados", "sponsor", "coopération", "samenwerking", "współpracy",
    "patroni", "samarb", "spolupráci", "ortakları", "提携", "協賛", "合作", "협력", "제휴",
)  # fmt: skip
"""One of these is in whatever the expression finds."""
_EXCHANGE_ROW = re.compile(
    r"友情链接|友情連結|友情连接|友链|友鏈|交换链接|相互リンク|リンク交換|링크 교환|"
    r"(?i:(?<!\w)(?:link exchange|link ?partners?|friendly links|linktausch|linkpartner|partnerlinks|liens partenaires|"
    r"échanges? de liens|intercambio de enlaces|scambio link|troca de links|linkruil|wymiana link\w+|обмен ссылками|"
    r"друзья сайта|länkbyte|linkbytte|výměna odkazů|link değişimi|dost siteler)(?!\w))"
)
_EXCHANGE_PARTS = (
    "链", "鏈", "連結", "连接", "リンク", "링크", "link", "liens", "enlaces", "ссылк", "друзья", "länk", "odkaz",
    "dost ",
)  # fmt: skip
_BLOGROLL_ROW = re.compile(
    r"(?i)(?<!\w)(?:blog ?roll|blogs amis|linkliste|(?:useful|favou?rite|my) links|nützliche links|liens utiles|"
    r"enlaces (?:útiles|de interés)|link utili|links úteis|nuttige links|przydatne linki|полезные ссылки|"
    r"användbara länkar|nyttige links|užitečné odkazy|faydalı linkler)(?!\w)|リンク集|相关链接|관련 링크"
)
_BLOGROLL_PARTS = ("blog", "link", "liens", "enlaces", "ссылк", "länk", "odkaz", "リンク", "链接", "링크")
_RING = re.compile(r"(?i)webring|ringsurf|[?;&]ring=")
_ROWS = (Region.FOOTER, Region.SIDEBAR, Region.NAV, Region.HEADER, Region.OTHER)
_NAMED_CHARS = 80
_FURNITURE = (Region.NAV, Region.HEADER, Region.FOOTER, Region.AD, Region.RELATED, Region.COMMENT)
_BY_SHAPE = ("shape:box-of-links", "place:page-start")
_BESIDE = (Region.SIDEBAR, Region.RELATED, Region.OTHER, Region.LIST)
_REFERENCES = (Region.BODY, Region.LIST, Region.OTHER, Region.SIDEBAR)
_LISTS = (Region.LIST, Region.BODY, Region.SIDEBAR, Region.OTHER, Region.FOOTER, Region.RELATED)


def blogroll_heading(scene: Scene, _: Tables) -> str | None:
    if scene.region not in _LISTS or "disclosure" in scene.heading:
        return None
    return scene.heading.get("blogroll") or (scene.lead.get("blogroll") if scene.region is Region.SIDEBAR else None)


def blogroll_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.close & _BLOGROLL_MARKUP
    return min(found) if found and scene.region in _LISTS else None


def side_list(scene: Scene, tables: Tables) -> str | None:
    """A text link in a list beside the main text, to a site that is no platform."""
    placement = scene.placement
    if scene.region is not Region.SIDEBAR or placement.image or "list" not in placement.context.within:
        return None
    return None if tables.is_platform(scene.host) else "list item"


def feed_item(scene: Scene, _: Tables) -> str | None:
    """A headline of somebody else's feed, shown beside the text."""
    found = scene.markup & _FEED_MARKUP
    if found and scene.region in _BESIDE and len(scene.placement.anchor.split()) > 2:
        return min(found)
    return None


def links_page(scene: Scene, _: Tables) -> str | None:
    """The page is a page of links by its address or its title; a box there that looks like a menu is a list of them."""
    by_shape = scene.region in (Region.NAV, Region.SIDEBAR) and scene.placement.region_rule in _BY_SHAPE
    if scene.region not in (Region.BODY, Region.LIST, Region.OTHER) and not by_shape:
        return None
    found = _LINKS_PAGE.search(scene.page_path)
    return found.group() if found else scene.title.get("blogroll")


def in_list(scene: Scene, _: Tables) -> str | None:
    return scene.placement.region_rule or "list" if scene.region is Region.LIST else None


def list_item_in_text(scene: Scene, _: Tables) -> str | None:
    """An item of a list in the main text."""
    within = scene.placement.context.within
    return "list item" if scene.region is Region.BODY and ("list" in within or "cell" in within) else None


def reference_heading(scene: Scene, _: Tables) -> str | None:
    if scene.region not in _REFERENCES:
        return None
    return scene.heading.get("reference") or scene.heading.get("source")


def partner_heading(scene: Scene, _: Tables) -> str | None:
    return scene.lead.get("partner") or scene.heading.get("partner")


def partner_row(scene: Scene, tables: Tables) -> str | None:
    """In page furniture a label of partners stands some way before, in plain words: "Partner sites"."""
    return None if partner_heading(scene, tables) else _label_before(scene, _PARTNER_ROW, _PARTNER_PARTS)


def exchange_row(scene: Scene, _: Tables) -> str | None:
    """The same with a label of exchanged links."""
    return _label_before(scene, _EXCHANGE_ROW, _EXCHANGE_PARTS)


def blogroll_row(scene: Scene, tables: Tables) -> str | None:
    """The same with a label of links to read."""
    return None if blogroll_heading(scene, tables) else _label_before(scene, _BLOGROLL_ROW, _BLOGROLL_PARTS)


def _label_before(scene: Scene, label: re.Pattern[str], parts: tuple[str, ...]) -> str | None:
    """What the expression finds shortly before the anchor; no text has it that has none of the parts."""
    if scene.region not in _ROWS:
        return None
    before = scene.placement.context.before[-_ROW_CHARS:]
    found = label.search(before) if holds_any(before.lower(), parts) else None
    return found.group().lower() if found else None


def partner_page(scene: Scene, _: Tables) -> str | None:
    """The page's address says that it lists partners, sponsors or members."""
    found = _PARTNER_PAGE.search(scene.page_path) if scene.region in (Region.BODY, Region.LIST, Region.OTHER) else None
    return found.group().strip("/") if found else None


def partner_words(scene: Scene, _: Tables) -> str | None:
    return scene.near.get("partner") or scene.anchor.get("partner") or scene.block.get("partner")


def supported_by(scene: Scene, _: Tables) -> str | None:
    """The sentence says that the target supports, funds or sponsors what the page is about; some verbs come last."""
    context = scene.placement.context
    # What the first expression finds ends in a blank or an apostrophe; it is no quick one.
    if scene.region in (Region.COMMENT, Region.NAV) or not context.sentence or not _OPEN.search(context.before[-1:]):
        return None
    if not _AGENT.search(context.before[-40:]):
        return None
    found = _SUPPORTS.search(context.before[-60:]) or _SUPPORTS.search(context.after[:40])
    return found.group().lower() if found else None


def partner_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.close & _PARTNER_MARKUP
    return min(found) if found and scene.region is not Region.COMMENT else None


def logo_outside_text(scene: Scene, tables: Tables) -> str | None:
    """A picture that leads out, from page furniture or a sidebar."""
    if not scene.placement.image or scene.region not in (
        Region.FOOTER,
        Region.HEADER,
        Region.SIDEBAR,
        Region.OTHER,
        Region.NAV,
    ):
        return None
    return None if tables.is_platform(scene.host) or tables.badges.match(scene.host) else f"picture in {scene.region}"


def typed_item(scene: Scene, _: Tables) -> str | None:
    """An item of a list that was typed with its numbers or bullets in the main text."""
    if scene.region not in (Region.BODY, Region.LIST, Region.OTHER):
        return None
    found = _TYPED_ITEM.search(scene.placement.context.before[-8:])
    return found.group().strip() if found else None


def directory_words(scene: Scene, _: Tables) -> str | None:
    return scene.near.get("directory") or scene.anchor.get("directory") or scene.heading.get("directory")


def directory_page(scene: Scene, _: Tables) -> str | None:
    if scene.region not in (Region.BODY, Region.LIST, Region.SIDEBAR, Region.OTHER):
        return None
    found = _DIRECTORY_PATH.search(scene.page_path)
    return found.group() if found else scene.title.get("directory")


def page_about_target(scene: Scene, _: Tables) -> str | None:
    """The page's own address ends in the target's name: a profile or listing of it."""
    if scene.region in _FURNITURE:
        return None
    slug = squeeze(scene.page_path.rstrip("/").rpartition("/")[2].partition(".")[0])
    address = scene.placement.target_url.partition("://")[2][:_NAMED_CHARS]
    if not MIN_BRAND <= len(slug) <= len(address) or slug == squeeze(scene.page_label):
        return None
    return slug if bears(address, slug) else None


def exchange_words(scene: Scene, _: Tables) -> str | None:
    places = (scene.lead, scene.heading, scene.near, scene.block, scene.anchor)
    return next((hits["exchange"] for hits in places if "exchange" in hits), None)


def exchange_page(scene: Scene, _: Tables) -> str | None:
    """The page offers link exchange somewhere."""
    return scene.title.get("exchange") or scene.notice.get("exchange")


def exchange_markup(scene: Scene, _: Tables) -> str | None:
    found = scene.markup & _EXCHANGE_MARKUP
    if not found and scene.placement.region_rule == "word:friend-link":
        return scene.placement.region_rule
    return min(found) if found else None


def ring_address(scene: Scene, _: Tables) -> str | None:
    """The target's address is that of a web ring, whose members link each other."""
    found = _RING.search(scene.placement.target_url)
    return found.group().lower() if found else None


def arranged(scene: Scene, tables: Tables) -> bool:
    """A heading, a label or the markup says what the links of the row are: that tells more than the place."""
    rows = (partner_heading, partner_row, exchange_row, blogroll_row, exchange_markup)
    return any(ask(scene, tables) is not None for ask in rows)


SIGNALS = {
    "blogroll-heading": blogroll_heading,
    "blogroll-markup": blogroll_markup,
    "side-list": side_list,
    "feed-item": feed_item,
    "links-page": links_page,
    "in-list": in_list,
    "list-item-in-text": list_item_in_text,
    "typed-item": typed_item,
    "reference-heading": reference_heading,
    "partner-heading": partner_heading,
    "partner-row": partner_row,
    "exchange-row": exchange_row,
    "blogroll-row": blogroll_row,
    "ring-address": ring_address,
    "partner-page": partner_page,
    "partner-words": partner_words,
    "supported-by": supported_by,
    "partner-markup": partner_markup,
    "logo-outside-text": logo_outside_text,
    "directory-words": directory_words,
    "directory-page": directory_page,
    "page-about-target": page_about_target,
    "exchange-words": exchange_words,
    "exchange-page": exchange_page,
    "exchange-markup": exchange_markup,
}
