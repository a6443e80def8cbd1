"""Positive evidence that somebody chose to point at the target for the sake of their text or readers."""

import re

from linkcrawler.vocabulary import Kind, Region
from pipelines.evidence.hosts import MIN_BRAND, bears, holds_any, news_word_of, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_TEXT = (Region.BODY, Region.LIST, Region.OTHER)
_ASIDE = (Region.SIDEBAR, Region.RELATED, Region.AD, Region.HEADER)
_ADDRESS = re.compile(r"^(?:https?://|www\.)|^[\w.-]+\.[a-z]{2,}(?:/\S*)?$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„«»「」『』]")
_WIKIS = frozenset(
    ("mediawiki", "dokuwiki", "moinmoin", "twiki", "wikidot", "fandom", "sphinx", "mkdocs", "docusaurus")
)
ASIDE_WORDS = 8
PARAGRAPH_WORDS = 15
_BARS = re.compile(r"\s[|•·»]\s")
_BAR_SIGNS = ("|", "•", "·", "»")
_CASED = re.compile(r"[a-zа-яα-ω]")
MAX_BARS = 2
ROW_SHARE = 0.15
"""Of the words of a sentence fewer never begin small, in languages that know capitals; German's nouns are a third."""
MIN_WORDS = 6
"""Words beside the anchor that make running text."""
INTRODUCING_WORDS = 5
"""Fewer before a colon are a label ("Author website:"), not a clause."""
_SENTENCE_END = re.compile(r"[.!?。！？]\s")
_FIRST = re.compile(
    r"(?i)\b(?:originally (?:published|appeared|posted)|first (?:published|appeared)|reprinted from|"
    r"republished (?:from|with)|"
    r"(?:zuerst|zunächst|ursprünglich|erstmals) (?:\w+ ){0,3}(?:erschienen|veröffentlicht|erschien)|"
    r"(?:initialement|d'abord) (?:publié|paru)e?|(?:publicado|apareció) originalmente|pubblicato originariamente|"
    r"publicado originalmente|oorspronkelijk (?:verschenen|gepubliceerd)|(?:pierwotnie|po raz pierwszy) opublikowan\w+|"
    r"(?:ursprungligen|först) publicerad|oprindeligt (?:bragt|udgivet)|(?:впервые|первоначально) опубликован\w*)\b"
)
_FIRST_WORDS = (
    "original", "originariam", "first ", "reprinted", "republished", "zuerst", "zunächst", "ursprünglich", "erstmals",
    "initialement", "d'abord", "oorspronkelijk", "pierwotnie", "pierwszy", "ursprungligen", "först", "oprindeligt",
    "впервые", "первоначально",
)  # fmt: skip
"""Of these each such sentence has one: seen in a tenth of the time that the expression takes."""
_MORE = re.compile(
    r"(?i)(?<!\w)(homepage|web ?site|web ?seite|internet ?seite|sit(?:e|io|o) (?:web|internet)|"
    r"strona (?:www|internetowa)|info(?:s|rmation|rmations|rmationen|rmazioni|rmatie|rmacje)?|"
    r"informaci(?:ón|ones)|informações|informacji)"
    r"(?: (?:unter|auf|bei|über|at|on|via|from|of|der|des|von|sur|en|su|na|pod|op))?\s*:?\s*$"
)
_MORE_PARTS = ("homepage", "site", "seite", "sito", "sitio", "strona", "info")
"""One of these is in whatever the expression finds."""
_LABELS = ("credit", "share", "account", "legal", "source", "pingback", "own", "offer")
"""Kinds of phrases that before a colon say something of their own."""
SIGNATURES = frozenset(("signature", "sig", "signatur", "usersig", "postsignature"))
_NO_PROSE = (Region.NAV, Region.HEADER, Region.FOOTER, Region.AD)


def in_sentence(scene: Scene, _: Tables) -> str | None:
    """The anchor is part of a sentence of the main text."""
    return scene.placement.context.sentence[:120] if scene.region in _TEXT and runs(scene) else None


def runs(scene: Scene) -> bool:
    """The anchor's words are part of a sentence, whatever the region."""
    sentence, anchor = scene.placement.context.sentence, scene.placement.anchor
    if not sentence or not _worded(scene) or _bars(sentence) > MAX_BARS:
        return False
    return len(sentence) - len(anchor) >= 20 or len(sentence.split()) - len(anchor.split()) >= MIN_WORDS


def _bars(text: str) -> int:
    return len(_BARS.findall(text)) if holds_any(text, _BAR_SIGNS) else 0


