"""The same badge or credit line on unrelated sites; and a block that one site repeats on its pages."""

from collections.abc import Iterator

from linkcrawler.urls import digest
from linkcrawler.vocabulary import Region
from pipelines.evidence.hosts import MIN_BRAND, squeeze
from pipelines.patterns.groups import Bases, Group
from pipelines.patterns.records import Finding, mark
from pipelines.patterns.settings import Settings
from pipelines.patterns.subject import WRITTEN, Subject, is_brand, words_in
from pipelines.stores.fold import fold_text

EMBED, SITEWIDE = "e", "w"
_LINE_WORDS = 16
"""A credit line is short."""
_OWN_MARKUP = 3
"""Markup words that belong to the element itself and its wrapper."""


def marks(subject: Subject, _: Settings) -> Iterator[str]:
    if not subject.followable:
        return
    if code := _code_of(subject):
        yield mark(f"{EMBED}:{subject.target_id}:{digest(*code)}", subject.site, subject.day)
    region = subject.placement.region
    if region not in WRITTEN and region is not Region.COMMENT:
        yield mark(f"{SITEWIDE}:{subject.target_id}:{digest(subject.site, region, subject.anchor)}", subject.site)


def _code_of(subject: Subject) -> tuple[str, ...]:
    """What all copies of one snippet share; empty if this is none.

    An image with more than the target's name in its text, or in a box that bears the target's name (a logo in a box
    of the site's own is chosen by the site). Outside written text, a short line with words beside the anchor.
    """
    placement = subject.placement
    markup = placement.markup.split()[:_OWN_MARKUP]
    if placement.image:
        named = len(subject.target_label) >= MIN_BRAND and subject.target_label in squeeze(" ".join(markup))
        said = fold_text(placement.title) or subject.anchor
        if named or (words_in(said) > 1 and not is_brand(said, subject)):
            return "image", said, *markup
        return ()
    if placement.region in WRITTEN or placement.region is Region.COMMENT:
        return ()
    line = fold_text(placement.context.block)
    beside = words_in(line) - words_in(subject.anchor)
    return ("line", line) if subject.anchor in line and beside > 0 and words_in(line) <= _LINE_WORDS else ()


def read(group: Group, _: Bases, settings: Settings) -> Finding | None:
    if group.sites < settings.limits.least_sites:
        return None
    return Finding("repeated-embed", f"the same badge or line on {group.sites} sites: {group.named()}")


def read_sitewide(group: Group, _: Bases, settings: Settings) -> Finding | None:
    if group.links < settings.limits.sitewide_pages:
        return None
    return Finding("sitewide-block", f"the same block on {group.links} pages of the site")
