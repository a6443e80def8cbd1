"""Words of users: comments, forum posts, signatures, profiles, pingbacks."""

import re

from linkcrawler.vocabulary import Region
from pipelines.evidence.citation import SIGNATURES
from pipelines.evidence.hosts import MIN_BRAND, bears, news_word_of, squeeze
from pipelines.evidence.scene import Scene
from pipelines.evidence.tables import Tables

_AUTHOR_LINK = frozenset(["url", "fn", "commentauthor", "commenter", "nickname", "authorname"])
_AUTHOR_PAIR = (frozenset(("comment", "author")), frozenset(("comment", "vcard")))
_MEMBER_MENU = frozenset(("memberaction", "postprofile", "posterprofile", "memberinfo"))
_TWEET = frozenset(("twitter", "tweet"))
_INSTAGRAM = frozenset(("instagram", "media"))
_INVITES = re.compile(r"leave|write|add|schreib|hinterlass|hinzuf|laisse|deja|lascia|deixe|skriv|napisz|dodaj|оставить")
"""Asks for a comment: the heading of the form below the text, not of a list of comments beside it."""
_RECENT = frozenset(["recentcomments", "recent_comments"])
_PLACES_OF_NAMES = (Region.COMMENT, Region.OTHER, Region.BODY, Region.SIDEBAR)
_PLACES_OF_PROFILES = (Region.BODY, Region.BIO, Region.COMMENT)
_PROFILE_PATH = re.compile(r"/(?:members?|users?|u|profile|profil)/|/member\.php")
_THREAD_PATH = re.compile(
    r"viewtopic|showthread|/threads?/|/topic/\d|/t/\d|/t/[^/]+/\d|viewforum|/forums?/|/questions/\d|/comments/|/discussions?(?:/|$)"
)
_ENGINES = frozenset(
    [
        "phpbb",
        "vbulletin",
        "xenforo",
        "discourse",
        "mybb",
        "smf",
        "ipb",
        "invision",
        "vanilla",
        "flarum",
        "punbb",
        "woltlab",
        "stackexchange",
        "reddit",
    ]
)
_SENTENCE_WORDS = 8
_LONG_COMMENT = 12
"""Words a comment needs before its link can serve an argument."""


def in_comment(scene: Scene, _: Tables) -> str | None:
    if scene.region is not Region.COMMENT or is_embed(scene):
        return None
    return scene.placement.region_rule or "comment"


def commenter_name(scene: Scene, _: Tables) -> str | None:
    """The name above a comment, linked: blog software links what the commenter typed as their site."""
    placement = scene.placement
    named = scene.region is Region.COMMENT or not placement.context.sentence
    if named and scene.close & _AUTHOR_LINK and scene.region in _PLACES_OF_NAMES:
        return f"class {min(scene.close & _AUTHOR_LINK)}"
    if scene.region is Region.COMMENT:
        owner, anchor = squeeze(placement.context.owner), squeeze(placement.anchor)
        alone = squeeze(placement.context.sentence).startswith(anchor) or not placement.context.sentence
        if anchor and owner.startswith(anchor) and alone:
            return placement.anchor[:60]
    in_widget = scene.region in (Region.COMMENT, Region.OTHER) or recent_comments(scene, _) is not None
    if in_widget and "external" in placement.rel and "nofollow" in placement.rel and not placement.context.sentence:
        return 'rel="external nofollow"'
    return None


def is_embed(scene: Scene) -> bool:
    """A post of a network, shown within the text: whoever wrote the page put it there."""
    return scene.close >= _TWEET or scene.close >= _INSTAGRAM


def embedded_post(scene: Scene, _: Tables) -> str | None:
    """A post of a network that the page shows."""
    return "class of an embedded post" if is_embed(scene) else None


def commenter_markup(scene: Scene, _: Tables) -> str | None:
    if found := scene.markup & _MEMBER_MENU:
        return f"class {min(found)}"
    return next(("class " + "-".join(sorted(pair)) for pair in _AUTHOR_PAIR if pair <= scene.close), None)