def in_paragraph(scene: Scene, _: Tables) -> str | None:
    """The anchor has a good deal of text around it in its own paragraph of the main text."""
    if scene.region not in _TEXT or not _worded(scene):
        return None
    beside = len(scene.placement.context.block.split()) - len(scene.placement.anchor.split())
    return f"{beside} words" if beside >= PARAGRAPH_WORDS else None


def words_in_text(scene: Scene, _: Tables) -> str | None:
    """A worded link in the main text."""
    return scene.placement.anchor[:60] if scene.region in (Region.BODY, Region.LIST) and _worded(scene) else None


def in_sentence_aside(scene: Scene, _: Tables) -> str | None:
    """Part of a long running sentence, though not in what was read as the main text; not in a box marked as paid."""
    if scene.region not in _ASIDE or not scene.placement.context.sentence:
        return None
    context = scene.placement.context
    if not _worded(scene) or not context.before.strip() or not context.after.strip():
        return None
    if "disclosure" in scene.heading or "disclosure" in scene.lead:
        return None
    beside = len(context.sentence.split()) - len(scene.placement.anchor.split())
    return context.sentence[:120] if beside >= ASIDE_WORDS and not _is_row(context.sentence) else None


def picture_in_text(scene: Scene, _: Tables) -> str | None:
    """A picture in the main text that leads out."""
    return (
        "picture"
        if scene.region in (Region.BODY, Region.LIST) and scene.placement.image and not _worded(scene)
        else None
    )


def _is_row(text: str) -> bool:
    """Names in a row, parted by bars or dots or all capitalized: no sentence, though it reads like one to a machine."""
    if _bars(text) > MAX_BARS:
        return True
    if not _CASED.search(text):
        return False
    words = [word for word in text.split() if word[0].isalpha()]
    return len(words) >= MIN_WORDS and sum(word[0].islower() for word in words) < ROW_SHARE * len(words)


def _worded(scene: Scene) -> bool:
    """The anchor has words of its own: around a picture there is text, but it is no part of it. Map areas are named."""
    placement = scene.placement
    return bool(placement.anchor) and (not placement.image or placement.kind is Kind.AREA)


def cites(scene: Scene, _: Tables) -> str | None:
    """Words of citing in the sentence: according to, reported, a study."""
    return scene.near.get("citation") if scene.region in _TEXT and _worded(scene) else None


def source_named(scene: Scene, _: Tables) -> str | None:
    """Source, via, photo by: right before the anchor, or as the anchor."""
    if scene.region not in (*_TEXT, Region.BIO, Region.SIDEBAR):
        return None
    return scene.lead.get("source") or scene.anchor.get("source")


def introduced(scene: Scene, _: Tables) -> str | None:
    """A clause of its own, ended by a colon, leads up to the link: "here are a few that I found useful:"."""
    if scene.region in _NO_PROSE:
        return None
    before = scene.placement.context.before.rstrip()
    if not before.endswith((":", "：")) or not _worded(scene):
        return None
    if any(kind in scene.lead for kind in _LABELS) or scene.markup & SIGNATURES:
        return None
    clause = _SENTENCE_END.split(before)[-1]
    return clause[-120:] if len(clause.split()) >= INTRODUCING_WORDS else None


def more_there(scene: Scene, _: Tables) -> str | None:
    """The words before send readers on: "More information:", "Homepage:", "on the web site of"."""
    if scene.region not in _TEXT:  # elsewhere neither of the two below says anything
        return None
    before = scene.placement.context.before[-40:]
    if before.isascii() and not holds_any(before.lower(), _MORE_PARTS):
        return None
    found = _MORE.search(before)
    return found[1] if found and (names_target(scene, _) or anchor_is_address(scene, _)) else None


def read_on(scene: Scene, tables: Tables) -> str | None:
    """The anchor sends readers on to the whole of what the text tells: "full story", "original article"."""
    if scene.region not in _TEXT or scene.same_site or tables.retail.match(scene.host):
        return None
    return scene.anchor.get("more") if scene.path.strip("/") else None


def republished(scene: Scene, _: Tables) -> str | None:
    """The words before say that the text appeared elsewhere first (rule 13)."""
    if scene.region not in (*_TEXT, Region.BIO):
        return None
    said = f"{scene.placement.context.before[-90:]} {scene.placement.anchor}"
    folded = said.casefold()
    found = _FIRST.search(said) if holds_any(folded, _FIRST_WORDS) else None
    return found.group().lower() if found else None


def named_publisher(scene: Scene, _: Tables) -> str | None:
    """A particular page under its publisher's bare name, beside the words that rest on it: how sources are credited."""
    if scene.region not in _TEXT or not _worded(scene) or scene.same_site or not scene.target.deep:
        return None
    anchor, block = scene.placement.anchor, scene.placement.context.block
    if len(block.split()) - len(anchor.split()) < MIN_WORDS:
        return None
    name = squeeze(anchor)
    named = len(name) >= MIN_BRAND and name in (scene.target.name, squeeze(scene.target.site), squeeze(scene.host))
    return anchor[:60] if named else None


def recommends(scene: Scene, _: Tables) -> str | None:
    return scene.near.get("recommend") if scene.region in _TEXT else None


def quotes(scene: Scene, _: Tables) -> str | None:
    if scene.region not in _TEXT or not scene.placement.context.sentence:
        return None
    if "quote" in scene.placement.context.within:
        return "in a quotation"
    found = _QUOTED.findall(scene.placement.context.sentence)
    return "quotation marks in the sentence" if len(found) > 1 else None


def leads_deep(scene: Scene, _: Tables) -> str | None:
    """From the main text to a particular page, not to a front page."""
    if scene.region in _TEXT and _worded(scene) and scene.target.deep:
        return scene.path[:60]
    return None


def leads_to_front_page(scene: Scene, _: Tables) -> str | None:
    return scene.host if scene.region in _TEXT and scene.path in ("", "/") and not scene.query else None


def names_target(scene: Scene, _: Tables) -> str | None:
    """In the main text the anchor is the target's name."""
    if scene.region not in _TEXT or len(scene.target.name) < MIN_BRAND:
        return None
    label, anchor = scene.target.name, scene.placement.anchor
    short = len(squeeze(anchor)) < MIN_BRAND
    return anchor[:60] if bears(anchor, label) or (not short and bears(scene.label, anchor)) else None


def anchor_is_address(scene: Scene, _: Tables) -> str | None:
    if scene.region not in _TEXT:
        return None
    anchor = scene.placement.anchor
    return anchor[:60] if ("." in anchor or "://" in anchor) and _ADDRESS.match(anchor) else None


def pasted_address(scene: Scene, tables: Tables) -> str | None:
    """The bare address of a particular page in the main text: no template writes it."""
    if scene.region not in _TEXT or not scene.target.deep:
        return None
    return None if tables.is_platform(scene.host) else anchor_is_address(scene, tables)


def public_source(scene: Scene, tables: Tables) -> str | None:
    """A scholarly, official or reference site, linked from the main text."""
    if scene.region not in (*_TEXT, Region.COMMENT, Region.SIDEBAR):
        return None
    if found := tables.reference_hosts.match(scene.host, scene.path):
        return found
    return scene.host if tables.reference_labels.search(scene.host) else None


def stock_credit(scene: Scene, tables: Tables) -> str | None:
    """A source of free pictures that asks for the credit."""
    return tables.stock.match(scene.host, scene.path) or None if scene.region in (*_TEXT, Region.BIO) else None


def news_source(scene: Scene, tables: Tables) -> str | None:
    if scene.region not in _TEXT or not scene.path.strip("/"):
        return None
    return news_word_of(scene.label, tables.news_words) or None


def footnote(scene: Scene, _: Tables) -> str | None:
    return "footnote" if "footnote" in scene.placement.context.within else None


def reference_engine(scene: Scene, _: Tables) -> str | None:
    return scene.page.engine if scene.page.engine in _WIKIS and scene.region in _TEXT else None


def text_without_sentence(scene: Scene, _: Tables) -> str | None:
    """In the main text, but alone: a button, a caption, a name in a row."""
    if scene.region in (Region.BODY, Region.OTHER) and not scene.placement.context.sentence:
        return "picture" if scene.placement.image else "stands alone"
    return None


def long_article(scene: Scene, _: Tables) -> str | None:
    """The page is an article with many sources."""
    if (
        scene.region in _TEXT
        and scene.page.main_words > 300
        and scene.page.external_domains >= 5
        and scene.placement.context.sentence
        and _worded(scene)
    ):
        return f"{scene.page.main_words} words, {scene.page.external_domains} other domains"
    return None


SIGNALS = {
    "in-sentence": in_sentence,
    "in-paragraph": in_paragraph,
    "words-in-text": words_in_text,
    "in-sentence-aside": in_sentence_aside,
    "picture-in-text": picture_in_text,
    "cites": cites,
    "source-named": source_named,
    "introduced": introduced,
    "more-there": more_there,
    "read-on": read_on,
    "republished": republished,
    "named-publisher": named_publisher,
    "recommends": recommends,
    "quotes": quotes,
    "leads-deep": leads_deep,
    "leads-to-front-page": leads_to_front_page,
    "names-target": names_target,
    "anchor-is-address": anchor_is_address,
    "pasted-address": pasted_address,
    "public-source": public_source,
    "stock-credit": stock_credit,
    "news-source": news_source,
    "footnote": footnote,
    "reference-engine": reference_engine,
    "text-without-sentence": text_without_sentence,
    "long-article": long_article,
}