def recent_comments(scene: Scene, _: Tables) -> str | None:
    """A sidebar list of comments repeats the commenters' names."""
    if scene.markup & _RECENT or {"recent", "comments"} <= scene.markup:
        return "recent comments"
    if scene.region is not Region.SIDEBAR or scene.placement.image:
        return None
    said = scene.heading.get("comment")
    return None if said is None or _INVITES.search(said) else said


def pingback(scene: Scene, _: Tables) -> str | None:
    if {"pingback"} & scene.markup or {"trackback"} & scene.markup:
        return "class pingback"
    return (
        scene.lead.get("pingback")
        or scene.near.get("pingback")
        or scene.heading.get("pingback")
        or scene.owner.get("pingback")
    )


def signature(scene: Scene, _: Tables) -> str | None:
    if "share" in scene.anchor:
        return None
    found = scene.markup & SIGNATURES
    return f"class {min(found)}" if found else None


def profile_page(scene: Scene, _: Tables) -> str | None:
    found = _PROFILE_PATH.search(scene.page_path) if scene.region in _PLACES_OF_PROFILES else None
    return found.group() if found else None


def forum_thread(scene: Scene, _: Tables) -> str | None:
    if scene.region in (Region.NAV, Region.HEADER, Region.FOOTER, Region.SIDEBAR, Region.AD):
        return None
    if scene.page.engine in _ENGINES:
        return scene.page.engine
    found = _THREAD_PATH.search(scene.page_path)
    return found.group() if found else None


def comment_argues(scene: Scene, _: Tables) -> str | None:
    """The link serves what a commenter says: it stands in their words and bears no name of theirs."""
    if scene.region is not Region.COMMENT or "legal" in scene.anchor or "own" in scene.near or is_embed(scene):
        return None
    if scene.placement.hidden or scene.markup & _MEMBER_MENU or signature(scene, _):
        return None
    if commenter_name(scene, _) or user_names_target(scene, _):
        return None
    context = scene.placement.context
    if len(scene.path) > 1:
        around = len(f"{context.before} {context.after}".split())
        return "in the words of a comment" if context.sentence or around >= _LONG_COMMENT else None
    beside = len(context.sentence.split()) - len(scene.placement.anchor.split())
    return "in a sentence of a comment" if beside >= _SENTENCE_WORDS and context.after.strip() else None


def comment_to_front_page(scene: Scene, _: Tables) -> str | None:
    """From a comment to somebody's front page, in no sentence."""
    if scene.region is not Region.COMMENT or scene.path not in ("", "/") or scene.query or comment_argues(scene, _):
        return None
    return scene.host


def comment_cites_source(scene: Scene, tables: Tables) -> str | None:
    """From a comment to a particular page of a news, public or reference site."""
    if scene.region is not Region.COMMENT or scene.path.count("/") < 2:
        return None
    if found := tables.reference_hosts.match(scene.host, scene.path):
        return found
    return news_word_of(scene.label, tables.news_words) or None


def user_names_target(scene: Scene, _: Tables) -> str | None:
    """The user's name is the target's name."""
    if scene.region is not Region.COMMENT:
        return None
    named = len(scene.target.name) >= MIN_BRAND and bears(scene.placement.context.owner, scene.label)
    return scene.label if named else None


SIGNALS = {
    "in-comment": in_comment,
    "commenter-name": commenter_name,
    "embedded-post": embedded_post,
    "commenter-markup": commenter_markup,
    "recent-comments": recent_comments,
    "pingback": pingback,
    "signature": signature,
    "profile-page": profile_page,
    "forum-thread": forum_thread,
    "comment-argues": comment_argues,
    "comment-to-front-page": comment_to_front_page,
    "comment-cites-source": comment_cites_source,
    "user-names-target": user_names_target,
}
